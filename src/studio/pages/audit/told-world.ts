// What a report says of its world and its organism, out of what the build knows already where it does.

import type { Recipe } from "../../../core/organisms/recipe.ts";
import { loadScript } from "../../app/script-missing.ts";
import type { AuditedWorld, Planted } from "./audited-world.ts";
import { worldKey } from "./world-key.ts";

export interface ToldWorld {
  readonly world: AuditedWorld;
  /** Null for an organism that this version does not have, and for recipes of one's own. */
  readonly planted: Planted | null;
}

export async function toldWorld(recipe: Pick<Recipe, "world">, organism: string | null): Promise<ToldWorld> {
  const { defaultParameters, toldWorlds, toldPlaces, toldOrganisms } = await loadScript(() => import("./told-worlds.built.ts"));
  const { name, parameters } = recipe.world;
  const text = toldWorlds[toldPlaces[worldKey(name, { ...defaultParameters[name], ...parameters })] ?? -1];
  const planted = organism === null ? undefined : toldOrganisms[organism];
  return {
    world: text === undefined ? await withAllWorlds(recipe) : JSON.parse(text),
    planted: planted === undefined ? null : JSON.parse(planted),
  };
}

/** At parameters of one's own, which a world itself has to read. */
async function withAllWorlds(recipe: Pick<Recipe, "world">): Promise<AuditedWorld> {
  const { auditedWorld } = await loadScript(() => import("./audited-world.ts"));
  return auditedWorld(recipe);
}
