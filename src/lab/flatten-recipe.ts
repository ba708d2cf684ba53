// A recipe as a flat list of named values, and the columns that the values of many recipes make. What has a column of its own elsewhere
// (world, network, optimizer, seed, objective) is left out.

import type { Recipe } from "../core/organisms/recipe.ts";
import type { LevelDistribution } from "../core/worlds/world.ts";

export type ConfigValue = string | number | boolean;

/** By path into the recipe, such as `optimizer.learningRate`. */
export type FlatConfig = ReadonlyMap<string, ConfigValue>;

const ownColumns: ReadonlySet<string> = new Set(["world.name", "network.kind", "optimizer.kind", "objective.name", "seed"]);

/**
 * Numbers, strings and truth values by their path; a list is its JSON, such as `[64,64]`. Of the distribution of levels, whose mixtures can be
 * large trees, each shift axis is told: its value, or where it varies the share of each value, such as `{"training":0.5,"deployment":0.5}`.
 */
export function flattenRecipe({ distribution, ...recipe }: Recipe): FlatConfig {
  return new Map([...flattenConfig(recipe), ...flattenDistribution(distribution)]);
}

/** As `flattenRecipe`, of all but the distribution of levels. */
export function flattenConfig(config: Omit<Recipe, "seed" | "distribution">): FlatConfig {
  const flat = new Map<string, ConfigValue>();
  collect({ value: config, path: "", into: flat });
  for (const path of ownColumns) flat.delete(path);
  return flat;
}

/** As `flattenRecipe`, of the distribution of levels alone. */
export function flattenDistribution(distribution: LevelDistribution): FlatConfig {
  return new Map([...axisValues(distribution)].map(([axis, value]) => [`distribution.${axis}`, value]));
}

function axisValues(distribution: LevelDistribution): ReadonlyMap<string, ConfigValue> {
  const shares = new Map<string, Map<string | number, number>>();
  addShares({ distribution, share: 1, into: shares });
  return new Map(
    [...shares].map(([axis, values]) => {
      const [[only = "", share = 0] = [], ...others] = values;
      const isCertain = others.length === 0 && share > 1 - 1e-9;
      // Sums of shares such as 0.1 have many digits; six tell them apart.
      const rounded = [...values].map(([value, part]) => [value, Math.round(part * 1e6) / 1e6]);
      return [axis, isCertain ? only : JSON.stringify(Object.fromEntries(rounded))];
    }),
  );
}

interface AddingShares {
  readonly distribution: LevelDistribution;
  readonly share: number;
  readonly into: Map<string, Map<string | number, number>>;
}

function addShares({ distribution, share, into }: AddingShares): void {
  if (distribution.kind === "mixture") {
    const { base, shifted, alpha } = distribution;
    addShares({ distribution: base, share: share * (1 - alpha), into });
    addShares({ distribution: shifted, share: share * alpha, into });
    return;
  }
  for (const [axis, value] of Object.entries(distribution.point)) {
    const values = into.get(axis) ?? new Map<string | number, number>();
    values.set(value, (values.get(value) ?? 0) + share);
    into.set(axis, values);
  }
}

interface Collecting {
  readonly value: unknown;
  readonly path: string;
  readonly into: Map<string, ConfigValue>;
}

function collect({ value, path, into }: Collecting): void {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") into.set(path, value);
  else if (Array.isArray(value)) into.set(path, JSON.stringify(value));
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      collect({ value: inner, path: path === "" ? key : `${path}.${key}`, into });
    }
  }
}

/** What kind of values each path has held so far. Grows with every recipe that is noted. */
export type ConfigKinds = Map<string, "number" | "text" | "truth">;

/** Notes the paths of one more recipe; where two hold values of different kinds, the path's column is text. */
export function noteConfig(kinds: ConfigKinds, config: FlatConfig): void {
  for (const [path, value] of config) {
    const kind = typeof value === "number" ? "number" : typeof value === "boolean" ? "truth" : "text";
    const before = kinds.get(path);
    kinds.set(path, before === undefined || before === kind ? kind : "text");
  }
}

export interface ConfigColumn {
  /** `config_` and the path with `_` for all but letters and digits; numbered where that is taken (SQL knows no upper and lower case). */
  readonly name: string;
  readonly type: "number" | "text" | "truth";
  readonly meaning: string;
  readonly path: string;
}

/** A column per path, in the order of the paths. */
export function configColumns(kinds: ConfigKinds): readonly ConfigColumn[] {
  const taken = new Set<string>();
  return [...kinds.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, type]) => {
      const plain = `config_${path.replaceAll(/[^A-Za-z0-9]+/g, "_")}`;
      let name = plain;
      for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${plain}_${number}`;
      taken.add(name.toLowerCase());
      return { name, type, meaning: `${path} of the recipe`, path };
    });
}
