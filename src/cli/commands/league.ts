// mesascope league: a blind audit of a sealed population by several auditors, scored when every verdict is written.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { AuditorSource } from "../../node/league/league-messages.ts";
import type { LeaguePopulation } from "../../node/league/league-population.ts";
import type { LeaguePrice } from "../../node/league/price-league.ts";
import type { LeagueResult } from "../../node/league/run-league.ts";
import type { MissingAgent } from "../../node/organisms/make-population.ts";
import type { PopulationPrice } from "../../node/organisms/price-population.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, oneOf, printJson } from "../command.ts";
import { prose } from "../fit-text.ts";
import { count, duration } from "../format.ts";
import { loadPages } from "../load-pages.ts";
import { ProgressBoard } from "../progress-board.ts";
import type { Channel, Terminal } from "../terminal.ts";
import { addUseLabOptions, keepInLab, type UseLabOptions, usedLabFolder } from "../use-lab.ts";

interface LeagueCommandOptions extends CommonOptions, UseLabOptions {
  readonly plan: PlanName;
  readonly auditors?: readonly string[];
  readonly auditor?: readonly string[];
  readonly budgets?: readonly number[];
  readonly out: string;
  readonly labels?: string;
  readonly workers?: number;
  readonly price?: true;
}

const planNames = ["quick", "default", "second"] as const;
type PlanName = (typeof planNames)[number];
/** Levels per measurement where nothing else is said; the last one is quoted. */
const quickBudgets = [10, 40];
const fullBudgets = [5, 10, 20, 40];
/** Tries per organism that is made, each with another seed. */
const attempts = 3;

export function leagueCommand({ terminal }: Context): Command {
  const described = describeCommand({
    name: "league",
    summary: "score auditors on a sealed population",
    description:
      "Audits every agent of a population blind, with every auditor at every budget, writes the verdicts down and seals them, and only then opens\n" +
      "the labels. Writes league.json, league.csv, league.html and league.svg. Interrupted with Ctrl-C, it goes on with the same command. Where\n" +
      "there is a lab, these files and the verdicts are kept in it too; the population is not (docs/league.md says why).",
    seed: "decides the population that is made, and the levels that auditors draw",
    examples: [
      "league --plan quick",
      "league my-population --auditors battery,majority --budgets 10,40",
      "league my-population --auditor examples/auditors/nearest-item.mjs",
    ],
  })
    .argument("[population]", 'folder of a population (see "organisms make"); without it, one is made by the plan')
    .option("--plan <name>", "what to make: quick, default or second (as default, varied)", oneOf("plan", planNames), "quick")
    .option("--auditors <list>", "some of the league's own, such as battery,majority (default: all)", nameList)
    .option("--auditor <module>", "one of yours, as docs/league.md says; may be given again", collect)
    .option("--budgets <list>", "levels per measurement (default: 10,40 with the plan quick, else 5,10,20,40)", budgetList)
    .option("--out <dir>", "where verdicts and results go", "mesascope-league")
    .option("--labels <dir>", "the population's labels, opened at the end (default: its folder with .labels after it)")
    .option("--workers <number>", "threads at a time (default: one per core)", integerFrom(1, 256))
    .option("--price", "say what it would take, and make and audit nothing")
    .action(async (folder: string | undefined, options: LeagueCommandOptions, command: Command) => {
      if (folder !== undefined && command.getOptionValueSource("plan") === "cli") {
        throw new MesascopeError(
          "usage",
          `${folder} and --plan ${options.plan} given; a plan says what to make, and ${folder} is made. Leave one out.`,
        );
      }
      const lab = await usedLabFolder(options);
      const result = await run(folder ?? null, options, terminal);
      if (result === null) return;
      if (options.json) printJson(terminal, result.document);
      else {
        const { leagueText } = await import("../league-text.ts");
        const { verdictsSha256 } = result.document;
        terminal.out.write(
          `${leagueText(result.document, terminal.out)}\nVerdicts sealed as: ${verdictsSha256}\nWritten: ${join(options.out, "league.html")}\n`,
        );
      }
      if (lab !== null) await keepLeague(lab, { result, options, terminal });
    });
  return addUseLabOptions(described, "keep nothing in it");
}

