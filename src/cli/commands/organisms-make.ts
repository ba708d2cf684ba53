// mesascope organisms make: a population of sealed agents by a plan, with its price told first, to be continued when interrupted.

import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { PopulationPlan } from "../../core/organisms/plan.ts";
import type { MadePopulation, MakeEvent, MakeOptions } from "../../node/organisms/make-population.ts";
import type { PopulationPrice } from "../../node/organisms/price-population.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import { count, duration, trainingBar } from "../format.ts";
import { ProgressBoard } from "../progress-board.ts";
import type { Terminal } from "../terminal.ts";

interface MakeCommandOptions extends CommonOptions {
  readonly plan: string;
  readonly out?: string;
  readonly labels?: string;
  readonly workers?: number;
  readonly attempts: number;
  readonly price?: true;
}

export function organismsMakeCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "make",
    summary: "make a population of sealed agents",
    description:
      "Trains the agents of a plan, verifies each, and seals it: --out holds what an auditor may know, --labels what each one is, committed to\n" +
      "by hash. One that is not what it should be is tried again with another seed, and reported. Tells the price first.\n" +
      "Interrupted with Ctrl-C, it keeps what is trained; the same command continues.",
    seed: "decides the weights of all agents",
    examples: [
      "organisms make --plan quick --out population",
      "organisms make --plan default --price",
      "organisms make --plan my-plan.json --out population --workers 4",
    ],
  })
    .option("--plan <name>", "default, quick, second, or a file (JSON)", "default")
    .option("--out <dir>", "the population's folder")
    .option("--labels <dir>", "the folder of the labels, not within --out (default: --out with .labels after it)")
    .option("--workers <number>", "threads at a time (default: one per core)", integerFrom(1, 256))
    .option("--attempts <number>", "tries per agent, each with another seed", integerFrom(1, 20), 3)
    .option("--price", "tell what it would cost, and make nothing")
    .addHelpText("after", planHelp)
    .action(async (options: MakeCommandOptions) => {
      const plan = await readPlan(options.plan);
      const { interruptSignal } = await import("../../node/interrupt.ts");
      const interrupt = interruptSignal();
      try {
        await make(plan, { options, terminal, signal: interrupt.signal });
      } finally {
        interrupt.restore();
      }
    });
}

const planHelp = `
A plan of your own ("mesascope schema population-plan" says what may stand in it; --plan quick --price --json prints one as "plan"):
  { "schema": "mesascope/population-plan@1", "name": "mine", "groups": [
    { "organism": "corner/aligned", "preset": "quick", "hyperparameters": "varied", "count": 3 },
    { "organism": "keys/keys", "preset": "quick", "network": "gru", "hyperparameters": "plain", "count": 1 } ] }
`;

async function readPlan(name: string): Promise<PopulationPlan> {
  const { findPopulationPlan } = await import("../../core/organisms/population-plans.ts");
  const known = findPopulationPlan(name);
  if (known) return known;
  const { parsePlan } = await import("../../core/organisms/plan.ts");
  const { readJson, requireGiven } = await import("../../node/storage/files.ts");
  await requireGiven(name, "default, quick, second, or a plan of your own (JSON)");
  return parsePlan(await readJson(name), name);
}

