// How many environment steps each update of a training takes, as far as its recipe says.

import type { Recipe } from "./recipe.ts";

/** Imitation shows about as many states in an update as PPO collects. */
const statesPerUpdate = 8192;

/** Batches that an update of imitation shows. */
export function batchesPerUpdate(batchSize: number): number {
  return Math.ceil(statesPerUpdate / batchSize);
}

/** The same for every update; null where it depends on how long the episodes of an update are. */
export function updateStepsOf(optimizer: Recipe["optimizer"]): number | null {
  switch (optimizer.kind) {
    case "ppo":
      return optimizer.numEnvs * optimizer.numSteps;
    case "imitation":
      return batchesPerUpdate(optimizer.batchSize) * optimizer.batchSize;
    case "es":
    case "cma-es":
      return null;
    default:
      return optimizer satisfies never;
  }
}