async function keepLeague(
  lab: string,
  {
    result,
    options,
    terminal,
  }: { readonly result: LeagueResult; readonly options: LeagueCommandOptions; readonly terminal: Terminal },
): Promise<void> {
  const { leagueFiles } = await import("../../node/league/write-league.ts");
  const { verdictFiles } = await import("../../node/league/league-journal.ts");
  const names = [...leagueFiles, ...verdictFiles];
  const files = Object.fromEntries(names.map((name) => [name, join(options.out, name)]));
  const name = result.document.verdictsSha256.slice(0, 12);
  await keepInLab({ folder: lab, terminal, kept: { kind: "league", name, files } });
}

const nameList = (text: string): readonly string[] => text.split(",").map((name) => name.trim());
const collect = (path: string, before: readonly string[] = []): readonly string[] => [...before, path];

function budgetList(text: string): readonly number[] {
  const parse = integerFrom(2, 400);
  const budgets = text.split(",").map((part) => parse(part.trim()));
  if (new Set(budgets).size === budgets.length) return budgets;
  throw new InvalidArgumentError("Expected each number of levels once.");
}

/** Makes or opens the population, says the price, and runs the league. Null where only the price was asked for. */
async function run(folder: string | null, options: LeagueCommandOptions, terminal: Terminal): Promise<LeagueResult | null> {
  const { interruptSignal } = await import("../../node/interrupt.ts");
  if (!options.price) await loadPages(() => import("../../node/league/write-league.ts"));
  const command = typedCommand(folder, options);
  const interrupt = interruptSignal();
  try {
    const { signal } = interrupt;
    // What is wrong with an auditor is said before anything is trained.
    const auditors = await auditorsOf(options);
    const population = await populationOf(folder, { options, signal, terminal, command });
    if (population === null) return null;
    return await league(population, { options, signal, terminal, command, auditors, isMade: folder === null });
  } catch (error) {
    if (!(error instanceof MesascopeError) || error.code !== "interrupted") throw error;
    throw new MesascopeError("interrupted", `interrupted; what was done is kept in ${options.out}. Continue with: ${command}`);
  } finally {
    interrupt.restore();
  }
}

interface Run {
  readonly options: LeagueCommandOptions;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  readonly command: string;
}

/** The auditors that were asked for, tried: each can be loaded, and no two have one name. */
async function auditorsOf({ auditors, auditor: modules = [] }: LeagueCommandOptions): Promise<readonly AuditorSource[]> {
  const { loadEntrants } = await import("../../node/league/league-entrants.ts");
  const own = auditors ?? (await import("../../core/league/auditors/index.ts")).leagueAuditors.map(({ name }) => name);
  const sources: readonly AuditorSource[] = [
    ...own.map((name) => ({ kind: "own" as const, name })),
    ...modules.map((path) => ({ kind: "module" as const, path })),
  ];
  await loadEntrants(sources);
  return sources;
}

async function league(
  population: LeaguePopulation,
  {
    options,
    signal,
    terminal,
    command,
    auditors,
    isMade,
  }: Run & { readonly auditors: readonly AuditorSource[]; readonly isMade: boolean },
): Promise<LeagueResult | null> {
  const { runLeague } = await import("../../node/league/run-league.ts");
  const { priceOf } = await import("../../node/league/price-league.ts");
  const budgets = options.budgets ?? (isMade && options.plan === "quick" ? quickBudgets : fullBudgets);
  const workers = options.workers ?? availableParallelism();
  const channel = terminal.err;
  await warnOfOtherCode(population, channel);
  const { makeFolder } = await import("../../node/storage/files.ts");
  if (!options.price) await makeFolder(options.out);
  const price = await priceOf({ population, auditors, budgets, out: options.out, seed: options.seed, signal });
  channel.write(
    prose(
      `${count(price.audits)} audits of ${population.members.length} organisms to come: about ${duration(price.seconds / workers)} on ${workers} free cores, measured on the first organism of each world.`,
      { channel },
    ),
  );
  if (options.price) {
    printPrice({ making: null, auditing: price }, { options, terminal });
    return null;
  }
  const board = new ProgressBoard(channel);
  try {
    const result = await runLeague({
      ...{ population, auditors, budgets, out: options.out, seed: options.seed, workers, signal, command },
      onProgress: (auditor, { done, of }) =>
        board.update(auditor, { share: done / of, text: `${count(done)} of ${count(of)} audits` }),
    });
    const { writeLeague } = await import("../../node/league/write-league.ts");
    await writeLeague(options.out, result);
    return result;
  } finally {
    board.close();
  }
}

