import { describe, expect, it } from "vitest";
import { arcade, arcadeLevel, arcadeLink } from "../agents/arcade-link.fixture.ts";
import { Prng } from "../base/prng.ts";
import { enumerateLevel } from "../worlds/enumeration/enumerate-outside.ts";
import type { EnumeratedLevel } from "../worlds/enumeration/enumerated-level.ts";
import { connectWorld } from "../worlds/external-world.ts";
import { solveActionValues } from "./action-values.ts";
import { bestReturn, solveEnumeratedValues, statesThatReach } from "./enumerated-values.ts";
import { optimalReturn } from "./finite-horizon.ts";
import { weightVector } from "./objective.ts";

/** Levels of the small arcade, found through its protocol, beside the arcade's own description of them. */
async function levelsOf(count: number) {
  const world = await connectWorld(arcadeLink());
  const prng = Prng.fromSeed(7);
  const out = [];
  for (let i = 0; i < count; i++) {
    const level = world.sampleLevel({ kind: "shift", point: { placement: "apart", redCoins: 1 } }, prng);
    const result = await enumerateLevel({ world, level, limit: 5000, prng });
    if (result.kind === "refused") throw new Error(result.reason);
    out.push({ problem: result.problem, own: arcade.collection(arcadeLevel(level).level) });
  }
  return out;
}

/** The arcade's cell and items of every state, by walking along the ways on which they were found. */
function arcadeStates(problem: EnumeratedLevel, own: ReturnType<typeof arcade.collection>) {
  const states = [{ cell: own.start, mask: own.fullMask }];
  for (let state = 1; state < problem.numStates; state++) {
    const move = problem.cameFrom[state]!;
    const before = states[Math.floor(move / problem.numActions)]!;
    const cell = own.next[before.cell * own.numActions + (move % problem.numActions)]!;
    const item = own.itemAt[cell]!;
    states.push({ cell, mask: item < 0 ? before.mask : before.mask & ~(1 << item) });
  }
  return states;
}

const objectives = [{ coin: 1 }, { capsule: 1 }, { coin: 1, capsule: -0.5 }, { coin: 1, capsule: 0.4, red: -0.3 }, { red: -1 }];

describe("values of an enumerated level", () => {
  it("are the arcade solver's on the arcade, at every discount and objective", async () => {
    for (const { problem, own } of await levelsOf(3)) {
      const states = arcadeStates(problem, own);
      for (const weights of objectives) {
        for (const gamma of [0.97, 0.7]) {
          const expected = solveActionValues(own, { weights, gamma });
          const values = solveEnumeratedValues(problem, { weights: weightVector(weights, own.features), gamma });
          let farthest = 0;
          states.forEach(({ cell, mask }, state) => {
            for (let a = 0; a < own.numActions; a++) {
              const difference =
                values[state * own.numActions + a]! - expected[(mask * own.numCells + cell) * own.numActions + a]!;
              farthest = Math.max(farthest, Math.abs(difference));
            }
          });
          expect(farthest).toBeLessThan(1e-4);
        }
      }
    }
  });

  it("have the arcade solver's best return within the horizon", async () => {
    for (const { problem, own } of await levelsOf(3)) {
      for (const weights of objectives) {
        expect(bestReturn(problem, weightVector(weights, own.features))).toBeCloseTo(optimalReturn(own, { weights }), 5);
      }
    }
  });

  it("tell the states from which a feature can still be had", async () => {
    const [{ problem, own }] = (await levelsOf(1)) as [Awaited<ReturnType<typeof levelsOf>>[number]];
    const states = arcadeStates(problem, own);
    const reach = statesThatReach(problem, own.features.indexOf("coin"));
    states.forEach(({ mask }, state) => {
      const isLeft = own.itemCells.some(
        (_, item) => ((mask >> item) & 1) === 1 && own.itemFeatures[item * own.features.length]! > 0,
      );
      expect(reach[state] === 1).toBe(isLeft);
    });
  });

  it("refuse discounts outside [0, 1)", async () => {
    const [{ problem }] = (await levelsOf(1)) as [Awaited<ReturnType<typeof levelsOf>>[number]];
    expect(() => solveEnumeratedValues(problem, { weights: new Float64Array(3), gamma: 1 })).toThrow("gamma 1 given");
  });
});
