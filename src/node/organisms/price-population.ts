// What a population costs before it is made: one update of every kind of training, timed, and multiplied by the steps that the plan asks for.

import type { Engine } from "../../core/engine/engine.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import type { MissingAgent } from "./make-population.ts";

export interface PopulationPrice {
  /** Agents to be made. */
  readonly agents: number;
  readonly environmentSteps: number;
  /** Processor time, at the speeds measured now; failed attempts come on top. */
  readonly coreSeconds: number;
  /** What was timed: environment steps per second, evaluation included, and the seconds before the first update. */
  readonly speeds: readonly Speed[];
}

export interface Speed {
  readonly world: string;
  readonly network: string;
  readonly optimizer: string;
  readonly stepsPerSecond: number;
  readonly startSeconds: number;
}

/** An evaluation is made after every fourth update and costs about a third of one (see `trainAgent`). */
const evaluationFactor = 1 + 1 / 12;
/** Seconds of an update that need no second measurement. */
const longUpdate = 0.5;
/** Steps of the run that is timed: so many that no kind of training is done after a few updates. */
const longRun = 1e9;
/** Loading a thread's program, and verifying and writing an agent. */
const threadSeconds = 1.5;

/** Times each kind of training that is missing, a second or so each. Throws as training does. */
export async function pricePopulation(
  missing: readonly MissingAgent[],
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
): Promise<PopulationPrice> {
  const speeds = new Map<string, Speed>();
  let environmentSteps = 0;
  let coreSeconds = 0;
  for (const { agent, failed } of missing) {
    signal.throwIfAborted();
    const recipe = agent.recipe(failed);
    const kind = JSON.stringify([recipe.world, recipe.encoder, recipe.network.kind, recipe.optimizer.kind]);
    const speed = speeds.get(kind) ?? (await measureSpeed(engine, recipe));
    speeds.set(kind, speed);
    environmentSteps += recipe.optimizer.totalTimesteps;
    coreSeconds += recipe.optimizer.totalTimesteps / speed.stepsPerSecond + speed.startSeconds + threadSeconds;
  }
  return { agents: missing.length, environmentSteps, coreSeconds, speeds: [...speeds.values()] };
}

async function measureSpeed(engine: Engine, recipe: Recipe): Promise<Speed> {
  const optimizer = { ...recipe.optimizer, totalTimesteps: longRun };
  const { result: run, seconds: startSeconds } = await timed(() => TrainingRun.create(engine, { ...recipe, optimizer }));
  try {
    const first = await timed(() => run.update());
    const stepsPerUpdate = run.environmentSteps;
    // The first one warms up, which counts for little where it takes long.
    const { seconds } = first.seconds > longUpdate ? first : await timed(() => run.update());
    return {
      world: recipe.world.name,
      network: recipe.network.kind,
      optimizer: recipe.optimizer.kind,
      stepsPerSecond: stepsPerUpdate / (seconds * evaluationFactor),
      startSeconds,
    };
  } finally {
    await run.release();
  }
}

/** Seconds of processor time: what else runs on the machine does not count, and an engine computes on the thread that calls it. */
async function timed<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly seconds: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}
