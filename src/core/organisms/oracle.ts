// The best returns of a level under given weights, whatever the world: by the solver of cells and items, by enumerating its states, or by its own bounds.

import { MesascopeError } from "../base/errors.ts";
import { bestReturn } from "../objectives/enumerated-values.ts";
import { HorizonBuffers, optimalReturn } from "../objectives/finite-horizon.ts";
import { weightVector } from "../objectives/objective.ts";
import { LevelEnumerator } from "../worlds/enumeration/enumerate-own.ts";
import { isCollectionWorld } from "../worlds/grid/collection.ts";
import type { FeatureWeights, World } from "../worlds/world.ts";

/** States of a level that are enumerated at most. */
const mostStates = 50_000;

/**
 * The best undiscounted return of each level under each of `weights`, `[weights][levels]`: exact where the world's levels can be solved, and
 * else its lower bound, which some policy earns. Throws `usage` for a feature that the world does not have, and for a level of a world
 * that calls itself exact with more than 50,000 states.
 */
export function bestReturns(world: World, levels: readonly unknown[], weights: readonly FeatureWeights[]): Float64Array[] {
  const best = weights.map(() => new Float64Array(levels.length));
  const solve = solverOf(world);
  for (const [l, level] of levels.entries()) {
    const returnOf = solve(level);
    for (const [w, wanted] of weights.entries()) best[w]![l] = returnOf(wanted);
  }
  return best;
}

/** Prepares a level once, then tells the best return under any weights. */
function solverOf(world: World): (level: unknown) => (weights: FeatureWeights) => number {
  if (isCollectionWorld(world)) {
    const buffers = new HorizonBuffers();
    return (level) => {
      const problem = world.collection(level);
      return (weights) => optimalReturn(problem, { weights, buffers });
    };
  }
  const { solving } = world;
  if (solving.kind === "bounds") return (level) => (weights) => solving.bounds(level, weights).lower;
  const enumerator = new LevelEnumerator(world);
  return (level) => {
    const problem = enumerator.enumerate(level, { limit: mostStates });
    if (!problem.isComplete) {
      throw new MesascopeError(
        "usage",
        `a level of ${world.name} with more than ${mostStates} states given; expected one that can be solved. Let the world give bounds.`,
      );
    }
    return (weights) => bestReturn(problem, weightVector(weights, world.features));
  };
}
