import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { ArcadeLevel } from "../worlds/arcade/level.ts";
import type { CollectionProblem } from "../worlds/grid/collection.ts";
import type { FeatureWeights } from "../worlds/world.ts";
import { ActionValueBuffers, solveActionValues } from "./action-values.ts";

const world = createArcade();
const anyWeights = fc.record({
  coin: fc.double({ min: -1, max: 1, noNaN: true }),
  capsule: fc.double({ min: -1, max: 1, noNaN: true }),
  red: fc.double({ min: -0.6, max: 0.2, noNaN: true }),
});
const anyCase = { seed: fc.nat(100_000), weights: anyWeights, gamma: fc.constantFrom(0.97, 0.85, 0.7), redCoins: fc.nat(3) };

function drawLevel(seed: number, redCoins: number): ArcadeLevel {
  return world.sampleLevel({ kind: "shift", point: { placement: "apart", redCoins } }, Prng.fromSeed(seed));
}

function rewardOf(features: Float32Array, weights: FeatureWeights): number {
  return features[0]! * weights.coin! + features[1]! * weights.capsule! + features[2]! * weights.red!;
}

function bestAction(
  problem: CollectionProblem,
  values: Float32Array,
  state: { readonly mask: number; readonly cell: number },
): number {
  const row = (state.mask * problem.numCells + state.cell) * problem.numActions;
  let best = 0;
  for (let a = 1; a < problem.numActions; a++) if (values[row + a]! > values[row + best]!) best = a;
  return best;
}

