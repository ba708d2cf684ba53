// The objectives of a world by name, for policies and recipes that ask for one.

import type { World } from "../worlds/world.ts";
import { arcadeObjectives } from "./arcade-objectives.ts";
import { constantObjective, type Objective } from "./objective.ts";

/** Worlds that have more of them than what the world itself lists: those that depend on the context. */
const listed: Readonly<Record<string, readonly Objective[]>> = { arcade: arcadeObjectives };

/** The named objectives of a world, the base objective first. */
export function namedObjectivesOf(world: World): readonly Objective[] {
  return listed[world.name] ?? world.objectives.map(({ name, weights }) => constantObjective(name, weights));
}
