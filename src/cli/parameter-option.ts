// The option --parameter NAME=NUMBER, which makes another variant of a world.

import { InvalidArgumentError } from "commander";
import type { WorldParameters } from "../core/worlds/world.ts";

/** Adds one `name=number` to those given before; a parser for commander. Which there are, and from where to where, the world checks. */
export function addParameter(text: string, before: WorldParameters = {}): WorldParameters {
  const match = /^([^=]+)=(.+)$/.exec(text);
  if (!match || !Number.isFinite(Number(match[2]))) throw new InvalidArgumentError("Expected NAME=NUMBER, such as size=9.");
  return { ...before, [match[1]!]: Number(match[2]) };
}
