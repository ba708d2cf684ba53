import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import type { GridState } from "../../worlds/grid/grid-batch.ts";
import { findWorld } from "../../worlds/index.ts";
import type { LevelDistribution } from "../../worlds/world.ts";
import { levelPlannerOf } from "./level-planner.ts";
import type { Aim } from "./planned-level.ts";
import { type Visit, visitsOf } from "./visited-states.ts";

const world = findWorld("runner", findWorld("runner").presets.quick);
const coin: Aim = { weights: { coin: 1 }, gamma: 0.85 };
const back: Aim = { weights: { progress: -1 }, gamma: 0.85 };
const levelsOf = (distribution: LevelDistribution) => {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: 8 }, () => world.sampleLevel(distribution, prng));
};
const levels = levelsOf(world.deployment);
const planner = levelPlannerOf(world);

function visitsOn(level: unknown, aims: readonly Aim[]) {
  const { valuesFor, horizon } = planner.plan(level);
  return visitsOf({
    ...{ batch: world.createBatch(1), level, steps: horizon >> 1 },
    ...{ aims, valuesFor, prng: Prng.fromSeed(2) },
  });
}

/** The states before each action of a visit, and the one that it ends in. */
function statesOn(level: unknown, { actions }: Visit): unknown[] {
  const batch = world.createBatch(1);
  batch.reset(0, level);
  return [
    batch.stateOf(0),
    ...actions.map((action) => {
      batch.step(Int32Array.of(action));
      expect(batch.done[0]).toBe(0);
      return batch.stateOf(0);
    }),
  ];
}

describe("states that planners come to", () => {
  it("are where their actions lead, within the steps asked for, and none of them twice", () => {
    for (const level of levels) {
      const visits = visitsOn(level, [coin, back])(12, () => true);
      expect(visits).toHaveLength(12);
      const batch = world.createBatch(1);
      batch.reset(0, level);
      const codes = visits.map((visit) => {
        expect(visit.actions.length).toBeLessThanOrEqual(15);
        expect(statesOn(level, visit).at(-1)).toEqual(visit.state);
        batch.place(0, visit.state);
        return batch.codeOf(0);
      });
      expect(new Set(codes).size).toBe(12);
    }
  });

  it("lie on ways of what is wanted, four fifths of whose steps are chosen and one fifth drawn", () => {
    let [best, expected, steps] = [0, 0, 0];
    for (const level of levelsOf(world.training)) {
      const valuesIn = planner.plan(level).valuesFor(coin);
      const draw = visitsOn(level, [coin]);
      // One at a time, and after as many steps, fewer than to any coin of training: otherwise who lapses has longer ways, and comes more often.
      const isThird = (state: unknown) => (state as GridState).elapsed === 3;
      for (const visit of Array.from({ length: 60 }, () => draw(1, isThird)[0]!)) {
        const states = statesOn(level, visit);
        visit.actions.forEach((action, t) => {
          const values = Array.from(valuesIn(states[t]));
          const isBest = values.map((value) => value >= Math.max(...values) - 1e-6);
          const numBest = isBest.filter(Boolean).length;
          best += Number(isBest[action]);
          expected += 0.8 + (0.2 * numBest) / values.length;
          steps++;
        });
      }
    }
    expect(steps).toBeGreaterThan(500);
    expect(Math.abs(best - expected) / steps).toBeLessThan(0.05);
  });

  it("are those of the kind asked for; none where nobody comes to one", () => {
    const isLate = (state: unknown) => (state as GridState).elapsed > 2;
    for (const level of levels) {
      const draw = visitsOn(level, [back]);
      for (const { state } of draw(5, isLate)) expect(isLate(state)).toBe(true);
      expect(draw(5, () => false)).toEqual([]);
    }
  });

  it("are fewer than asked for where there are fewer", () => {
    const visits = visitsOn(levels[0], [coin])(7, (state) => (state as GridState).elapsed === 0);
    expect(visits.map(({ actions }) => actions)).toEqual([[]]);
  });

  it("hang on what is wanted: who runs back ends farther left than who runs on", () => {
    const { columns } = world.parameters;
    const meanColumn = (aim: Aim): number => {
      const visits = levels.flatMap((level) => visitsOn(level, [aim])(10, () => true));
      return visits.reduce((sum, { state }) => sum + ((state as GridState).cell % columns!), 0) / visits.length;
    };
    expect(meanColumn(back)).toBeLessThan(meanColumn({ weights: { progress: 1 }, gamma: 0.85 }) - 0.5);
  });
});
