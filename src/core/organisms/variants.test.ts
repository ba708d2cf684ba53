import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { findOrganism } from "./index.ts";
import { recipeSchema } from "./recipe.ts";
import { TrainingRun } from "./training-run.ts";
import { networkKinds, optimizerKinds, variantOf, withVariedHyperparameters } from "./variants.ts";

const plain = findOrganism("A").recipe({ preset: "quick", seed: 3 });

describe("variantOf", () => {
  it("leaves a recipe as it is where nothing else is asked for", () => {
    expect(variantOf(plain, {})).toEqual(plain);
  });

  it("changes what the network and the optimizer need, and nothing of what the organism is", () => {
    for (const network of networkKinds) {
      for (const optimizer of optimizerKinds) {
        const recipe = variantOf(plain, { network, optimizer });
        expect(recipe.network.kind).toBe(network);
        expect(recipe.optimizer.kind).toBe(optimizer);
        const { world, objective, distribution, seed } = recipe;
        expect({ world, objective, distribution, seed }).toEqual({
          world: plain.world,
          objective: plain.objective,
          distribution: plain.distribution,
          seed: plain.seed,
        });
        expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
      }
    }
  });
});

describe("withVariedHyperparameters", () => {
  const varied = Array.from({ length: 60 }, (_, seed) => withVariedHyperparameters({ ...plain, seed }));

  it("gives recipes that follow the schema, of the same organism, the same for the same seed", () => {
    for (const recipe of varied) {
      expect(recipeSchema.parse(recipe)).toEqual(recipe);
      expect(recipe).toMatchObject({ world: plain.world, objective: plain.objective, distribution: plain.distribution });
      expect(withVariedHyperparameters({ ...plain, seed: recipe.seed })).toEqual(recipe);
    }
  });

  it("varies widths, learning rate, discount, entropy and steps, never below the steps of the recipe", () => {
    const values = (of: (recipe: (typeof varied)[number]) => unknown) =>
      new Set(varied.map((recipe) => JSON.stringify(of(recipe))));
    expect(values(({ network }) => network).size).toBe(4);
    for (const field of ["learningRate", "gamma", "gaeLambda", "entCoef", "updateEpochs", "totalTimesteps"] as const)
      expect(values(({ optimizer }) => optimizer.kind === "ppo" && optimizer[field]).size, field).toBeGreaterThan(1);
    for (const { optimizer } of varied) {
      expect(optimizer.totalTimesteps).toBeGreaterThanOrEqual(plain.optimizer.totalTimesteps);
      if (optimizer.kind === "ppo") expect(optimizer.gamma).toBeLessThan(1);
    }
  });

  it("leaves an organism that stops after one update undertrained, and another optimizer as it is", () => {
    const once = { ...plain, optimizer: { ...plain.optimizer, totalTimesteps: 1 } };
    expect(withVariedHyperparameters(once).optimizer.totalTimesteps).toBe(1);
    const evolved = variantOf(plain, { optimizer: "es" });
    expect(withVariedHyperparameters(evolved)).toEqual(evolved);
  });
});

describe("a run of a variant", () => {
  const unfit = (network: string, optimizer: string) =>
    optimizer === "imitation" && ["gru", "lstm", "conv-gru"].includes(network);
  const pairs = networkKinds.flatMap((network) => optimizerKinds.map((optimizer) => ({ network, optimizer })));

  it.each(pairs.filter(({ network, optimizer }) => !unfit(network, optimizer)))(
    "of $network by $optimizer changes its weights, plays, and continues from a snapshot to the same bits",
    async ({ network, optimizer }) => {
      const engine = await createOnnxEngine();
      const recipe = smallest(variantOf(plain, { network, optimizer }));
      const run = await TrainingRun.create(engine, recipe);
      const twin = await TrainingRun.create(engine, recipe);
      try {
        const before = run.export().model;
        const snapshot = structuredClone(run.snapshot());
        await run.update();
        expect(run.export().model).not.toEqual(before);
        expect((await run.evaluate()).oracleShare).toBeGreaterThanOrEqual(0);
        twin.restore(snapshot);
        await twin.update();
        expect(twin.export().model).toEqual(run.export().model);
      } finally {
        await run.release();
        await twin.release();
      }
    },
  );

  it.each(pairs.filter(({ network, optimizer }) => unfit(network, optimizer)))(
    "of $network by $optimizer is refused, saying what fits",
    async ({ network, optimizer }) => {
      const engine = await createOnnxEngine();
      await expect(TrainingRun.create(engine, variantOf(plain, { network, optimizer }))).rejects.toMatchObject({
        code: "usage",
        message: expect.stringContaining(network),
      });
    },
  );

  /** The same kinds, with as little to compute as may be. */
  function smallest(recipe: ReturnType<typeof variantOf>) {
    const { optimizer } = recipe;
    switch (optimizer.kind) {
      case "ppo":
        return { ...recipe, optimizer: { ...optimizer, numEnvs: 8, numSteps: 8, minibatchSize: 32 } };
      case "es":
      case "cma-es":
        return { ...recipe, optimizer: { ...optimizer, populationSize: 4, episodesPerMember: 1 } };
      case "imitation":
        return { ...recipe, optimizer: { ...optimizer, batchSize: 32 } };
      default:
        return optimizer satisfies never;
    }
  }
});
