import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentTCdf, studentTQuantile, studentTUpperTail } from "./student-t.ts";

const relative = (value: number, expected: number) => Math.abs(value / expected - 1);

describe("Student's t", () => {
  it("matches printed tables of critical values", () => {
    const table = [
      [0.975, 1, 12.706204736174694],
      [0.975, 5, 2.5705818356363146],
      [0.95, 9, 1.833112932656237],
      [0.995, 30, 2.7499956535672254],
      [0.975, 199, 1.9719565442517533],
    ] as const;
    for (const [probability, degrees, critical] of table) {
      expect(relative(studentTQuantile(probability, degrees), critical)).toBeLessThan(1e-11);
      expect(relative(-studentTQuantile(1 - probability, degrees), critical)).toBeLessThan(1e-11);
    }
  });

  it("matches scipy's cumulative distribution and tails", () => {
    expect(studentTCdf(0.5, 1)).toBeCloseTo(0.6475836176504333, 13);
    expect(studentTCdf(2, 3)).toBeCloseTo(0.9303370157205785, 13);
    expect(studentTCdf(-1.3, 7)).toBeCloseTo(0.11738391769618862, 13);
    expect(relative(studentTUpperTail(4, 12), 0.0008808481221975133)).toBeLessThan(1e-11);
    expect(relative(studentTUpperTail(1.96, 1000), 0.025136592477874368)).toBeLessThan(1e-11);
  });

  it("is the Cauchy distribution with one degree of freedom and has its closed form with two", () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (t) => {
        expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
        expect(studentTCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
      }),
    );
  });

  it("has quantile and cumulative distribution undo each other", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 500 }), (p, degrees) => {
        expect(studentTCdf(studentTQuantile(p, degrees), degrees)).toBeCloseTo(p, 11);
      }),
    );
  });

  it("reaches its limits and refuses what is no argument", () => {
    expect(studentTUpperTail(Number.POSITIVE_INFINITY, 4)).toBe(0);
    expect(studentTUpperTail(Number.NEGATIVE_INFINITY, 4)).toBe(1);
    expect(studentTUpperTail(0, 4)).toBeCloseTo(0.5, 14);
    const invalid = expect.objectContaining({ code: "invalid-data" });
    expect(() => studentTUpperTail(Number.NaN, 4)).toThrow(invalid);
    expect(() => studentTUpperTail(1, 0)).toThrow(invalid);
    for (const probability of [0, 1, -1, Number.NaN]) expect(() => studentTQuantile(probability, 4)).toThrow(invalid);
  });
});
