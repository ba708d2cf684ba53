// The parameters of a variant of a world: defaults filled in, and checked.

import { MesascopeError, throwUnknown } from "../base/errors.ts";
import type { WorldParameters } from "./world.ts";

/** Each parameter with its default and range. */
export type ParameterRanges = Readonly<Record<string, { readonly standard: number; readonly range: readonly [number, number] }>>;

/** All parameters of a variant. Throws `usage` for parameters that the world does not have and values out of range. */
export function fullParameters(
  { name: world, parameters }: { readonly name: string; readonly parameters: ParameterRanges },
  given: WorldParameters,
): Readonly<Record<string, number>> {
  for (const [name, value] of Object.entries(given)) {
    const known = parameters[name];
    if (known === undefined) throwUnknown(`parameter of ${world}`, name, Object.keys(parameters), "Leave it out.");
    const [low, high] = known.range;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new MesascopeError(
        "usage",
        `${value} given for parameter "${name}" of ${world}; expected an integer from ${low} to ${high}. Leave it out for ${known.standard}.`,
      );
    }
  }
  const standard = Object.fromEntries(Object.entries(parameters).map(([name, { standard }]) => [name, standard]));
  return { ...standard, ...given };
}
