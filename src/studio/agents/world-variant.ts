// Variants of worlds, each made once: what is found out about a world, such as its tiles, its scripted agents or how it draws levels, is known by
// the world itself, and would be found out anew of another like it.

import type { World, WorldParameters } from "../../core/worlds/world.ts";

/** Variants that are kept: those that were asked for last. */
const mostVariants = 32;
const variants = new Map<string, World>();

/** The same variant of `standard` for the same parameters, in whatever order and by whatever preset. Throws `usage` as `withParameters`. */
export function worldVariant(standard: World, parameters: WorldParameters): World {
  const all = Object.entries({ ...standard.parameters, ...parameters }).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = `${standard.name} ${JSON.stringify(all)}`;
  const world = variants.get(key) ?? standard.withParameters(Object.fromEntries(all));
  variants.delete(key);
  variants.set(key, world);
  const [oldest] = variants.keys();
  if (variants.size > mostVariants && oldest !== undefined) variants.delete(oldest);
  return world;
}
