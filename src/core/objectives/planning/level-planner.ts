// The planner that a world's levels need, and the best returns of levels.

import { isCollectionWorld } from "../../worlds/grid/collection.ts";
import type { FeatureWeights, World } from "../../worlds/world.ts";
import { boundedPlanner } from "./bounded-levels.ts";
import { collectionPlanner } from "./collection-levels.ts";
import { enumeratedPlanner } from "./enumerated-levels.ts";
import type { LevelPlanner } from "./planned-level.ts";

/** Plans by the solver of collection problems where levels are such, else over all states, else over the states nearby. */
export function levelPlannerOf(world: World): LevelPlanner {
  if (isCollectionWorld(world)) return collectionPlanner(world);
  return world.solving.kind === "exact" ? enumeratedPlanner(world) : boundedPlanner(world, world.solving);
}

/**
 * The best undiscounted return of each level under `weights`, `[levels]` each: `lower`, earned by a policy that exists, and `upper`, which
 * nothing exceeds; equal in worlds that are solved exactly. Throws `usage` for an unknown feature.
 */
export function bestReturns(
  world: World,
  options: { readonly levels: readonly unknown[]; readonly weights: FeatureWeights },
): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const planner = levelPlannerOf(world);
  const bounds = options.levels.map((level) => planner.plan(level).bestReturn(options.weights));
  return { lower: Float64Array.from(bounds, ({ lower }) => lower), upper: Float64Array.from(bounds, ({ upper }) => upper) };
}
