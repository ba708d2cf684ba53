// Over which hypotheses each world is read out: made from what it says an agent may want, except where a space of its own was validated.

import type { World } from "../worlds/world.ts";
import { arcadeObjectiveSpace } from "./arcade-space.ts";
import type { ObjectiveSpace } from "./objective-space.ts";
import { worldObjectiveSpace } from "./world-space.ts";

const validated: Readonly<Record<string, (actionCount: number) => ObjectiveSpace>> = { arcade: arcadeObjectiveSpace };

/** The hypotheses for a world. Throws `usage` where it lists the same objective twice. */
export function objectiveSpaceOf(world: World): ObjectiveSpace {
  const make = validated[world.name];
  return make ? make(world.actions.length) : worldObjectiveSpace(world);
}
