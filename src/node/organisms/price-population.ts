// What a population costs before it is made: one update of every kind of training, timed, and multiplied by the steps that the plan asks for.

import type { Engine } from "../../core/engine/engine.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { measureTrainingSpeed } from "../training/training-speed.ts";
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
    const speed = speeds.get(kind) ?? (await speedOf(recipe, engine));
    speeds.set(kind, speed);
    environmentSteps += recipe.optimizer.totalTimesteps;
    coreSeconds += recipe.optimizer.totalTimesteps / speed.stepsPerSecond + speed.startSeconds + threadSeconds;
  }
  return { agents: missing.length, environmentSteps, coreSeconds, speeds: [...speeds.values()] };
}

async function speedOf(recipe: Recipe, engine: Engine): Promise<Speed> {
  const { stepsPerSecond, startSeconds } = await measureTrainingSpeed(engine, recipe);
  const { world, network, optimizer } = recipe;
  return { world: world.name, network: network.kind, optimizer: optimizer.kind, stepsPerSecond, startSeconds };
}
