import { expect, it } from "vitest";
import { findOrganism } from "../core/organisms/index.ts";
import type { Recipe } from "../core/organisms/recipe.ts";
import { type ConfigKinds, configColumns, flattenRecipe, noteConfig } from "./flatten-recipe.ts";

const recipe: Recipe = findOrganism("corner/aligned").recipe({ seed: 4, preset: "quick" });
const shift = (point: Readonly<Record<string, string | number>>) => ({ kind: "shift" as const, point });

it("values are named by their path, lists are JSON, and what has a column of its own is left out", () => {
  const flat = flattenRecipe(recipe);
  expect(flat.get("optimizer.gamma")).toBe(0.97);
  expect(flat.get("network.hidden")).toBe("[64,64]");
  expect(flat.get("world.parameters.mazes")).toBe(0);
  for (const path of ["seed", "world.name", "network.kind", "optimizer.kind", "objective.name"])
    expect(flat.has(path)).toBe(false);
});

it("an axis that never varies is its value", () => {
  const flat = flattenRecipe({ ...recipe, distribution: shift({ size: 3, place: "far" }) });
  expect(flat.get("distribution.size")).toBe(3);
  expect(flat.get("distribution.place")).toBe("far");
});

it("an axis that varies is the share of each value, through all mixtures of mixtures", () => {
  const inner = { kind: "mixture" as const, base: shift({ size: 1 }), shifted: shift({ size: 2 }), alpha: 0.25 };
  const flat = flattenRecipe({
    ...recipe,
    distribution: { kind: "mixture", base: inner, shifted: shift({ size: 2, place: "far" }), alpha: 0.4 },
  });
  expect(JSON.parse(String(flat.get("distribution.size")))).toEqual({ 1: 0.45, 2: 0.55 });
  expect(JSON.parse(String(flat.get("distribution.place")))).toEqual({ far: 0.4 });
});

it("columns have the type that all values have, and text where they differ", () => {
  const kinds: ConfigKinds = new Map();
  noteConfig(kinds, flattenRecipe({ ...recipe, distribution: shift({ size: 3, place: "far" }) }));
  noteConfig(kinds, flattenRecipe({ ...recipe, distribution: shift({ size: "large", place: "near" }) }));
  const types = Object.fromEntries(configColumns(kinds).map(({ path, type }) => [path, type]));
  expect(types).toMatchObject({ "optimizer.gamma": "number", "distribution.size": "text", "distribution.place": "text" });
});

it("names are plain, and no two are one in SQL, which knows no upper and lower case", () => {
  const kinds: ConfigKinds = new Map();
  noteConfig(kinds, new Map([["world.parameters.a b", 1]]));
  noteConfig(kinds, new Map([["world.parameters.A-B", 1]]));
  noteConfig(kinds, new Map([["world.parameters.größe", 1]]));
  expect(configColumns(kinds).map(({ name }) => name)).toEqual([
    "config_world_parameters_A_B",
    "config_world_parameters_a_b_2",
    "config_world_parameters_gr_e",
  ]);
});
