// The parameters of a variant of a world: defaults filled in, and checked.

import { MesascopeError, throwUnknown } from "../base/errors.ts";
import type { WorldParameter, WorldParameters } from "./world.ts";

/** Each parameter with its default, range and meaning. */
export type ParameterRanges<Name extends string = string> = Readonly<Record<Name, WorldParameter>>;

/** All parameters of a variant. Throws `usage` for parameters that the world does not have and values out of range. */
export function fullParameters<Name extends string>(
  { name: world, parameters }: { readonly name: string; readonly parameters: ParameterRanges<Name> },
  given: WorldParameters,
): Readonly<Record<Name, number>> {
  const names = Object.keys(parameters) as Name[];
  const full = Object.fromEntries(names.map((name) => [name, parameters[name].standard])) as Record<Name, number>;
  for (const [givenName, value] of Object.entries(given)) {
    const name = names.find((known) => known === givenName);
    if (name === undefined) return throwUnknown(`parameter of ${world}`, givenName, names, "Leave it out.");
    const { range, standard } = parameters[name];
    const [low, high] = range;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new MesascopeError(
        "usage",
        `${value} given for parameter "${name}" of ${world}; expected an integer from ${low} to ${high}. Leave it out for ${standard}.`,
      );
    }
    full[name] = value;
  }
  return full;
}
