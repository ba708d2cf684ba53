import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holmAdjust, signFlipTest } from "./permutation.ts";
import { Prng } from "./prng.ts";

const invalid = expect.objectContaining({ code: "invalid-data" });

describe("signFlipTest", () => {
  it("counts every pattern up to 12 levels, matching scipy's exact permutation test", () => {
    const differences = [0.7, -0.3, 1.1, 0.2, -0.4, 1.3];
    const prng = Prng.fromSeed(1);
    const twoSided = signFlipTest({ differences, prng });
    expect(twoSided).toMatchObject({ pValue: 0.25, exact: true, patterns: 64 });
    expect(twoSided.statistic).toBeCloseTo(2.6 / 6, 12);
    expect(signFlipTest({ differences, prng, alternative: "greater" }).pValue).toBe(0.125);
    expect(prng.state().drawn).toBe(0);
  });

  it("reaches its least p of 2^(1−n) where all differences have one sign, and 1 where there is none", () => {
    const prng = Prng.fromSeed(1);
    expect(signFlipTest({ differences: [1, 2, 3, 4, 5], prng }).pValue).toBe(2 / 32);
    expect(signFlipTest({ differences: [0, 0, 0], prng }).pValue).toBe(1);
    expect(signFlipTest({ differences: [-1, -2, -3], prng, alternative: "greater" }).pValue).toBe(1);
  });

  it("does not lose ties to rounding", () => {
    const differences = [0.1, 0.2, 0.3, -0.6000000000000001];
    expect(signFlipTest({ differences, prng: Prng.fromSeed(1) }).pValue).toBe(1);
  });

  it("draws patterns beyond 12 levels, close to the binomial probability for equal differences", () => {
    // 14 differences of equal size, 11 above zero: P(≥ 11 or ≤ 3 heads of 14) = 2·(364 + 91 + 14 + 1)/2^14.
    const differences = Array.from({ length: 14 }, (_, i) => (i < 11 ? 1 : -1));
    const result = signFlipTest({ differences, prng: Prng.fromSeed(2), draws: 40_000 });
    expect(result).toMatchObject({ exact: false, patterns: 40_000 });
    expect(Math.abs(result.pValue - 940 / 16384)).toBeLessThan(0.005);
  });

  it("never gives p below 1 / (1 + draws), and treats more than 32 levels alike", () => {
    const differences = new Float64Array(70).fill(1);
    expect(signFlipTest({ differences, prng: Prng.fromSeed(3), draws: 99 }).pValue).toBe(0.01);
  });

  it("rejects a true null no more often than alpha", () => {
    const prng = Prng.fromSeed(4);
    let rejected = 0;
    for (let r = 0; r < 1000; r++) {
      const differences = Array.from({ length: 10 }, () => prng.normal());
      if (signFlipTest({ differences, prng }).pValue <= 0.05) rejected++;
    }
    expect(rejected).toBeGreaterThan(25);
    expect(rejected).toBeLessThan(75);
  });

  it("refuses missing data", () => {
    expect(() => signFlipTest({ differences: [], prng: Prng.fromSeed(1) })).toThrow(invalid);
    expect(() => signFlipTest({ differences: [1, Number.NaN], prng: Prng.fromSeed(1) })).toThrow(invalid);
  });
});

describe("holmAdjust", () => {
  it("matches R's p.adjust(c(.01, .04, .03, .005), 'holm')", () => {
    const adjusted = holmAdjust([0.01, 0.04, 0.03, 0.005]);
    for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(expected, 12);
  });

  it("lies between the raw value and Bonferroni's, and keeps the order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (pValues) => {
        const adjusted = holmAdjust(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * pValues.length));
          for (const [j, q] of pValues.entries()) if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        }
      }),
    );
  });

  it("refuses missing data", () => {
    for (const given of [[], [Number.NaN], [1.1], [-0.1]]) expect(() => holmAdjust(given)).toThrow(invalid);
  });
});
