import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { FeatureWeights } from "../worlds/world.ts";
import { HorizonBuffers, optimalReturn, solveFiniteHorizon } from "./finite-horizon.ts";

const world = createArcade();
const anyWeights = fc.record({
  coin: fc.double({ min: -1, max: 1, noNaN: true }),
  capsule: fc.double({ min: -1, max: 1, noNaN: true }),
  red: fc.double({ min: -0.6, max: 0.2, noNaN: true }),
});

function rewardOf(features: Float32Array, weights: FeatureWeights): number {
  return features[0]! * weights.coin! + features[1]! * weights.capsule! + features[2]! * weights.red!;
}

describe("the best return within the horizon", () => {
  it("is the number of coins on every training level", () => {
    const prng = Prng.fromSeed(1);
    const buffers = new HorizonBuffers();
    for (let i = 0; i < 300; i++) {
      const problem = world.collection(world.sampleLevel(world.training, prng));
      expect(optimalReturn(problem, { weights: { coin: 1 }, buffers })).toBe(3);
    }
  });

  it("is that of the best of all action sequences", () => {
    fc.assert(
      fc.property(anyWeights, fc.integer({ min: 1, max: 5 }), (weights, horizon) => {
        const level = { ...world.parseLevel("c@~\np#C\n..b"), horizon };
        const batch = world.createBatch(1);
        batch.reset(0, level);
        const search = (): number => {
          if (batch.done[0] !== 0) return 0;
          const state = batch.snapshot();
          let best = Number.NEGATIVE_INFINITY;
          for (let action = 0; action < 5; action++) {
            batch.restore(state);
            batch.step(Int32Array.of(action));
            best = Math.max(best, rewardOf(batch.features, weights) + search());
          }
          batch.restore(state);
          return best;
        };
        expect(optimalReturn(world.collection(level), { weights })).toBeCloseTo(search(), 6);
      }),
      { numRuns: 10 },
    );
  });

  it("is the return of following its policy in the real world", () => {
    const buffers = new HorizonBuffers();
    fc.assert(
      fc.property(fc.nat(100_000), anyWeights, fc.integer({ min: 4, max: 32 }), (seed, weights, horizon) => {
        const drawn = world.sampleLevel(seed % 2 === 0 ? world.training : world.deployment, Prng.fromSeed(seed));
        const level = { ...drawn, horizon };
        const problem = world.collection(level);
        const { value, policy } = solveFiniteHorizon(problem, { weights, buffers });
        const batch = world.createBatch(1);
        batch.reset(0, level);
        let total = 0;
        while (batch.done[0] === 0) {
          const state = (batch.elapsed[0]! * (problem.fullMask + 1) + batch.maskOf(0)) * problem.numCells + batch.cellOf(0);
          batch.step(Int32Array.of(policy[state]!));
          total += rewardOf(batch.features, weights);
        }
        expect(total).toBeCloseTo(value, 5);
        expect(optimalReturn(problem, { weights, buffers })).toBe(value);
      }),
      { numRuns: 60 },
    );
  });
});
