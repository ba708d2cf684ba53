import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean, quantile, requireBetween, variance } from "./statistics.ts";

const invalid = expect.objectContaining({ code: "invalid-data" });

describe("mean and variance", () => {
  it("match values worked out by hand", () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    expect(variance([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(32 / 7, 12);
  });

  it("keep the variance when a large constant is added", () => {
    expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBeCloseTo(30, 6);
  });

  it("refuse missing data instead of returning a number", () => {
    expect(() => mean([])).toThrow(invalid);
    expect(() => mean([1, Number.NaN])).toThrow(/NaN given as value 1 .*expected finite/);
    expect(() => mean([1, Number.POSITIVE_INFINITY])).toThrow(invalid);
    expect(() => variance([1])).toThrow(/at least 2/);
  });
});

describe("quantile", () => {
  it("matches R's type 7 on its documented example", () => {
    const values = [9, 1, 4, 2, 7, 3, 10, 5, 8, 6];
    expect(quantile(values, 0.25)).toBeCloseTo(3.25, 12);
    expect(quantile(values, 0.5)).toBeCloseTo(5.5, 12);
    expect(quantile(values, 0.9)).toBeCloseTo(9.1, 12);
  });

  it("lies between the least and the greatest value and grows with the probability", () => {
    const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(sample, probability, probability, (values, p, q) => {
        const [low, high] = [quantile(values, Math.min(p, q)), quantile(values, Math.max(p, q))];
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
    );
  });

  it("leaves its input as it was", () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it("refuses a probability that is none", () => {
    expect(() => quantile([1], 1.5)).toThrow(invalid);
    expect(() => quantile([], 0.5)).toThrow(invalid);
  });
});

describe("requireBetween", () => {
  it("fails on NaN", () => {
    expect(() => requireBetween(Number.NaN, { what: "a share", low: 0, high: 1 })).toThrow(
      /NaN given as a share; expected 0 to 1/,
    );
  });
});
