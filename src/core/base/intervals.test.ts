import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapInterval, equivalenceTest, pairedDifference, ratioOfMeans, wilsonInterval } from "./intervals.ts";
import { Prng } from "./prng.ts";
import { mean } from "./statistics.ts";

const invalid = expect.objectContaining({ code: "invalid-data" });
const first = [12.1, 9.8, 14.0, 11.2, 10.5, 13.3];
const second = [11.4, 10.1, 12.9, 11.0, 10.9, 12.0];

describe("wilsonInterval", () => {
  it("matches scipy's binomtest(...).proportion_ci(method='wilson')", () => {
    const cases = [
      [7, 10, 0.95, 0.39677814746114526, 0.892208732593699],
      [0, 20, 0.95, 0, 0.16112515805281935],
      [50, 100, 0.99, 0.37527962504483986, 0.6247203749551602],
      [1, 1, 0.9, 0.2698659487840541, 1],
    ] as const;
    for (const [successes, trials, level, low, high] of cases) {
      const interval = wilsonInterval({ successes, trials }, level);
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    }
  });

  it("holds the share, stays inside 0 to 1 and is never empty", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.round(share * trials);
        const { low, high } = wilsonInterval({ successes, trials });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThan(high);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
      }),
    );
  });

  it("refuses no trials and counts that are none", () => {
    for (const [successes, trials] of [
      [0, 0],
      [3, 2],
      [-1, 4],
      [0.5, 4],
      [Number.NaN, 4],
    ] as const) {
      expect(() => wilsonInterval({ successes, trials })).toThrow(invalid);
    }
    expect(() => wilsonInterval({ successes: 1, trials: 2 }, 1)).toThrow(invalid);
  });
});

