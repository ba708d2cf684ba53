import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entropy, klDivergence, logSumExp, normalizeLogWeights } from "./log-space.ts";

const invalid = expect.objectContaining({ code: "invalid-data" });
const logWeights = fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 2, maxLength: 12 });

describe("logSumExp", () => {
  it("adds in log space where exp would overflow or underflow", () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 10);
    expect(logSumExp([-2000, -2000, -2000])).toBeCloseTo(-2000 + Math.log(3), 10);
    expect(logSumExp([Number.NEGATIVE_INFINITY, 3])).toBe(3);
    expect(logSumExp([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  });

  it("refuses missing data", () => {
    expect(() => logSumExp([])).toThrow(invalid);
    expect(() => logSumExp([0, Number.NaN])).toThrow(invalid);
    expect(() => logSumExp([Number.POSITIVE_INFINITY])).toThrow(invalid);
  });
});

describe("normalizeLogWeights", () => {
  it("gives a distribution that a shift of all weights leaves alone", () => {
    fc.assert(
      fc.property(logWeights, fc.double({ min: -100, max: 100, noNaN: true }), (weights, shift) => {
        const p = normalizeLogWeights(weights);
        const shifted = normalizeLogWeights(weights.map((w) => w + shift));
        expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 10);
        for (let i = 0; i < p.length; i++) expect(shifted[i]).toBeCloseTo(p[i]!, 10);
      }),
    );
  });

  it("refuses weights that are all zero", () => {
    expect(() => normalizeLogWeights([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toThrow(invalid);
  });
});

describe("entropy and divergence", () => {
  it("match values worked out by hand", () => {
    expect(entropy([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4), 12);
    expect(entropy([1, 0])).toBe(0);
    expect(klDivergence([0.5, 0.5], [0.9, 0.1])).toBeCloseTo(0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1), 12);
    expect(klDivergence([1, 0], [0.5, 0.5])).toBeCloseTo(Math.LN2, 12);
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Number.POSITIVE_INFINITY);
  });

  it("never let a divergence fall below zero, nor an entropy rise above that of the uniform distribution", () => {
    fc.assert(
      fc.property(logWeights, fc.infiniteStream(fc.double({ min: -5, max: 5, noNaN: true })), (weights, others) => {
        const p = normalizeLogWeights(weights);
        const q = normalizeLogWeights([...others.take(weights.length)]);
        expect(klDivergence(p, q)).toBeGreaterThanOrEqual(-1e-12);
        expect(entropy(p)).toBeLessThanOrEqual(Math.log(p.length) + 1e-12);
      }),
    );
  });

  it("refuse what is no distribution", () => {
    for (const given of [[], [0.5, 0.4], [1.5, -0.5], [Number.NaN, 1]]) expect(() => entropy(given)).toThrow(invalid);
    expect(() => klDivergence([1], [0.5, 0.5])).toThrow(expect.objectContaining({ code: "shape-mismatch" }));
  });
});
