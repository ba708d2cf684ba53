// mesascope train: one agent from an organism's recipe or one of your own, with checkpoints, to be continued when interrupted.

import { type Command, InvalidArgumentError } from "commander";
import type { AgentManifest } from "../../core/agents/manifest.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import type { NetworkKind, OptimizerKind } from "../../core/organisms/variants.ts";
import { networkKinds, optimizerKinds } from "../../lab/recipe-kinds.ts";
import type { CheckpointInterval, TrainingStart } from "../../node/training/run-training.ts";
import type { TrainAgentOptions } from "../../node/training/train-agent.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, oneOf, printJson } from "../command.ts";
import { count, duration, percent, trainingBar } from "../format.ts";
import { ProgressBoard } from "../progress-board.ts";
import type { Terminal } from "../terminal.ts";
import { addUseLabOptions, orWithoutLab, shownLab, type UseLabOptions, usedLabFolder, useLab } from "../use-lab.ts";

interface TrainOptions extends CommonOptions, UseLabOptions {
  readonly out?: string;
  readonly recipe?: string;
  readonly preset: "standard" | "quick";
  readonly network?: NetworkKind;
  readonly optimizer?: OptimizerKind;
  readonly steps?: number;
  readonly checkpointEvery?: CheckpointInterval;
  readonly resume?: string;
  readonly force?: true;
}

export function trainCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "train",
    summary: "train an agent",
    description:
      "Trains an agent and writes it to a folder: policy.onnx, manifest.json, curve.csv. An organism is verified when made; one that is not\n" +
      "what its recipe says is an error, and is not kept. Until the agent is there, checkpoints lie in DIR.training; Ctrl-C saves one.\n" +
      "Where there is a lab, the run is a job of it: kept there, continued by the same command, and at once there when asked for again.",
    seed: "decides the weights and the levels",
    examples: [
      "train A --out agents/a",
      "train B --preset quick --seed 7 --out agents/b7",
      "train A --network gru --out agents/a-gru",
      "train A --optimizer cma-es --preset quick --out agents/a-evolved",
      "train --recipe recipe.json --out agents/mine",
      "train A --preset quick --lab my-lab",
      "train --resume agents/b7",
    ],
  })
    .argument("[organism]", 'which organism to make; "mesascope organisms" lists them')
    .option("--recipe <file>", "a recipe of your own (JSON) in place of an organism; it carries its own seed")
    .option("--out <dir>", "the agent's folder; with a lab it may be left out")
    .option("--preset <name>", "standard or quick (a smaller board)", oneOf("preset", ["standard", "quick"]), "standard")
    .option(
      "--network <kind>",
      `one of ${networkKinds.join(", ")} (default: what the organism needs, mostly "mlp")`,
      oneOf("kind of network", networkKinds),
    )
    .option(
      "--optimizer <kind>",
      `the base optimizer: ${optimizerKinds.join(", ")} (default: "ppo")`,
      oneOf("base optimizer", optimizerKinds),
    )
    .option(
      "--steps <number>",
      "environment steps, in place of the recipe's; rounded up to whole updates or generations",
      integerFrom(1, 1e12),
    )
    .option(
      "--checkpoint-every <interval>",
      'seconds such as 30s, or updates such as 20u; the unit is needed (default: "30s")',
      parseInterval,
    )
    .option("--resume <dir>", "continue the run that was begun with --out DIR, to the same weights as without the break")
    .option("--force", "replace an agent that is already in the folder, or a run that was begun for it")
    .action(async (organism: string | undefined, options: TrainOptions, command: Command) => {
      refuseContradictions(organism, { options, command });
      const plan = await planTraining(organism, options);
      const lab = await labFor(plan, options);
      await (lab === null ? trainPlainly : trainInLabOf(lab))(plan, { options, terminal });
    });
  return addUseLabOptions(command, "train without it");
}

interface Plan {
  readonly start: TrainingStart | null;
  readonly folder: string | null;
}

interface How {
  readonly options: TrainOptions;
  readonly terminal: Terminal;
}

