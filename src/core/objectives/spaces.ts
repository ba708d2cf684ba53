// Which worlds have a read-out, and over which hypotheses. To add one: its space's file, and a line here.

import { throwUnknown } from "../base/errors.ts";
import type { World } from "../worlds/world.ts";
import { arcadeObjectiveSpace } from "./arcade-space.ts";
import type { ObjectiveSpace } from "./objective-space.ts";

const spaces: Readonly<Record<string, (actionCount: number) => ObjectiveSpace>> = { arcade: arcadeObjectiveSpace };

/** The hypotheses for a world. Throws `usage` when it has none. */
export function objectiveSpaceOf(world: World): ObjectiveSpace {
  const make = spaces[world.name];
  if (!make) throwUnknown("world for an objective read-out", world.name, Object.keys(spaces), "Choose another world.");
  return make(world.actions.length);
}
