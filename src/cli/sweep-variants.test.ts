import { describe, expect, it } from "vitest";
import { findOrganism } from "../core/organisms/index.ts";
import { recipeSchema } from "../core/organisms/recipe.ts";
import type { JobSpec } from "../lab/job.ts";
import { SweepVariants, variedPaths } from "./sweep-variants.ts";

const axis = { organisms: ["A"], seeds: [1] };

describe("what varies in a sweep", () => {
  it("is what has more values than one, within an entry or from one to another", () => {
    expect(
      variedPaths({ runs: [{ ...axis, fields: { "optimizer.learningRate": [1e-3, 1e-4], "optimizer.epochs": [4] } }] }),
    ).toEqual(["optimizer.learningRate"]);
    expect(variedPaths({ runs: [{ ...axis, fields: { "optimizer.epochs": [4] } }, axis] })).toEqual(["optimizer.epochs"]);
    expect(variedPaths({ runs: [{ ...axis, networks: ["mlp", "conv"], parameters: { size: [5] } }] })).toEqual(["network.kind"]);
    expect(variedPaths({ runs: [{ ...axis, fields: { "optimizer.gamma": { uniform: [0.9, 0.99] } } }] })).toEqual([
      "optimizer.gamma",
    ]);
  });
});

describe("SweepVariants", () => {
  const row = (key: string, run: string | null = null, sweeps = ["rates"]) => ({ key, run, sweeps });

  it("tells jobs by the last part of the paths, asks for each run once, and says nothing of other sweeps", async () => {
    const rates = new Map([
      ["a", 0.001],
      ["b", 0.01],
    ]);
    const asked: string[] = [];
    const specOf = async (key: string): Promise<JobSpec> => {
      asked.push(key);
      const recipe = findOrganism("corner/aligned").recipe({ preset: "quick", seed: 1 });
      const optimizer = { ...recipe.optimizer, learningRate: rates.get(key)! };
      return { kind: "train", organism: null, recipe: recipeSchema.parse({ ...recipe, optimizer }), code: "1" };
    };
    const variants = new SweepVariants({
      name: "rates",
      runs: [{ ...axis, fields: { "optimizer.learningRate": [0.001, 0.01] } }],
    });
    const jobs = [row("a"), row("b"), row("c", "b"), row("d", null, ["another"])];
    const told = await variants.of(jobs, specOf);
    expect([...told]).toEqual([
      ["a", "learningRate=0.001"],
      ["b", "learningRate=0.01"],
      ["c", "learningRate=0.01"],
    ]);
    await variants.of(jobs, specOf);
    expect(asked).toEqual(["a", "b"]);
  });
});
