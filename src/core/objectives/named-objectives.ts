// The objectives of a world by name, for policies and recipes that ask for one.

import type { World } from "../worlds/world.ts";
import { arcadeObjectives } from "./arcade-objectives.ts";
import { constantObjective, type Objective } from "./objective.ts";

/**
 * The arcade has more of them than the world itself lists: those that hold in one context only, which policies and recipes of it name. A world
 * lists what an agent may want in every context. Elsewhere such an objective is made from two of its list, by `worldOrganisms`.
 */
const listed: Readonly<Record<string, readonly Objective[]>> = { arcade: arcadeObjectives };

/** The named objectives of a world, the base objective first. */
export function namedObjectivesOf(world: World): readonly Objective[] {
  return listed[world.name] ?? world.objectives.map(({ name, weights }) => constantObjective(name, weights));
}