/** The lab whose job it is; null for a run that is, or was begun, without. Throws `usage` where there is neither a lab nor a folder. */
async function labFor({ start, folder }: Plan, options: TrainOptions): Promise<string | null> {
  if (start === null) return null;
  const lab = await usedLabFolder(options);
  if (folder === null) {
    if (lab !== null) return lab;
    throw new MesascopeError(
      "usage",
      "no folder for the agent given; expected --out DIR. Name a folder that does not exist yet.",
    );
  }
  if (lab === null) return null;
  const { isBegun } = await import("../../node/training/train-agent.ts");
  return (await isBegun(folder)) ? null : lab;
}

async function trainPlainly({ start, folder }: Plan, { options, terminal }: How): Promise<void> {
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const { interruptSignal } = await import("../../node/interrupt.ts");
  const engine = await createOnnxEngine();
  const interrupt = interruptSignal();
  const board = new ProgressBoard(terminal.err);
  const manifest = await trainOrExplain({
    engine,
    folder: folder!,
    start,
    overwrite: options.force === true,
    checkpoints: options.checkpointEvery ?? { kind: "seconds", every: 30 },
    signal: interrupt.signal,
    onProgress: (progress) => board.update(progress.name, trainingBar(progress)),
    onWarning: (text) => board.note(`mesascope: ${text}`),
  }).finally(() => {
    board.close();
    interrupt.restore();
  });
  if (options.json) return printJson(terminal, manifest);
  await tell(manifest, { terminal, where: `Written to ${folder}.`, agent: folder! });
}

function trainInLabOf(folder: string) {
  return async ({ start, folder: out }: Plan, { options, terminal }: How): Promise<void> => {
    const { trainInLab } = await import("../train-in-lab.ts");
    const { interruptSignal } = await import("../../node/interrupt.ts");
    const interrupt = interruptSignal();
    const board = new ProgressBoard(terminal.err);
    const { manifest, key } = await orWithoutLab(() =>
      trainInLab({
        ...{ lab: useLab({ folder, terminal, without: "trains", onNote: (text) => board.note(text) }), out },
        ...{ start: start!, overwrite: options.force === true, checkpoints: options.checkpointEvery ?? null },
        signal: interrupt.signal,
        onProgress: (progress) => board.update(progress.name, trainingBar(progress)),
      }),
    ).finally(() => {
      board.close();
      interrupt.restore();
    });
    const kept = `Kept in ${shownLab(folder)} as ${key.slice(0, keyDigits)}: mesascope runs show ${key.slice(0, keyDigits)}`;
    if (options.json) {
      terminal.err.write(`${kept}\n`);
      return printJson(terminal, manifest);
    }
    const where = out === null ? kept : `Written to ${out}.\n${kept}`;
    await tell(manifest, { terminal, where, agent: out ?? key.slice(0, keyDigits) });
  };
}

/** Digits of a key that a line has room for. */
const keyDigits = 12;

async function tell(
  { id, training }: AgentManifest,
  { terminal, where, agent }: { readonly terminal: Terminal; readonly where: string; readonly agent: string },
): Promise<void> {
  const { prose } = await import("../fit-text.ts");
  const told =
    `${id}: ${percent(training!.oracleShare)} of the oracle in training, ${count(training!.environmentSteps)} steps, ` +
    `${duration(training!.seconds)}. ${where}\nAudit it with: mesascope audit ${agent}`;
  terminal.out.write(prose(told, { channel: terminal.out }));
}