async function make(
  plan: PopulationPlan,
  run: { readonly options: MakeCommandOptions; readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<void> {
  const { options, terminal, signal } = run;
  const { out, seed, attempts } = options;
  if (out === "" || (out === undefined && !options.price)) {
    throw new MesascopeError(
      "usage",
      "no folder for the population given; expected --out DIR, or --price. Name a folder that does not exist yet.",
    );
  }
  const { allAgents, missingAgents } = await import("../../node/organisms/make-population.ts");
  const { labelsBeside } = await import("../../node/organisms/population-folder.ts");
  const folders = out === undefined ? null : { out, labels: options.labels ?? labelsBeside(out) };
  if (folders !== null) await findUsable(folders, { ...run, plan });
  const missing = folders === null ? allAgents({ plan, seed }) : await missingAgents({ ...folders, plan, seed, attempts });
  const price = await priceOf(missing, signal);
  if (options.price || folders === null) {
    if (options.json) return printJson(terminal, { schema: "mesascope/population-price@1", plan, price });
    return terminal.out.write(priceText(price, options));
  }
  if (missing.length > 0) terminal.err.write(priceText(price, options));
  const made = await makeOrExplain(plan, { ...run, ...folders });
  if (options.json) printJson(terminal, { schema: "mesascope/made-population@1", ...made });
  else terminal.out.write(madeText(made, folders));
  if (made.givenUp.length > 0) {
    throw new MesascopeError(
      "check-failed",
      `${made.givenUp.length} agents of the plan are missing: none of ${attempts} attempts became what it should be (${[...new Set(made.givenUp)].join(", ")}). The others are in ${out}; train these with more steps.`,
    );
  }
}

/** Finds out before long work whether the population can be made there; where it is to be made, begins it. */
async function findUsable(
  { out, labels }: Folders,
  { plan, options }: { readonly plan: PopulationPlan; readonly options: MakeCommandOptions },
): Promise<void> {
  const { beginPopulation, begunIn } = await import("../../node/organisms/begin-population.ts");
  const { seed, attempts } = options;
  await (options.price ? begunIn : beginPopulation)({ folder: out, labels }, { plan, seed, attempts });
}

async function priceOf(
  missing: Parameters<typeof import("../../node/organisms/price-population.ts").pricePopulation>[0],
  signal: AbortSignal,
): Promise<PopulationPrice> {
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const { pricePopulation } = await import("../../node/organisms/price-population.ts");
  return pricePopulation(missing, { engine: await createOnnxEngine(), signal });
}

function priceText({ agents, environmentSteps, coreSeconds }: PopulationPrice, { plan, workers }: MakeCommandOptions): string {
  const threads = workers === undefined || workers === 1 ? "" : `, ${duration(coreSeconds / workers)} on ${workers} free ones`;
  return `Plan ${plan}: ${count(agents)} agents to train, ${count(environmentSteps)} environment steps, about ${duration(coreSeconds)} of one core${threads}.\n`;
}

async function makeOrExplain(
  plan: PopulationPlan,
  run: Folders & { readonly options: MakeCommandOptions; readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<MadePopulation> {
  const { options, terminal, signal, out, labels } = run;
  const { makePopulation } = await import("../../node/organisms/make-population.ts");
  const command = typedCommand(options);
  const board = new ProgressBoard(terminal.err, ["population"]);
  const rows = new TrainingRows(board);
  const makeOptions: MakeOptions = {
    ...{ out, labels, plan, seed: options.seed, attempts: options.attempts, signal, command },
    workers: options.workers ?? null,
    onEvent: (event) => rows.show(event),
  };
  try {
    return await makePopulation(makeOptions);
  } catch (error) {
    if (!(error instanceof MesascopeError) || error.code !== "interrupted") throw error;
    throw new MesascopeError("interrupted", `interrupted; what was trained is kept in ${out}. Continue with: ${command}`);
  } finally {
    board.close();
  }
}

/** What continues it: every option that was given. */
function typedCommand({ plan, seed, out, labels, attempts, workers }: MakeCommandOptions): string {
  return [
    `mesascope organisms make --plan ${plan} --seed ${seed} --attempts ${attempts} --out ${out}`,
    ...(labels === undefined ? [] : [`--labels ${labels}`]),
    ...(workers === undefined ? [] : [`--workers ${workers}`]),
  ].join(" ");
}

interface Folders {
  readonly out: string;
  readonly labels: string;
}

/** A row for the whole, and one for each thread: whichever agent it trains now. */
class TrainingRows {
  readonly #board: ProgressBoard;
  /** Which place of the plan each row shows. */
  readonly #rows: (number | null)[] = [];

  constructor(board: ProgressBoard) {
    this.#board = board;
  }

  show(event: MakeEvent): void {
    if (event.kind === "sealed") {
      const { done, total } = event;
      this.#board.update("population", { share: total === 0 ? 1 : done / total, text: `${done} of ${total} made and sealed` });
    } else if (event.kind === "training") {
      const { progress, organism, place } = event;
      const { share, text, extra } = trainingBar(progress);
      const row = this.#rowOf(place);
      this.#board.update(`thread ${row + 1}`, { share, text: `${organism}  ${text}`, ...(extra === undefined ? {} : { extra }) });
      if (progress.environmentSteps >= progress.totalSteps) this.#rows[row] = null;
    } else if (event.kind === "not-kept") this.#board.note(`mesascope: ${event.failure.reason}`);
    else this.#board.note(`mesascope: ${event.text}`);
  }

  #rowOf(place: number): number {
    const own = this.#rows.indexOf(place);
    const row = own >= 0 ? own : this.#rows.includes(null) ? this.#rows.indexOf(null) : this.#rows.length;
    this.#rows[row] = place;
    return row;
  }
}

function madeText({ population, commitment, failures }: MadePopulation, { out, labels }: Folders): string {
  const worlds = new Set(population.agents.map(({ world }) => world.name));
  return (
    `${population.agents.length} sealed agents of ${worlds.size} world${worlds.size === 1 ? "" : "s"} in ${out}, their labels in ${labels}; ${failures.length} were trained and not kept.\n` +
    `Commitment: ${commitment}\n`
  );
}
