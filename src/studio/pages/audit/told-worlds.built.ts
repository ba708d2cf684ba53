// What worlds say of themselves, at the parameters that organisms and presets have, and what organisms were made to want. The build of the studio
// writes in place of this module what it exports: a page loads the words, and not all worlds.

import { organisms } from "../../../core/organisms/index.ts";
import { findWorld, worlds } from "../../../core/worlds/index.ts";
import type { WorldParameters } from "../../../core/worlds/world.ts";
import { auditedWorld, plantedIn } from "./audited-world.ts";
import { worldKey } from "./world-key.ts";

const presets = ["standard", "quick"] as const;
const variants = [
  ...worlds.flatMap((world) => [world, ...presets.map((preset) => world.withParameters(world.presets[preset]))]),
  ...organisms.flatMap(({ recipe }) =>
    presets.map((preset) => {
      const { name, parameters } = recipe({ preset, seed: 1 }).world;
      return findWorld(name, parameters);
    }),
  ),
];
const texts = new Map(variants.map((world) => [worldKey(world.name, world.parameters), JSON.stringify(auditedWorld({ world }))]));
const told = [...new Set(texts.values())];

/** By world: what parameters are that a recipe does not name. */
export const defaultParameters: Readonly<Record<string, WorldParameters>> = Object.fromEntries(
  worlds.map(({ name, parameters }) => [name, parameters]),
);

/** As JSON: words that several presets share stand once. */
export const toldWorlds: readonly string[] = told;

/** Key of a world with all its parameters → place in `toldWorlds`. */
export const toldPlaces: Readonly<Record<string, number>> = Object.fromEntries(
  [...texts].map(([key, text]) => [key, told.indexOf(text)]),
);

/** As JSON, by organism. */
export const toldOrganisms: Readonly<Record<string, string>> = Object.fromEntries(
  organisms.map(({ id }) => [id, JSON.stringify(plantedIn(id))]),
);