/** Options that the source of the run decides: `--resume` brings all of them from its checkpoint, `--recipe` its own preset and seed. */
function refuseContradictions(
  organism: string | undefined,
  { options, command }: { readonly options: TrainOptions; readonly command: Command },
): void {
  const isTyped = (name: string) => command.getOptionValueSource(name) === "cli";
  const typed = (names: readonly string[]) => names.filter(isTyped).map((name) => `--${name}`);
  if (options.resume !== undefined) {
    const given = [
      ...(organism === undefined ? [] : [organism]),
      ...typed(["recipe", "out", "preset", "network", "optimizer", "steps", "seed"]),
      ...(typeof options.lab === "string" ? ["--lab"] : []),
    ];
    refuse("--resume", { given, why: "a run is continued as it was begun" });
  } else if (options.recipe !== undefined) {
    const given = [...(organism === undefined ? [] : [organism]), ...typed(["preset", "network", "optimizer", "seed"])];
    refuse("--recipe", { given, why: "a recipe carries its own world, network, optimizer and seed" });
  }
}

function refuse(option: string, { given, why }: { readonly given: readonly string[]; readonly why: string }): void {
  if (given.length === 0) return;
  const all = given.join(" and ");
  throw new MesascopeError("usage", `${option} given together with ${all}; ${why}. Leave out ${option}, or ${all}.`);
}

/** Names the command that continues when the run is interrupted. */
async function trainOrExplain(options: TrainAgentOptions) {
  const { trainAgent } = await import("../../node/training/train-agent.ts");
  try {
    return await trainAgent(options);
  } catch (error) {
    if (!(error instanceof MesascopeError) || error.code !== "interrupted") throw error;
    throw new MesascopeError(
      "interrupted",
      `interrupted; a checkpoint is saved. Continue with: mesascope train --resume ${options.folder}`,
    );
  }
}

async function planTraining(organism: string | undefined, options: TrainOptions): Promise<Plan> {
  const sources = [organism, options.recipe, options.resume].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    throw new MesascopeError(
      "usage",
      `${sources.length === 0 ? "nothing to train" : sources.join(" and ")} given; expected one of: an organism, --recipe FILE, --resume DIR. Run "mesascope train --help".`,
    );
  }
  if (options.resume !== undefined) return { start: null, folder: options.resume };
  const recipe = options.recipe === undefined ? await organismRecipe(organism!, options) : await readRecipe(options.recipe);
  const optimizer = { ...recipe.optimizer, totalTimesteps: options.steps ?? recipe.optimizer.totalTimesteps };
  return { start: { recipe: { ...recipe, optimizer }, organism: organism ?? null }, folder: options.out ?? null };
}

async function organismRecipe(organism: string, { preset, seed, network, optimizer }: TrainOptions): Promise<Recipe> {
  const { findOrganism } = await import("../../core/organisms/index.ts");
  const { variantOf } = await import("../../core/organisms/variants.ts");
  const { needs, recipe } = findOrganism(organism);
  return variantOf(recipe({ preset, seed }), {
    ...needs,
    ...(network && { network }),
    ...(optimizer && { optimizer }),
  });
}

async function readRecipe(path: string): Promise<Recipe> {
  const { recipeSchema } = await import("../../core/organisms/recipe.ts");
  const { readJson, requireGiven } = await import("../../node/storage/files.ts");
  await requireGiven(path, "a recipe (JSON)");
  const recipe = await readJson(path).catch((error: unknown) => {
    if (!(error instanceof MesascopeError) || error.code !== "invalid-data") throw error;
    throw noRecipe(error.message, error);
  });
  const parsed = recipeSchema.safeParse(recipe);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "recipe"}: ${issue.message}`);
  throw noRecipe(`${path} is no recipe: ${issues.join("; ")}.`);
}

function noRecipe(what: string, cause?: MesascopeError): MesascopeError {
  const advice = 'Start from the field "recipe" that "mesascope organisms A --json" prints under "organisms".';
  return new MesascopeError("usage", `${what} ${advice}`, { cause });
}

function parseInterval(text: string): CheckpointInterval {
  const match = /^(\d+(?:\.\d+)?)(s|u)$/.exec(text);
  const every = Number(match?.[1]);
  const kind = match?.[2] === "u" ? "updates" : "seconds";
  if (!match || every <= 0 || (kind === "updates" && !Number.isInteger(every))) {
    throw new InvalidArgumentError("Expected seconds such as 30s, or updates such as 20u, with the unit.");
  }
  return { kind, every };
}