/** Agents of other code are audited all the same, as agents of strangers are; but worlds may have changed since. */
async function warnOfOtherCode(population: LeaguePopulation, channel: Channel): Promise<void> {
  const { codeVersion } = await import("../../node/code-version.ts");
  if (population.codeVersion === codeVersion) return;
  channel.write(
    prose(
      `mesascope: the population was made by the code of version ${population.codeVersion} and is audited by ${codeVersion}; where a world's rules or levels changed between them, labels may not hold any more.`,
      { channel },
    ),
  );
}

/** The population of a folder, or one made by the plan in the folder of results. Null where only the price of making one was asked for. */
async function populationOf(folder: string | null, made: Run): Promise<LeaguePopulation | null> {
  const { openPopulation } = await import("../../node/league/league-population.ts");
  const { labelsBeside } = await import("../../node/organisms/population-folder.ts");
  const out = folder ?? join(made.options.out, "population");
  const labels = made.options.labels ?? labelsBeside(out);
  if (folder === null && !(await makePopulationIn({ out, labels }, made))) return null;
  return openPopulation(out, labels);
}

/** Says the price and makes what is missing. False where only the price was asked for and something is missing. */
async function makePopulationIn(
  folders: { readonly out: string; readonly labels: string },
  { options, signal, terminal, command }: Run,
): Promise<boolean> {
  const { findPopulationPlan } = await import("../../core/organisms/population-plans.ts");
  const { makePopulation, missingAgents } = await import("../../node/organisms/make-population.ts");
  const plan = findPopulationPlan(options.plan)!;
  const { seed } = options;
  const { beginPopulation, begunIn } = await import("../../node/organisms/begin-population.ts");
  const begin = options.price ? begunIn : beginPopulation;
  await begin({ folder: folders.out, labels: folders.labels }, { plan, seed, attempts });
  const missing = await missingAgents({ ...folders, plan, seed, attempts });
  if (missing.length > 0) {
    const price = await trainingPrice(missing, signal);
    const { err } = terminal;
    err.write(
      prose(
        `Plan ${options.plan}: ${count(price.agents)} organisms to train, about ${duration(price.coreSeconds)} of one core. What auditing them takes is measured on the organisms themselves, once they are made.\n`,
        { channel: err },
      ),
    );
    if (options.price) {
      printPrice({ making: price, auditing: null }, { options, terminal });
      return false;
    }
  }
  const board = new ProgressBoard(terminal.err);
  try {
    const { givenUp } = await makePopulation({
      ...{ ...folders, plan, seed, attempts, signal, command, workers: options.workers ?? null },
      onEvent: (event) => {
        if (event.kind === "sealed") {
          board.update("population", {
            share: event.done / event.total,
            text: `${event.done} of ${event.total} made and sealed`,
          });
        } else if (event.kind === "warning") board.note(`mesascope: ${event.text}`);
      },
    });
    if (givenUp.length > 0)
      board.note(
        `mesascope: ${givenUp.length} organisms of the plan did not become what they should be; the league goes on without them.`,
      );
  } finally {
    board.close();
  }
  return true;
}

async function trainingPrice(missing: readonly MissingAgent[], signal: AbortSignal): Promise<PopulationPrice> {
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const { pricePopulation } = await import("../../node/organisms/price-population.ts");
  return pricePopulation(missing, { engine: await createOnnxEngine(), signal });
}

/** With `--json`, the price of what comes first: making the population, or, where it is there, auditing it. */
function printPrice(
  price: {
    readonly making: PopulationPrice | null;
    readonly auditing: LeaguePrice | null;
  },
  { options, terminal }: Pick<Run, "options" | "terminal">,
): void {
  if (options.json) printJson(terminal, { schema: "mesascope/league-price@1", ...price });
}

function typedCommand(folder: string | null, options: LeagueCommandOptions): string {
  return [
    "mesascope league",
    ...(folder === null ? [`--plan ${options.plan}`] : [folder]),
    ...(options.auditors ? [`--auditors ${options.auditors.join(",")}`] : []),
    ...(options.auditor ?? []).map((path) => `--auditor ${path}`),
    ...(options.budgets ? [`--budgets ${options.budgets.join(",")}`] : []),
    `--seed ${options.seed} --out ${options.out}`,
    ...(options.labels === undefined ? [] : [`--labels ${options.labels}`]),
    ...(options.workers === undefined ? [] : [`--workers ${options.workers}`]),
  ].join(" ");
}
