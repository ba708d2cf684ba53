import type { WorldParameters } from "../../../core/worlds/world.ts";

/** The same for the same world with the same parameters, in whatever order they stand. */
export function worldKey(name: string, parameters: WorldParameters): string {
  return JSON.stringify([name, ...Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1))]);
}
