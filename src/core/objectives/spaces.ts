// Over which hypotheses each world is read out: made from what it says an agent may want, except for the arcade.

import type { World } from "../worlds/world.ts";
import { arcadeObjectiveSpace } from "./arcade-space.ts";
import type { ObjectiveSpace } from "./objective-space.ts";
import { worldObjectiveSpace } from "./world-space.ts";

/**
 * The one exception, and no place for others. Thresholds, figures and decision 0005 were measured with the arcade's grid, which has weights of
 * red and directions between classes that no list of objectives tells; and it cannot lie on the world, which knows nothing of hypotheses.
 */
const validated: Readonly<Record<string, (actionCount: number) => ObjectiveSpace>> = { arcade: arcadeObjectiveSpace };

/** The hypotheses for a world. Throws `usage` where it lists the same objective twice. */
export function objectiveSpaceOf(world: World): ObjectiveSpace {
  const make = validated[world.name];
  return make ? make(world.actions.length) : worldObjectiveSpace(world);
}
