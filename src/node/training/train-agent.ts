// Trains one agent from a recipe to a folder on disk, with checkpoints on the way; stopped, it can be continued to the same bits.

import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type AgentManifest, agentSchemaId } from "../../core/agents/manifest.ts";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { type Evaluation, TrainingRun } from "../../core/organisms/training-run.ts";
import { verifyOrganism } from "../../core/organisms/verify.ts";
import { codeVersion } from "../code-version.ts";
import { writeAgent } from "../storage/agent-folder.ts";
import { loadLatestCheckpoint, saveCheckpoint } from "../storage/checkpoint-file.ts";
import { fileSystemError, kindOf, listFolder, restoreAsides } from "../storage/files.ts";
import { decodeTraining, encodeTraining, type TrainingState } from "./training-checkpoint.ts";

/** Updates between two measurements on the evaluation levels (a measurement costs about a third of an update). */
const updatesPerEvaluation = 4;

/** When to save: every so many seconds or updates. */
export type CheckpointInterval =
  | { readonly kind: "seconds"; readonly every: number }
  | { readonly kind: "updates"; readonly every: number };

export interface TrainingProgress {
  /** The organism, or the objective of a recipe that is none's. */
  readonly name: string;
  readonly environmentSteps: number;
  readonly totalSteps: number;
  /** Of the last measurement; null before the first. */
  readonly trainingReturn: number | null;
  readonly oracleShare: number | null;
  /** To the end, at the speed of this sitting; null before the first update. */
  readonly secondsLeft: number | null;
}

export interface TrainAgentOptions {
  readonly engine: Engine;
  /** The agent's folder, made at the end. Until then the run's checkpoints lie beside it, see `trainingFolder`. */
  readonly folder: string;
  /** What to train; null to continue what was begun there. */
  readonly start: { readonly recipe: Recipe; readonly organism: string | null } | null;
  /** Replace an agent that is already there, and a run that was begun there. */
  readonly overwrite: boolean;
  readonly checkpoints: CheckpointInterval;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Told of things the user should know and that stop nothing. */
  readonly onWarning: (text: string) => void;
}

/** Where a run that is not finished keeps its checkpoints. */
export function trainingFolder(folder: string): string {
  return `${resolve(folder)}.training`;
}

/**
 * Trains, verifies (when the recipe is an organism's) and writes the agent. Throws `interrupted` after a checkpoint when the signal
 * aborts, `check-failed` when the organism is not what it should be (its checkpoints are removed, so that another can be tried), `usage` when there is nothing to continue, no room to write, or a
 * begun run that would be lost.
 */
export async function trainAgent(options: TrainAgentOptions): Promise<AgentManifest> {
  const { engine, folder, start } = options;
  await requireRoom(options);
  const begun = start ? null : await loadState(options);
  const { recipe, organism } = start ?? begun!;
  const run = await TrainingRun.create(engine, recipe);
  try {
    if (begun) run.restore(begun.snapshot);
    else await removeTraining(folder);
    const state = await runToEnd(run, { options, organism, begun });
    return await finish(run, { options, state });
  } finally {
    await run.release();
  }
}

/** The recipe of the run that was begun for `folder` and is not finished; null where there is none. Throws as the readers of checkpoints do. */
export async function begunRecipe(folder: string): Promise<Recipe | null> {
  const loaded = await loadLatestCheckpoint(trainingFolder(folder));
  return loaded && decodeTraining(loaded.checkpoint, loaded.path).recipe;
}

interface Sitting {
  readonly options: TrainAgentOptions;
  readonly organism: string | null;
  readonly begun: TrainingState | null;
}

/** The loop: update, measure, save. Returns the state after the last update. */
async function runToEnd(run: TrainingRun, { options, organism, begun }: Sitting): Promise<TrainingState> {
  const { engine, checkpoints, signal, onProgress } = options;
  const { recipe } = run;
  const startTime = performance.now();
  const firstStep = run.environmentSteps;
  const curve = [...(begun?.curve ?? [])];
  const state = (): TrainingState => ({
    organism,
    recipe,
    codeVersion,
    engine: engine.name,
    seconds: (begun?.seconds ?? 0) + (performance.now() - startTime) / 1000,
    curve,
    snapshot: run.snapshot(),
  });
  const save = () => saveCheckpoint(trainingFolder(options.folder), encodeTraining(state()));
  const report = () => {
    const last = curve.at(-1);
    // An optimizer stops after whole updates, up to one beyond what the recipe asks for.
    const totalSteps = run.isDone ? run.environmentSteps : recipe.optimizer.totalTimesteps;
    const rate = (run.environmentSteps - firstStep) / (performance.now() - startTime);
    onProgress({
      name: nameOf({ organism, recipe }),
      environmentSteps: run.environmentSteps,
      totalSteps,
      trainingReturn: last?.trainingReturn ?? null,
      oracleShare: last?.oracleShare ?? null,
      secondsLeft: rate > 0 ? (totalSteps - run.environmentSteps) / rate / 1000 : null,
    });
  };
  if (!begun) {
    curve.push(await run.evaluate());
    await save(); // a folder that cannot be written to is found now and not at the end
  }
  report();
  let savedAt = performance.now();
  let updatesSinceSave = 0;
  while (!run.isDone) {
    signal.throwIfAborted();
    const { update } = await run.update();
    if (update % updatesPerEvaluation === 0 || run.isDone) curve.push(await run.evaluate());
    report();
    await nextTurn(); // lets signals and messages in
    updatesSinceSave++;
    const isDue =
      checkpoints.kind === "updates"
        ? updatesSinceSave >= checkpoints.every
        : performance.now() - savedAt >= checkpoints.every * 1000;
    if (isDue || (signal.aborted && !run.isDone)) {
      await save();
      savedAt = performance.now();
      updatesSinceSave = 0;
    }
  }
  return state();
}

