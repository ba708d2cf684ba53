// Agents and levels of one variant: an agent of another one sees and does other things than its own world has.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { World } from "../../../core/worlds/world.ts";

/** Throws `usage`, in words for who chose the agent, where it was made for another world or variant than `world`. */
export function requireSameVariant({ world: own }: { readonly world: World }, world: World): void {
  const differing = Object.keys(world.parameters).filter((name) => own.parameters[name] !== world.parameters[name]);
  const isSame = own.name === world.name;
  if (isSame && differing.length === 0) return;
  const [home, here] = [own, world].map((of) =>
    isSame ? `${of.name} with ${differing.map((name) => `${name} ${of.parameters[name]}`).join(", ")}` : of.name,
  );
  throw new MesascopeError(
    "usage",
    `this agent lives in ${home}, and the level is of ${here}. Choose the agent's world, preset and parameters, or another agent.`,
  );
}
