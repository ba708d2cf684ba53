// From what a sweep file names to recipes: organisms by their patterns, variants, parameters and fields put into them, and checked.

import { MesascopeError, throwUnknown } from "../../core/base/errors.ts";
import { nearestNames } from "../../core/base/nearest-names.ts";
import { findOrganism, organisms } from "../../core/organisms/index.ts";
import { type PlainRecipe, type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { variantOf } from "../../core/organisms/variants.ts";
import { matchesWildcards } from "../wildcards.ts";
import type { Configuration } from "./configurations.ts";
import { fieldErrors } from "./field-errors.ts";
import { pathsOf, withField } from "./recipe-fields.ts";
import type { SweepRuns } from "./sweep-file.ts";

/** Every seed of an organism gives the same recipe but for the seed itself, which is put in at the end. */
const anySeed = 0;
/** Whoever changes one of these has another organism, and none that is known. */
const partsOfTruth = ["objective", "distribution", "inputs", "world", "world.name"];
const nearestTold = 3;

/** A recipe that is made and not checked yet. */
export interface Draft {
  /** Where recipes are the user's own, null. */
  readonly organism: string | null;
  readonly preset: "standard" | "quick" | null;
  /** A recipe with some seed, but for what fields put into it. */
  readonly recipe: unknown;
  /** How messages name it: `corner/aligned (quick) with optimizer.learningRate 0.01`. */
  readonly name: string;
  /** The organism that the agent must turn out to be. */
  readonly verified: string | null;
}

/** The ids that an entry's patterns stand for, in the order of the patterns, each once. Throws `usage` for a pattern that is nobody's. */
export function organismsOf({ organisms: patterns = [] }: SweepRuns): readonly string[] {
  const ids = organisms.map(({ id }) => id);
  const found = patterns.flatMap((pattern) => {
    if (!pattern.includes("*")) return [findOrganism(pattern).id];
    const matching = ids.filter((id) => matchesWildcards(id, pattern));
    if (matching.length > 0) return matching;
    return throwUnknown("organisms", pattern, ids, 'Run "mesascope organisms" for the list.');
  });
  return [...new Set(found)];
}

/** Makes the recipes of one entry of a sweep's runs. */
export class RecipeMaker {
  readonly #runs: SweepRuns;
  readonly #plain = new Map<string, PlainRecipe>();

  constructor(runs: SweepRuns) {
    this.#runs = runs;
  }

  /** Throws `usage` where a network or optimizer is chosen for a recipe of one's own that has another, or a field leads nowhere. */
  draft(configuration: Configuration): Draft {
    const { base, parameters, fields } = configuration;
    const name = nameOf(configuration);
    const variant = this.#variant(configuration, name);
    const world = { ...variant.world, parameters: { ...variant.world.parameters, ...parameters } };
    let recipe: unknown = { ...variant, world };
    for (const [path, value] of fields) {
      const changed = withField(recipe, path, value);
      if (changed === null) throw misled({ path, recipe, name });
      recipe = changed;
    }
    const organism = base.kind === "organism" ? base.organism : null;
    return {
      organism,
      preset: base.kind === "organism" ? base.preset : null,
      recipe,
      name,
      verified: this.#verified(configuration),
    };
  }

  #variant({ base, network, optimizer }: Configuration, name: string): Recipe {
    const variant = { ...(network && { network }), ...(optimizer && { optimizer }) };
    if (base.kind === "organism") {
      return variantOf(this.#plainRecipe(base), { ...findOrganism(base.organism).needs, ...variant });
    }
    const recipe: Recipe = { ...this.#runs.recipes![base.index]!, seed: anySeed };
    if (!network && !optimizer) return recipe;
    if (isPlain(recipe)) return variantOf(recipe, variant);
    throw new MesascopeError(
      "usage",
      `networks or optimizers given for ${name}, which has ${recipe.network.kind} and ${recipe.optimizer.kind}; expected a recipe with mlp and ppo. Write the network and the optimizer into the recipe, or use "fields".`,
    );
  }

  #plainRecipe({ organism, preset }: Extract<Configuration["base"], { readonly kind: "organism" }>): PlainRecipe {
    const key = `${preset} ${organism}`;
    const made = this.#plain.get(key) ?? findOrganism(organism).recipe({ preset, seed: anySeed });
    this.#plain.set(key, made);
    return made;
  }

  #verified({ base, parameters, fields }: Configuration): string | null {
    if (base.kind === "recipe") return null;
    const isChanged = fields.length > 0 || Object.keys(parameters).length > 0;
    const isWanted = this.#runs.verify ?? !isChanged;
    if (!isWanted) return null;
    const [untrue] = fields.filter(([path]) =>
      partsOfTruth.some((part) => path === part || (path.startsWith(`${part}.`) && part !== "world")),
    );
    if (!untrue) return base.organism;
    throw new MesascopeError(
      "usage",
      `verify: true given with the field "${untrue[0]}"; expected fields that leave ${base.organism} what it is. Leave "verify" out: these are recipes of your own.`,
    );
  }
}

/** The recipe of a draft. Throws `usage` naming the fields that are wrong. */
export function checkedRecipe({ recipe, name }: Draft): Recipe {
  const parsed = recipeSchema.safeParse(recipe);
  if (parsed.success) return parsed.data;
  throw new MesascopeError(
    "usage",
    `${name} is no recipe: ${fieldErrors({ error: parsed.error, json: recipe, schema: recipeSchema })}. Change the values, or leave this combination out by "exclude".`,
  );
}

function isPlain(recipe: Recipe): recipe is PlainRecipe {
  return recipe.network.kind === "mlp" && recipe.optimizer.kind === "ppo";
}

function nameOf({ base, network, optimizer, parameters, fields }: Configuration): string {
  const first = base.kind === "organism" ? `${base.organism} (${base.preset})` : `recipe ${base.index}`;
  const chosen = [
    ...(network ? [network] : []),
    ...(optimizer ? [optimizer] : []),
    ...Object.entries(parameters).map(([parameter, value]) => `${parameter} ${value}`),
    ...fields.map(([path, value]) => `${path} ${JSON.stringify(value).slice(0, 40)}`),
  ];
  return chosen.length === 0 ? first : `${first} with ${chosen.join(", ")}`;
}

function misled({
  path,
  recipe,
  name,
}: {
  readonly path: string;
  readonly recipe: unknown;
  readonly name: string;
}): MesascopeError {
  const nearest = nearestNames(path, pathsOf(recipe)).slice(0, nearestTold);
  return new MesascopeError(
    "usage",
    `field "${path}" given, which leads nowhere in ${name}; nearest: ${nearest.join(", ")}. Correct the path, or leave this combination out by "exclude".`,
  );
}