function nameOf({ organism, recipe }: { readonly organism: string | null; readonly recipe: Recipe }): string {
  return organism ?? recipe.objective.name;
}

async function finish(
  run: TrainingRun,
  made: { readonly options: TrainAgentOptions; readonly state: TrainingState },
): Promise<AgentManifest> {
  const { state, options } = made;
  const evaluation = state.curve.at(-1)!;
  const { model, hooks } = run.export();
  if (state.organism !== null) {
    const { engine, folder } = options;
    await verify(run, { engine, organism: state.organism, evaluation, model }).catch(async (error: unknown) => {
      // Continued from its checkpoints the run could only fail again: they would stand in the way of one that does not.
      if (error instanceof MesascopeError && error.code === "check-failed") await removeTraining(folder);
      throw error;
    });
  }
  const { world, encoder, recipe } = run;
  const { environmentSteps, trainingReturn, oracleReturn, oracleShare } = evaluation;
  const manifest = await writeAgent(options.folder, {
    policy: model,
    overwrite: options.overwrite,
    curve: state.curve.map((point) => ({ ...point })),
    manifest: {
      schema: agentSchemaId,
      id: `${nameOf(state)}-seed${recipe.seed}`,
      world: { name: world.name, version: world.version, parameters: { ...world.parameters } },
      encoder: { name: encoder.name, parameters: {}, size: encoder.size },
      actions: [...world.actions],
      observation: { shape: [...encoder.shape] },
      outputs: { logits: "logits", value: "value" },
      hooks: [...hooks],
      engine: options.engine.name,
      codeVersion,
      recipe,
      training: { environmentSteps, return: trainingReturn, oracleReturn, oracleShare, seconds: state.seconds },
    },
  });
  await removeTraining(options.folder);
  return manifest;
}

async function verify(
  run: TrainingRun,
  made: { readonly engine: Engine; readonly organism: string; readonly evaluation: Evaluation; readonly model: Uint8Array },
): Promise<void> {
  const session = await made.engine.compile(made.model);
  try {
    const { world, encoder, recipe } = run;
    const policy = onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length });
    const { evaluation } = made;
    await verifyOrganism({ organism: findOrganism(made.organism), seed: recipe.seed, evaluation, world, encoder, policy });
  } finally {
    await session.release();
  }
}

async function loadState({ engine, folder, onWarning }: TrainAgentOptions): Promise<TrainingState> {
  const loaded = await loadLatestCheckpoint(trainingFolder(folder));
  if (!loaded) {
    throw new MesascopeError(
      "usage",
      `nothing to continue for ${folder}: there is no checkpoint in ${trainingFolder(folder)}. Start the run with "mesascope train ORGANISM --out ${folder}".`,
    );
  }
  if (loaded.warning) onWarning(loaded.warning);
  const state = decodeTraining(loaded.checkpoint, loaded.path);
  const here = `${codeVersion} on ${engine.name}`;
  const there = `${state.codeVersion} on ${state.engine}`;
  if (here !== there)
    onWarning(`the run was begun by version ${there} and continues with ${here}: the weights may differ in their last bits.`);
  return state;
}

async function requireRoom({ folder, overwrite, start }: TrainAgentOptions): Promise<void> {
  await restoreAsides(dirname(resolve(folder)));
  const kind = await kindOf(folder);
  const names = kind === "folder" ? await listFolder(folder) : [];
  const isAgent = names.includes("manifest.json");
  if (kind === null || (kind === "folder" && names.length === 0) || (isAgent && overwrite)) {
    if (start && !overwrite) await requireNoneBegun(folder);
    return;
  }
  const what = kind === "folder" ? (isAgent ? "an agent is" : "other files are") : "a file is";
  const advice = isAgent
    ? start
      ? "Name another folder, or replace it with --force."
      : "It is finished; to finish a run that was begun to replace it, add --force."
    : "Name another folder.";
  throw new MesascopeError("usage", `${folder} given as the agent's folder, but ${what} already there. ${advice}`);
}

async function requireNoneBegun(folder: string): Promise<void> {
  const path = trainingFolder(folder);
  if ((await kindOf(path)) !== "folder" || (await listFolder(path)).length === 0) return;
  throw new MesascopeError(
    "usage",
    `a run was begun for ${folder} and is not finished; its checkpoints are in ${path}. Continue it with "mesascope train --resume ${folder}", or start again with --force.`,
  );
}

async function removeTraining(folder: string): Promise<void> {
  const path = trainingFolder(folder);
  await rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
    throw fileSystemError(cause, { action: "remove", path });
  });
}
