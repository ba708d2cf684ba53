// The option --shift AXIS=VALUE, which moves levels away from the training distribution.

import { InvalidArgumentError } from "commander";
import { MesascopeError, throwUnknown } from "../core/base/errors.ts";
import type { ShiftPoint, World } from "../core/worlds/world.ts";

export type GivenShift = Readonly<Record<string, string>>;

/** Adds one `axis=value` to those given before; a parser for commander. */
export function addShift(text: string, before: GivenShift = {}): GivenShift {
  const match = /^([^=]+)=(.+)$/.exec(text);
  if (!match) throw new InvalidArgumentError("Expected AXIS=VALUE, such as placement=apart.");
  return { ...before, [match[1]!]: match[2]! };
}

/** The point of the world's shift space that was given as text. Throws `usage` for an axis or a value that the world does not have. */
export function shiftPoint(world: World, given: GivenShift): ShiftPoint {
  const advice = `Run "mesascope worlds ${world.name}".`;
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const axis = world.axes.find((candidate) => candidate.name === name);
      if (!axis) {
        const known = world.axes.map((candidate) => candidate.name);
        return throwUnknown(`shift axis of ${world.name}`, name, known, advice);
      }
      // Of numbers, an axis lists examples; the world checks the range when it draws a level.
      const number = typeof axis.training === "number" && Number.isFinite(Number(text)) ? Number(text) : undefined;
      const value = number ?? axis.values.find((candidate) => String(candidate) === text);
      if (value === undefined) {
        throw new MesascopeError("usage", `${name}=${text} given; axis ${name} knows ${axis.values.join(", ")}. ${advice}`);
      }
      return [name, value];
    }),
  );
}
