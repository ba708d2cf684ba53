import { describe, expect, it } from "vitest";
import { findOrganism } from "../organisms/index.ts";
import { recipeSchema } from "../organisms/recipe.ts";
import { ppoDefaults } from "../organisms/world-organisms.ts";
import { recipeLike } from "./like.ts";
import { monstersReplication } from "./monsters.ts";

const own = findOrganism("dish/wild").recipe({ preset: "standard", seed: 3 });

describe("recipeLike", () => {
  it("is the organism's recipe where nothing is changed", () => {
    expect(recipeLike("dish/wild", {})({ scale: "stated", seed: 3 })).toEqual(own);
  });

  it("changes what it is told to, and nothing else", () => {
    const distribution = { kind: "shift", point: { separation: "apart" } } as const;
    const recipe = recipeLike("dish/wild", {
      distribution,
      parameters: { planes: 2 },
      encoder: "planes",
      network: { kind: "conv", channels: [4], dense: 32 },
      totalTimesteps: 5000,
      rewarded: { name: "dish", weights: { dish: 1 } },
    })({ scale: "stated", seed: 3 });
    expect(recipe).toEqual({
      ...own,
      world: { name: "dish", parameters: { ...own.world.parameters, planes: 2 } },
      objective: { name: "dish", cases: [{ when: {}, weights: { dish: 1 } }] },
      distribution,
      encoder: "planes",
      network: { kind: "conv", channels: [4], dense: 32 },
      optimizer: { ...own.optimizer, totalTimesteps: 5000 },
    });
    expect(recipeSchema.parse(recipe)).toEqual(recipe);
  });

  it("takes PPO as the card says it, whatever the organism's is", () => {
    const recipe = recipeLike("monsters/wild", { ppo: { gamma: 0.9 } })({ scale: "stated", seed: 3 });
    const { totalTimesteps } = findOrganism("monsters/wild").recipe({ preset: "standard", seed: 3 }).optimizer;
    expect(recipe.optimizer).toEqual({ kind: "ppo", ...ppoDefaults, gamma: 0.9, totalTimesteps });
  });

  it("trains the card of monsters by the recipe that its pilots tell of", () => {
    const [pilots] = monstersReplication.pilots;
    expect(pilots).toContain("discount .92, a lighter value loss, 1.5 million steps");
    for (const { recipe } of monstersReplication.conditions) {
      const { optimizer, network } = recipe({ scale: "stated", seed: 1 });
      expect(network).toEqual({ kind: "mlp", hidden: [64, 64] });
      expect(optimizer).toEqual({
        kind: "ppo",
        ...ppoDefaults,
        ...{ timeLimit: "cut", gamma: 0.92, vfCoef: 0.05, totalTimesteps: 1_500_000 },
      });
    }
  });

  it("takes a handful of updates at the quick scale, and the seed it is given", () => {
    const { seed, optimizer } = recipeLike("dish/wild", { totalTimesteps: 5_000_000 })({ scale: "quick", seed: 8 });
    expect(seed).toBe(8);
    expect(optimizer.totalTimesteps).toBeLessThanOrEqual(20_000);
  });

  it("refuses an organism that there is not", () => {
    expect(() => recipeLike("dish/tame", {})({ scale: "stated", seed: 1 })).toThrow(/unknown organism "dish\/tame"/);
  });
});
