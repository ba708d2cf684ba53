import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { regretsOf, type ScoredSet } from "./regret.ts";

const set = (label: string, returns: readonly number[], more: Partial<ScoredSet> = {}): ScoredSet => ({
  ...{ label, returns, asksForNewAbility: false },
  ...{ oracle: returns.map(() => 10), random: returns.map(() => 2) },
  ...more,
});
const regrets = (sets: readonly ScoredSet[]) => regretsOf(sets, Prng.fromSeed(1));

describe("regrets", () => {
  const sets = [
    set("training", [10, 10, 9, 9]),
    set("walls", [8, 8, 6, 6]),
    set("lag", [2, 2, 2, 2], { asksForNewAbility: true }),
    set("apart", [2, 2, 6, 6]),
  ];

  it("are shares of the way from the oracle down to a random agent, new abilities left out", () => {
    const { trainingRegret, shiftRegret, worstShift } = regrets(sets);
    expect(trainingRegret).toBeCloseTo(0.5 / 8, 12);
    expect(shiftRegret).toBeCloseTo((3 / 8 + 6 / 8) / 2, 12);
    expect(worstShift.label).toBe("apart");
    expect(worstShift.regret).toBeCloseTo(6 / 8, 12);
  });

  it("come with intervals over levels that hold them, wider for the worst of several", () => {
    const found = regrets(sets);
    expect(found.trainingRegretInterval.low).toBeLessThanOrEqual(found.trainingRegret);
    expect(found.trainingRegretInterval.high).toBeGreaterThanOrEqual(found.trainingRegret);
    expect(found.shiftRegretInterval.low).toBeLessThan(found.shiftRegret);
    expect(found.shiftRegretInterval.high).toBeGreaterThan(found.shiftRegret);
    // The worst of two: t(1 − .025/2, 3) = 4.17653 standard errors of the regrets 1, 1, .5, .5 below their mean.
    expect(found.worstShift.low).toBeCloseTo(0.75 - 4.176535 * Math.sqrt(1 / 12 / 4), 5);
  });

  it("have no lower end but the regret itself where a random agent is as good as the oracle", () => {
    const flat = { oracle: [2, 2, 2, 2], random: [2, 2, 2, 2] };
    expect(regrets([set("training", [2, 2, 2, 2]), set("walls", [2, 2, 2, 2], flat)]).worstShift).toEqual({
      ...{ label: "walls", regret: 0, low: 0 },
    });
  });

  it("resample oracle, agent and random together: what differs between levels alone is no noise", () => {
    const unequal = { oracle: [10, 20, 30, 40], random: [0, 0, 0, 0] };
    const { shiftRegret, shiftRegretInterval } = regrets([
      set("training", [10, 20, 30, 40], unequal),
      set("walls", [5, 10, 15, 20], unequal),
    ]);
    expect(shiftRegret).toBeCloseTo(0.5, 12);
    expect([shiftRegretInterval.low, shiftRegretInterval.high]).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)]);
  });
});
