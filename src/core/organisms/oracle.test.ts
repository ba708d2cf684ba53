import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { optimalReturn } from "../objectives/finite-horizon.ts";
import { asCollectionWorld } from "../worlds/grid/collection.ts";
import { findWorld } from "../worlds/index.ts";
import type { World } from "../worlds/world.ts";
import { bestReturns } from "./oracle.ts";

function levelsOf(world: World, count: number): unknown[] {
  const prng = Prng.fromSeed(5);
  return Array.from({ length: count }, () => world.sampleLevel(world.deployment, prng));
}

describe("bestReturns", () => {
  const arcade = findWorld("arcade", { size: 5, coins: 2, capsules: 2 });
  const weights = [{ coin: 1 }, { capsule: 1, coin: -0.5 }];

  it("is the solver's where levels are cells with items", () => {
    const levels = levelsOf(arcade, 6);
    const { collection } = asCollectionWorld(arcade);
    const expected = weights.map((wanted) => levels.map((level) => optimalReturn(collection(level), { weights: wanted })));
    expect(bestReturns(arcade, levels, weights).map((each) => [...each])).toEqual(expected);
  });

  it("is the same by enumeration as by the solver", () => {
    const levels = levelsOf(arcade, 3);
    const { collection: _, ...withoutSolver } = asCollectionWorld(arcade);
    const [solved, enumerated] = [arcade, withoutSolver].map((world) => bestReturns(world, levels, weights));
    for (const [w, best] of solved!.entries())
      for (const [l, value] of best.entries()) expect(enumerated![w]![l]).toBeCloseTo(value, 6);
  });

  it("is the lower bound that a world gives where it has too many states", () => {
    const { collection: _, ...world } = asCollectionWorld(arcade);
    const bounds = (_level: unknown, wanted: { readonly coin?: number }) => ({ lower: 3 * (wanted.coin ?? 0), upper: 100 });
    const bounded: World = { ...world, solving: { kind: "bounds", bounds } };
    expect(bestReturns(bounded, levelsOf(arcade, 2), weights).map((each) => [...each])).toEqual([
      [3, 3],
      [-1.5, -1.5],
    ]);
  });

  it("refuses a weight of a feature that the world does not have", () => {
    expect(() => bestReturns(findWorld("corner"), levelsOf(findWorld("corner"), 1), [{ coin: 1 }])).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });
});
