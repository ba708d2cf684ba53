import { describe, expect, it } from "vitest";
import { findOrganism } from "./index.ts";
import { recipeSchema } from "./recipe.ts";

const recipe = findOrganism("B").recipe({ preset: "quick", seed: 1 });

/** The recipe with the value at `path` replaced. */
function changed(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(recipe);
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  parent[path.at(-1)!] = value;
  return copy;
}

describe("recipeSchema", () => {
  it("gives a recipe back as it went through JSON", () => {
    expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it.each([
    [["extra"], 1],
    [["world", "version"], 1],
    [["objective", "weights"], {}],
    [["objective", "cases", "0", "unless"], {}],
    [["distribution", "weight"], 1],
    [["distribution", "base", "shifted", "extra"], 1],
    [["network", "activation"], "relu"],
    [["optimizer", "numMinibatches"], 4],
  ])("refuses the unknown field %j", (path, value) => {
    expect(recipeSchema.safeParse(changed(path, value)).success).toBe(false);
  });

  it.each([
    [["seed"], -1],
    [["seed"], 0.5],
    [["seed"], 2 ** 53],
    [["encoder"], null],
    [["world", "parameters"], { size: "5" }],
    [["objective", "cases"], []],
    [["objective", "cases", "0", "weights"], { coin: Number.NaN }],
    [["objective", "cases", "0", "when"], { lamp: 1 }],
    [["distribution", "kind"], "even"],
    [["distribution", "alpha"], 1.5],
    [["distribution"], { kind: "shift", point: { lamp: true } }],
    [["network", "kind"], "gru"],
    [["network", "hidden"], []],
    [
      ["network", "hidden"],
      [64, 0],
    ],
    [["network", "hidden"], [1_000_000_000]],
    [["optimizer", "totalTimesteps"], 0],
    [["optimizer", "numEnvs"], 10_000_000],
    [["optimizer", "numEnvs"], 65_536],
    [["optimizer", "numEnvs"], 1.5],
    [["optimizer", "minibatchSize"], -1],
    [["optimizer", "gamma"], 1.01],
    [["optimizer", "gaeLambda"], -0.1],
    [["optimizer", "learningRate"], 0],
    [["optimizer", "learningRate"], Number.POSITIVE_INFINITY],
    [["optimizer", "finalLearningRateShare"], 2],
    [["optimizer", "clipCoef"], 0],
    [["optimizer", "entCoef"], -0.01],
    [["optimizer", "maxGradNorm"], 0],
    [["optimizer", "vfCoef"], undefined],
    [["optimizer", "timeLimit"], "never"],
  ])("refuses %j with the value %j", (path, value) => {
    expect(recipeSchema.safeParse(changed(path, value)).success).toBe(false);
  });
});
