import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { createArcade } from "./arcade/arcade.ts";
import { evenMixture, separatingDistribution, variedAxes } from "./distribution.ts";
import type { LevelDistribution, ShiftPoint } from "./world.ts";

/** The points of a distribution with their exact probabilities. */
function leavesOf(
  distribution: LevelDistribution,
  probability = 1,
): { readonly point: ShiftPoint; readonly probability: number }[] {
  if (distribution.kind === "shift") return [{ point: distribution.point, probability }];
  const { base, shifted, alpha } = distribution;
  return [...leavesOf(base, probability * (1 - alpha)), ...leavesOf(shifted, probability * alpha)];
}

function depthOf(distribution: LevelDistribution): number {
  return distribution.kind === "shift" ? 0 : 1 + Math.max(depthOf(distribution.base), depthOf(distribution.shifted));
}

function shift(point: ShiftPoint): LevelDistribution {
  return { kind: "shift", point };
}

describe("evenMixture", () => {
  it("gives each of n distributions the probability 1/n, in order, in a tree of depth ⌈log₂ n⌉", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (n) => {
        const mixture = evenMixture(Array.from({ length: n }, (_, i) => shift({ i })));
        const leaves = leavesOf(mixture);
        expect(leaves.map(({ point }) => point.i)).toEqual(Array.from({ length: n }, (_, i) => i));
        for (const { probability } of leaves) expect(probability).toBeCloseTo(1 / n, 12);
        expect(depthOf(mixture)).toBe(Math.ceil(Math.log2(n)));
      }),
    );
  });

  it("draws every part equally often", () => {
    const world = createArcade({ walls: 0 });
    const parts = [0, 1, 2, 3, 4, 5, 6];
    const mixture = evenMixture(parts.map((walls) => shift({ walls })));
    const prng = Prng.fromSeed(5);
    const counts = parts.map(() => 0);
    const draws = 7000;
    for (let i = 0; i < draws; i++) counts[world.sampleLevel(mixture, prng).walls.length]! += 1;
    const expected = draws / parts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 99.9% quantile of χ² with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46);
  });

  it("refuses to mix nothing", () => {
    expect(() => evenMixture([])).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("variedAxes", () => {
  it("crosses all values, and one that is named twice weighs double", () => {
    const leaves = leavesOf(variedAxes({ placement: ["coupled", "apart", "apart"], redCoins: [0, 1], lamp: ["novel"] }));
    const weights = new Map<string, number>();
    for (const { point, probability } of leaves) {
      const key = `${point.placement} ${point.redCoins} ${point.lamp}`;
      weights.set(key, (weights.get(key) ?? 0) + probability);
    }
    expect([...weights.keys()].sort()).toEqual(["apart 0 novel", "apart 1 novel", "coupled 0 novel", "coupled 1 novel"]);
    expect(weights.get("apart 0 novel")).toBeCloseTo(1 / 3, 12);
    expect(weights.get("coupled 1 novel")).toBeCloseTo(1 / 6, 12);
  });

  it("is the training distribution where no axis is varied, and refuses an axis without values", () => {
    expect(variedAxes({})).toEqual({ kind: "shift", point: {} });
    expect(() => variedAxes({ lamp: [] })).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("separatingDistribution", () => {
  it("moves what deployment moves and leaves the cues at training", () => {
    const world = createArcade();
    const leaves = leavesOf(separatingDistribution(world));
    expect(leaves.map(({ point }) => point)).toEqual([0, 1, 2, 3].map((redCoins) => ({ placement: "apart", redCoins })));
    const prng = Prng.fromSeed(2);
    for (let i = 0; i < 50; i++) {
      const level = world.sampleLevel(separatingDistribution(world), prng);
      expect(world.contextOf(level)).toEqual({ lamp: "training", palette: "training" });
      expect(level.coins.some((cell) => level.capsules.includes(cell))).toBe(false);
    }
  });
});
