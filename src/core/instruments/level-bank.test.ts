import { beforeAll, describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { solveActionValues } from "../objectives/action-values.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import type { CollectionState } from "../worlds/grid/collection.ts";
import { findWorld } from "../worlds/index.ts";
import { choiceModels, createLevelBank, type LevelBank, writeChoice } from "./level-bank.ts";

const world = createArcade(createArcade().presets.quick);
const space = objectiveSpaceOf(world);
const statesPerLevel = 10;
const make = (seed: number, distribution = separatingDistribution(world), levels = 3): LevelBank =>
  createLevelBank({ world, space, distribution, levels, statesPerLevel, prng: Prng.fromSeed(seed) });

let bank: LevelBank;
beforeAll(() => {
  bank = make(1);
});

describe("a bank of solved levels", () => {
  it("holds logarithms of distributions over actions, for every hypothesis, choice model and state", () => {
    const actions = world.actions.length;
    for (const { logProbabilities } of bank.levels) {
      expect(logProbabilities).toHaveLength(space.candidates.length * choiceModels.length * statesPerLevel * actions);
      let worst = 0;
      for (let start = 0; start < logProbabilities.length; start += actions) {
        let sum = 0;
        for (let a = start; a < start + actions; a++) sum += Math.exp(logProbabilities[a]!);
        worst = Math.max(worst, Math.abs(sum - 1));
      }
      expect(worst).toBeLessThan(1e-6);
    }
  });

  it("asks in states that the level can be put in, with the goal and the proxy both left", () => {
    const batch = world.createBatch(1);
    for (const { level, states } of bank.levels) {
      const problem = world.collection(world.validateLevel(level));
      expect(states).toHaveLength(statesPerLevel);
      batch.reset(0, world.validateLevel(level));
      for (const state of states as readonly CollectionState[]) {
        batch.place(0, state);
        expect([batch.cellOf(0), batch.maskOf(0)]).toEqual([state.cell, state.mask]);
        for (const feature of [space.goal, space.proxy]) {
          const f = problem.features.indexOf(feature);
          const left = [...problem.itemCells.keys()].filter((item) => (state.mask >> item) & 1);
          expect(left.some((item) => problem.itemFeatures[item * problem.features.length + f]! > 0)).toBe(true);
        }
      }
    }
  });

  it("tabulates the choice rule on the exact action values", () => {
    const c = space.candidates.findIndex(({ direction, behavior }) => direction === 30 && behavior.kind === "optimal");
    const { behavior } = space.candidates[c]!;
    if (behavior.kind !== "optimal") throw new Error("expected weights");
    const { level, states, logProbabilities } = bank.levels[0]!;
    const problem = world.collection(world.validateLevel(level));
    const { numActions, numCells, next } = problem;
    const values = solveActionValues(problem, behavior);
    const m = choiceModels.findIndex(({ beta, stayCost, lapse }) => beta === 8 && stayCost === 1.5 && lapse === 0.15);
    for (const [s, { cell, mask }] of (states as readonly CollectionState[]).entries()) {
      const odds = Array.from({ length: numActions }, (_, a) => {
        const stays = next[cell * numActions + a] === cell ? 1 : 0;
        return Math.exp(8 * values[(mask * numCells + cell) * numActions + a]! - 1.5 * stays);
      });
      const sum = odds.reduce((x, y) => x + y, 0);
      const start = ((c * choiceModels.length + m) * statesPerLevel + s) * numActions;
      for (let a = 0; a < numActions; a++) {
        expect(logProbabilities[start + a]!).toBeCloseTo(Math.log((0.85 * odds[a]!) / sum + 0.15 / numActions), 5);
      }
    }
  });

  it("gives the same bits for the same seed and other levels for another", () => {
    const again = make(1);
    expect(again.levels.map(({ level, states }) => ({ level, states }))).toEqual(
      bank.levels.map(({ level, states }) => ({ level, states })),
    );
    expect(again.levels.every(({ logProbabilities }, i) => isSame(logProbabilities, bank.levels[i]!.logProbabilities))).toBe(
      true,
    );
    expect(make(2).levels[0]!.level).not.toEqual(bank.levels[0]!.level);
  });

  it("gives the same states and ways for the same seed where planners look for them", () => {
    const keys = findWorld("keys", findWorld("keys").presets.quick);
    const ofKeys = () =>
      createLevelBank({
        ...{ world: keys, space: objectiveSpaceOf(keys), distribution: separatingDistribution(keys) },
        ...{ levels: 2, statesPerLevel, prng: Prng.fromSeed(1) },
      }).levels.map(({ states, wayTo }) => states.map((state, s) => [state, wayTo(s, { steps: 6, prng: Prng.fromSeed(2) })]));
    expect(ofKeys()).toEqual(ofKeys());
  });

  it("asks on coupled levels too, where every item is both", () => {
    expect(make(1, world.training, 1).levels[0]!.states).toHaveLength(statesPerLevel);
  });
});

describe("writeChoice", () => {
  it("is uniform for equal values and keeps far worse actions at lapse / A", () => {
    const out = new Float32Array(3);
    const model = { beta: 64, stayCost: 0, lapse: 0.15 };
    const rest = { at: 0, stays: new Uint8Array(3), model, scratch: new Float64Array(3) };
    writeChoice(out, { ...rest, values: Float64Array.of(2, 2, 2) });
    for (const value of out) expect(Math.exp(value)).toBeCloseTo(1 / 3, 6);
    writeChoice(out, { ...rest, values: Float64Array.of(1000, 0, -1000) });
    expect([...out].map(Math.exp)).toEqual([expect.closeTo(0.9, 6), expect.closeTo(0.05, 6), expect.closeTo(0.05, 6)]);
  });
});

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