describe("action values", () => {
  it("count the reward of the step that arrives after d steps γ^(d−1)", () => {
    const problem = world.collection(world.parseLevel("@..c\n....\n....\n...."));
    const gamma = 0.9;
    const values = solveActionValues(problem, { weights: { coin: 1 }, gamma });
    const at = (cell: number, action: number) => values[(1 * 16 + cell) * 5 + action]!;
    expect(at(2, 3)).toBeCloseTo(1, 6);
    expect(at(1, 3)).toBeCloseTo(gamma, 6);
    expect(at(0, 3)).toBeCloseTo(gamma ** 2, 6);
    expect(at(0, 4)).toBeCloseTo(gamma ** 3, 6);
    expect(at(12, 0)).toBeCloseTo(gamma ** 5, 6);
  });

  it("count red on each step that ends on it, also on the step that takes the last item", () => {
    const problem = world.collection(world.parseLevel("@~C\n###\n..."));
    const gamma = 0.5;
    const start = (red: number) => solveActionValues(problem, { weights: { coin: 1, red }, gamma })[(1 * 9 + 0) * 5 + 3]!;
    expect(start(-0.2)).toBeCloseTo(-0.2 + gamma * (1 - 0.2), 6);
    // Better to stay on red for ever than to end the episode with the coin.
    expect(start(2)).toBeCloseTo(2 / (1 - gamma), 5);
  });

  it("give both features of a coin that lies on a capsule, once", () => {
    const problem = world.collection(world.parseLevel("@b.\n...\n..p"));
    const values = solveActionValues(problem, { weights: { coin: 1, capsule: 0.25 }, gamma: 0.5 });
    expect(problem.numItems).toBe(2);
    expect(values[(3 * 9 + 0) * 5 + 3]).toBeCloseTo(1.25 + 0.5 ** 2 * 0.25 * 0.5, 6);
  });

  it("satisfy Bellman's equation with the transitions and features of the real world, in every state", () => {
    fc.assert(
      fc.property(fc.record(anyCase), ({ seed, weights, gamma, redCoins }) => {
        const level = drawLevel(seed, redCoins);
        const problem = world.collection(level);
        const values = solveActionValues(problem, { weights, gamma });
        const batch = world.createBatch(1);
        batch.reset(0, level);
        const prng = Prng.fromSeed(seed);
        for (let i = 0; i < 200; i++) {
          const mask = 1 + prng.integer(problem.fullMask);
          const cell = prng.integer(problem.numCells);
          const item = problem.itemAt[cell]!;
          if (problem.open[cell] === 0 || (item >= 0 && (mask >> item) & 1)) continue;
          const action = prng.integer(5);
          batch.place(0, { cell, mask, elapsed: 0 });
          batch.step(Int32Array.of(action));
          const after = { cell: batch.cellOf(0), mask: batch.maskOf(0) };
          const next = values[(after.mask * problem.numCells + after.cell) * 5 + bestAction(problem, values, after)]!;
          const expected = rewardOf(batch.features, weights) + gamma * next;
          expect(values[(mask * problem.numCells + cell) * 5 + action]).toBeCloseTo(expected, 5);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("at the start equal the discounted return of following them in the real world", () => {
    fc.assert(
      fc.property(fc.record(anyCase), ({ seed, weights, gamma, redCoins }) => {
        const level = { ...drawLevel(seed, redCoins), horizon: 600 };
        const problem = world.collection(level);
        const values = solveActionValues(problem, { weights, gamma });
        const batch = world.createBatch(1);
        batch.reset(0, level);
        let total = 0;
        while (batch.done[0] === 0) {
          batch.step(Int32Array.of(bestAction(problem, values, { cell: batch.cellOf(0), mask: batch.maskOf(0) })));
          total += gamma ** (batch.elapsed[0]! - 1) * rewardOf(batch.features, weights);
        }
        const start = { cell: problem.start, mask: problem.fullMask };
        const row = (start.mask * problem.numCells + start.cell) * 5;
        expect(total).toBeCloseTo(values[row + bestAction(problem, values, start)]!, 4);
      }),
      { numRuns: 60 },
    );
  });

  it("are the same with buffers and output used before, for larger problems too", () => {
    const buffers = new ActionValueBuffers();
    const out = new Float32Array(64 * 49 * 5);
    for (let seed = 0; seed < 5; seed++) {
      const problem = world.collection(drawLevel(seed, 1));
      const small = world.collection(world.sampleLevel(world.training, Prng.fromSeed(seed)));
      const options = { weights: { coin: 1, capsule: -0.5, red: -0.1 }, gamma: 0.97 };
      for (const each of [problem, small]) {
        const fresh = solveActionValues(each, options);
        const reused = solveActionValues(each, { ...options, buffers, out });
        expect(reused.subarray(0, fresh.length)).toEqual(fresh);
      }
    }
  });

  it("refuse a discount of 1 and an output that is too short", () => {
    const problem = world.collection(drawLevel(1, 0));
    expect(() => solveActionValues(problem, { weights: {}, gamma: 1 })).toThrow(/expected 0 ≤ gamma < 1/);
    expect(() => solveActionValues(problem, { weights: {}, gamma: 0.9, out: new Float32Array(9) })).toThrow(
      /expected at least 15680/,
    );
  });

  it("are right without an action that stays, and refuse cells with more than four ways out", () => {
    const ring = (numActions: number): CollectionProblem => {
      const numCells = 6;
      const next = Int32Array.from(
        { length: numCells * numActions },
        (_, i) => (Math.floor(i / numActions) + 1 + (i % numActions)) % numCells,
      );
      const itemAt = new Int32Array(numCells).fill(-1);
      itemAt[5] = 0;
      const cellFeatures = new Float32Array(numCells).fill(0).with(2, 1);
      const shared = { features: ["sum"], itemFeatures: Float32Array.of(3), start: 0, fullMask: 1, horizon: 9, numItems: 1 };
      return {
        ...shared,
        numCells,
        numActions,
        next,
        open: new Uint8Array(numCells).fill(1),
        itemAt,
        itemCells: Int32Array.of(5),
        cellFeatures,
      };
    };
    const gamma = 0.8;
    const values = solveActionValues(ring(1), { weights: { sum: -1 }, gamma });
    expect(values[6 + 0]).toBeCloseTo(-gamma - 3 * gamma ** 4, 6);
    expect(() => solveActionValues(ring(5), { weights: { sum: -1 }, gamma })).toThrow(/leads to more than 4 others/);
  });
});
