// How fast agents of a kind train on this machine: an update or two of a run that is thrown away.

import type { Engine } from "../../core/engine/engine.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";

/** An evaluation is made after every fourth update and costs about a third of one (see `run-training.ts`). */
const evaluationFactor = 1 + 1 / 12;
/** Seconds of an update that need no second measurement. */
const longUpdate = 0.5;
/** Steps of the run that is timed: so many that no kind of training is done after a few updates. */
const longRun = 1e9;

export interface TrainingSpeed {
  /** Evaluation included. */
  readonly stepsPerSecond: number;
  /** Before the first update. */
  readonly startSeconds: number;
  readonly stepsPerUpdate: number;
  /** Of the exported model. */
  readonly policyBytes: number;
}

/** In processor time. Throws as training does. */
export async function measureTrainingSpeed(engine: Engine, recipe: Recipe): Promise<TrainingSpeed> {
  const optimizer = { ...recipe.optimizer, totalTimesteps: longRun };
  const { result: run, seconds: startSeconds } = await timed(() => TrainingRun.create(engine, { ...recipe, optimizer }));
  try {
    const first = await timed(() => run.update());
    const stepsPerUpdate = run.environmentSteps;
    // The first one warms up, which counts for little where it takes long.
    const { seconds } = first.seconds > longUpdate ? first : await timed(() => run.update());
    const policyBytes = run.export().model.length;
    return { stepsPerSecond: stepsPerUpdate / (seconds * evaluationFactor), startSeconds, stepsPerUpdate, policyBytes };
  } finally {
    await run.release();
  }
}

/** Seconds of processor time: what else runs on the machine does not count, and an engine computes on the thread that calls it. */
export async function timed<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly seconds: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}
