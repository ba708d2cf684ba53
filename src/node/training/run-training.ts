// The training of one agent from a recipe: update, measure, save; at the end verify and hand the agent over. Where checkpoints and agent are
// kept is a port: a folder (train-agent.ts) or a lab's store.

import { setImmediate as nextTurn } from "node:timers/promises";
import { type AgentManifest, agentSchemaId } from "../../core/agents/manifest.ts";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import { type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { type Evaluation, TrainingRun } from "../../core/organisms/training-run.ts";
import { verifyOrganism } from "../../core/organisms/verify.ts";
import { curveRows } from "../../lab/curve-row.ts";
import { isSnapshotDue } from "../../lab/snapshots.ts";
import { codeVersion } from "../code-version.ts";
import type { AgentToWrite } from "../storage/agent-folder.ts";
import type { TrainingState, WeightsSnapshot } from "./training-checkpoint.ts";

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

/** An agent as a training ends with it. */
export type TrainedAgent = Omit<AgentToWrite, "overwrite">;

/** Where a run keeps what it has. */
export interface TrainingPlace {
  /** Keeps the state after `update` updates; 0 is that of a run that begins, and whatever is there of another is in its way. */
  save(state: TrainingState, update: number): Promise<void>;
  /** Keeps the agent, whole or not at all. Returns its manifest with the hash of the policy. */
  write(agent: TrainedAgent): Promise<AgentManifest>;
}

/** What to train. */
export interface TrainingStart {
  readonly recipe: Recipe;
  /** Id of the organism that the recipe is of, which the agent is verified against; null for a recipe of the user's own. */
  readonly organism: string | null;
}

export interface RunTrainingOptions {
  readonly engine: Engine;
  readonly place: TrainingPlace;
  readonly start: TrainingStart;
  /** The state to go on from; null to begin. */
  readonly begun: TrainingState | null;
  readonly checkpoints: CheckpointInterval;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Told of each measurement of this sitting, the points of the training curve. */
  readonly onEvaluation?: (evaluation: Evaluation) => void;
}

/**
 * Trains, verifies (when the recipe is an organism's) and writes the agent. Throws the signal's reason after a checkpoint when it aborts,
 * `check-failed` when the organism is not what it should be, `usage` for a recipe of things that do not exist, and as the place does.
 */
export async function runTraining(options: RunTrainingOptions): Promise<AgentManifest> {
  const { engine, start, begun, place } = options;
  // As the schema orders it: the same recipe is written alike, whether it was typed, sent to a worker, or read from a checkpoint.
  const run = await TrainingRun.create(engine, recipeSchema.parse(start.recipe));
  try {
    if (begun) run.restore(begun.snapshot);
    const state = await runToEnd(run, options);
    const { model, hooks } = run.export();
    if (state.organism !== null) await verify(run, { engine, organism: state.organism, evaluation: state.curve.at(-1)!, model });
    return await place.write(trainedAgent(run, { state, model, hooks }));
  } finally {
    await run.release();
  }
}

/** What to tell the user before a run continues: that it was begun by another version or engine; null where it was not. */
export function warningOfOthers(state: TrainingState, engine: Engine): string | null {
  const here = `${codeVersion} on ${engine.name}`;
  const there = `${state.codeVersion} on ${state.engine}`;
  if (here === there) return null;
  return `the run was begun by version ${there} and continues with ${here}: the weights may differ in their last bits.`;
}

/** The loop. Returns the state after the last update. */
async function runToEnd(run: TrainingRun, options: RunTrainingOptions): Promise<TrainingState> {
  const { engine, place, start, begun, checkpoints, signal, onProgress, onEvaluation } = options;
  const { recipe } = run;
  const { organism } = start;
  const startTime = performance.now();
  const firstStep = run.environmentSteps;
  const curve = [...(begun?.curve ?? [])];
  const kept: WeightsSnapshot[] = [...(begun?.kept ?? [])];
  const state = (): TrainingState => ({
    organism,
    recipe,
    codeVersion,
    engine: engine.name,
    seconds: (begun?.seconds ?? 0) + (performance.now() - startTime) / 1000,
    curve,
    snapshot: run.snapshot(),
    kept: [...kept],
  });
  const measure = async () => {
    const evaluation = await run.evaluate();
    curve.push(evaluation);
    onEvaluation?.(evaluation);
  };
  const report = () => {
    const last = curve.at(-1);
    // An optimizer stops after whole updates, up to one beyond what the recipe asks for.
    const totalSteps = run.isDone ? run.environmentSteps : recipe.optimizer.totalTimesteps;
    const rate = (run.environmentSteps - firstStep) / (performance.now() - startTime);
    onProgress({
      name: nameOf(start),
      environmentSteps: run.environmentSteps,
      totalSteps,
      trainingReturn: last?.trainingReturn ?? null,
      oracleShare: last?.oracleShare ?? null,
      secondsLeft: rate > 0 ? (totalSteps - run.environmentSteps) / rate / 1000 : null,
    });
  };
  if (!begun) {
    await measure();
    await place.save(state(), 0); // a folder that cannot be written to is found now and not at the end
  }
  report();
  let savedAt = performance.now();
  let updatesSinceSave = 0;
  while (!run.isDone) {
    signal.throwIfAborted();
    const before = run.environmentSteps;
    const { update, environmentSteps } = await run.update();
    if (!run.isDone && isSnapshotDue(recipe.optimizer.totalTimesteps, { before, now: environmentSteps }))
      kept.push({ environmentSteps, parameters: run.parameters });
    if (update % updatesPerEvaluation === 0 || run.isDone) await measure();
    report();
    await nextTurn(); // lets signals and messages in
    updatesSinceSave++;
    const isDue =
      checkpoints.kind === "updates"
        ? updatesSinceSave >= checkpoints.every
        : performance.now() - savedAt >= checkpoints.every * 1000;
    if (isDue || (signal.aborted && !run.isDone)) {
      await place.save(state(), update);
      savedAt = performance.now();
      updatesSinceSave = 0;
    }
  }
  return state();
}

function nameOf({ organism, recipe }: TrainingStart): string {
  return organism ?? recipe.objective.name;
}

function trainedAgent(
  run: TrainingRun,
  made: { readonly state: TrainingState; readonly model: Uint8Array; readonly hooks: readonly string[] },
): TrainedAgent {
  const { state, model, hooks } = made;
  const { world, encoder, recipe } = run;
  const { environmentSteps, trainingReturn, oracleReturn, oracleShare } = state.curve.at(-1)!;
  return {
    policy: model,
    curve: curveRows(state.curve),
    snapshots: state.kept.map(({ environmentSteps, parameters }) => ({
      environmentSteps,
      policy: run.exportOf(parameters).model,
    })),
    manifest: {
      schema: agentSchemaId,
      id: `${nameOf(state)}-seed${recipe.seed}`,
      world: { name: world.name, version: world.version, parameters: { ...world.parameters } },
      encoder: { name: encoder.name, parameters: {}, size: encoder.size },
      actions: [...world.actions],
      observation: { shape: [...encoder.shape] },
      outputs: { logits: "logits", value: "value" },
      hooks: [...hooks],
      engine: state.engine,
      codeVersion,
      recipe,
      training: { environmentSteps, return: trainingReturn, oracleReturn, oracleShare, seconds: state.seconds },
    },
  };
}

async function verify(
  run: TrainingRun,
  made: {
    readonly engine: Engine;
    readonly organism: string;
    readonly evaluation: Pick<Evaluation, "oracleShare">;
    readonly model: Uint8Array;
  },
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
