// Which worlds have objectives with names, for policies and recipes that ask for one by name. To add a world's: its file, and a line here.

import type { World } from "../worlds/world.ts";
import { arcadeObjectives } from "./arcade-objectives.ts";
import type { Objective } from "./objective.ts";

const objectives: Readonly<Record<string, readonly Objective[]>> = { arcade: arcadeObjectives };

/** The named objectives of a world, the base objective first; none where nobody named any. */
export function namedObjectivesOf(world: World): readonly Objective[] {
  return objectives[world.name] ?? [];
}