describe("ratioOfMeans", () => {
  it("is the t interval of the first's mean where the second is 1", () => {
    const ones = first.map(() => 1);
    const { estimate, low, high } = ratioOfMeans({ first, second: ones }, 0.9);
    const paired = pairedDifference({ first, second: ones.map(() => 0) }, 0.9);
    expect([estimate, low, high]).toEqual([paired.difference, paired.low, paired.high].map((value) => expect.closeTo(value, 12)));
  });

  it("matches equation 6.13 of Cochran computed by hand, and has no width where all pairs have the same ratio", () => {
    // Ratio 6/4 = 1.5, residuals −.5, 0, .5, variance .25, standard error √(.25/3)/4; t(.975, 2) = 4.30265.
    const by = ratioOfMeans({ first: [4, 6, 8], second: [3, 4, 5] });
    expect(by.estimate).toBeCloseTo(1.5, 12);
    expect(by.high - by.estimate).toBeCloseTo((4.302652729911275 * Math.sqrt(0.25 / 3)) / 4, 9);
    const same = ratioOfMeans({ first: [1, 2, 3], second: [2, 4, 6] });
    expect([same.low, same.high]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
  });

  it("is above the truth for the worst of 17 sets about as seldom as Bonferroni says, and not never", () => {
    const prng = Prng.fromSeed(8);
    const [sets, levels, truth, repeats] = [17, 40, 0.2, 2000];
    let above = 0;
    for (let r = 0; r < repeats; r++) {
      const drawn = Array.from({ length: sets }, () => {
        const second = Array.from({ length: levels }, () => 0.5 + 3 * prng.uniform());
        return { first: second.map((range) => truth * range + 0.3 * prng.normal()), second };
      });
      const ratios = drawn.map((pairs) => mean(pairs.first) / mean(pairs.second));
      const worst = drawn[ratios.indexOf(Math.max(...ratios))]!;
      if (ratioOfMeans(worst, 1 - 0.05 / sets).low > truth) above++;
    }
    const { low, high } = wilsonInterval({ successes: above, trials: repeats }, 0.999);
    expect(low).toBeLessThan(0.025);
    expect(high).toBeGreaterThan(0.015);
  });

  it("refuses a second mean that is not above 0", () => {
    expect(() => ratioOfMeans({ first: [1, 2], second: [0, 0] })).toThrow(invalid);
  });
});

describe("bootstrapInterval", () => {
  it("covers the true mean about as often as it says", () => {
    const prng = Prng.fromSeed(5);
    let covered = 0;
    const repeats = 300;
    for (let r = 0; r < repeats; r++) {
      const units = Array.from({ length: 40 }, () => prng.normal());
      const { low, high } = bootstrapInterval({ units, statistic: mean, prng, resamples: 300, level: 0.9 });
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / repeats).toBeGreaterThan(0.84);
    expect(covered / repeats).toBeLessThan(0.95);
  });

  it("has about the width of the normal interval for a mean", () => {
    const units = Array.from({ length: 100 }, (_, i) => i / 100);
    const { estimate, low, high } = bootstrapInterval({ units, statistic: mean, prng: Prng.fromSeed(1) });
    const standardError = Math.sqrt(1 / 12 / 100);
    expect(estimate).toBeCloseTo(0.495, 12);
    expect((high - low) / (2 * 1.96 * standardError)).toBeGreaterThan(0.93);
    expect((high - low) / (2 * 1.96 * standardError)).toBeLessThan(1.07);
  });

  it("gives the same interval for the same seed", () => {
    const make = () => bootstrapInterval({ units: [1, 5, 2, 8], statistic: mean, prng: Prng.fromSeed(3), resamples: 50 });
    expect(make()).toEqual(make());
  });

  it("refuses one unit and a statistic that is not a number", () => {
    const prng = Prng.fromSeed(1);
    expect(() => bootstrapInterval({ units: [1], statistic: mean, prng })).toThrow(/number of units/);
    expect(() => bootstrapInterval({ units: [1, 2], statistic: () => Number.NaN, prng })).toThrow(invalid);
    const undefinedOnFlat = (sample: readonly number[]) => (new Set(sample).size === 1 ? Number.NaN : 1);
    expect(() => bootstrapInterval({ units: [1, 2], statistic: undefinedOnFlat, prng })).toThrow(/resamples/);
  });
});

describe("pairedDifference", () => {
  it("matches scipy's t interval", () => {
    const result = pairedDifference({ first, second });
    expect(result.difference).toBeCloseTo(0.4333333333333333, 12);
    expect(result.standardError).toBeCloseTo(0.29173808649388083, 12);
    expect(result.low).toBeCloseTo(-0.3166032925711328, 11);
    expect(result.high).toBeCloseTo(1.1832699592377993, 11);
    expect(result.degreesOfFreedom).toBe(5);
  });

  it("refuses missing and unpaired data", () => {
    expect(() => pairedDifference({ first: [1], second: [2] })).toThrow(invalid);
    expect(() => pairedDifference({ first: [1, Number.NaN], second: [2, 3] })).toThrow(invalid);
    expect(() => pairedDifference({ first: [1, 2, 3], second: [2, 3] })).toThrow(/3 and 2 values/);
  });
});

describe("equivalenceTest", () => {
  it("matches scipy's two one-sided tests", () => {
    const narrow = equivalenceTest({ first, second, margin: 1 });
    expect(narrow.pValue).toBeCloseTo(0.054867792805576236, 11);
    expect(narrow.equivalent).toBe(false);
    expect(narrow.low).toBeCloseTo(-0.15453302329545054, 11);
    expect(narrow.high).toBeCloseTo(1.0211996899621167, 11);
    expect(narrow.level).toBeCloseTo(0.9, 12);
    const wide = equivalenceTest({ first, second, margin: 1.5 });
    expect(wide.pValue).toBeCloseTo(0.0073261206818341865, 11);
    expect(wide.equivalent).toBe(true);
  });

  it("passes exactly when the 90% interval lies inside the margin", () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    const pairs = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.01, max: 20, noNaN: true }), (rows, margin) => {
        const result = equivalenceTest({ first: rows.map((row) => row[0]), second: rows.map((row) => row[1]), margin });
        fc.pre(Math.abs(result.pValue - 0.05) > 1e-9);
        expect(result.equivalent).toBe(result.low > -margin && result.high < margin);
      }),
    );
  });

  it("is symmetric in its two agents", () => {
    const there = equivalenceTest({ first, second, margin: 1 });
    const back = equivalenceTest({ first: second, second: first, margin: 1 });
    expect(back.difference).toBeCloseTo(-there.difference, 12);
    expect(back.pValue).toBeCloseTo(there.pValue, 12);
  });

  it("decides by the margin alone where every difference is the same", () => {
    expect(equivalenceTest({ first: [3, 4], second: [3, 4], margin: 0.1 })).toMatchObject({ pValue: 0, equivalent: true });
    expect(equivalenceTest({ first: [5, 6], second: [3, 4], margin: 0.1 })).toMatchObject({ pValue: 1, equivalent: false });
  });

  it("refuses a margin that is none, and too little data to call anything equivalent", () => {
    expect(() => equivalenceTest({ first, second, margin: 0 })).toThrow(invalid);
    expect(() => equivalenceTest({ first: [], second: [], margin: 1 })).toThrow(invalid);
  });
});
