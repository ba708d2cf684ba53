import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { estimateOver, overdispersion, welchDifference } from "./estimates.ts";

describe("a number over agents", () => {
  it("has Student's interval: mean ± t(.975, n − 1)·s/√n", () => {
    const { mean, interval } = estimateOver([1, 2, 3, 4], "number");
    expect(mean).toBe(2.5);
    // s = 1.2909944, t(.975, 3) = 3.1824463 (any table of t)
    expect(interval!.high - mean).toBeCloseTo((3.1824463 * 1.2909944) / 2, 5);
    expect(mean - interval!.low).toBeCloseTo((3.1824463 * 1.2909944) / 2, 5);
  });

  it("has Wilson's interval where agents say yes or no, inside 0 to 1", () => {
    const { mean, interval } = estimateOver([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "yes-no");
    expect(mean).toBe(1);
    expect(interval!.high).toBe(1);
    expect(interval!.low).toBeCloseTo(0.7225, 3); // 10 of 10: 1 / (1 + z²/10)
    expect(interval!.method).toBe("wilson");
  });

  it("has none for a single agent, and is refused for none", () => {
    expect(estimateOver([3], "number").interval).toBeNull();
    expect(() => estimateOver([], "number")).toThrow(/0 values given/);
  });
});

describe("overdispersion", () => {
  it("is the variance over agents by the binomial one: p (1 − p) times the mean of 1 / n", () => {
    // Mean .5, variance .08 / 3; .25 · (1/10 + 1/20 + 1/40 + 1/40) / 4 = .0125
    const values = [0.4, 0.6, 0.7, 0.3];
    const variance = (0.01 + 0.01 + 0.04 + 0.04) / 3;
    expect(overdispersion({ values, counts: [10, 20, 40, 40] })).toBeCloseTo(variance / 0.0125, 10);
    expect(overdispersion({ values: [1, 1], counts: [5, 5] })).toBe(0);
  });

  it("is about 1 for agents that differ by chance alone, however many episodes decide, and more for agents that differ", () => {
    const prng = Prng.fromSeed(5);
    const counts = Array.from({ length: 4000 }, (_, agent) => 5 + (agent % 60));
    const sharesAt = (probabilityOf: (agent: number) => number): number[] =>
      counts.map((count, agent) => {
        const probability = probabilityOf(agent);
        return Array.from({ length: count }, () => Number(prng.uniform() < probability)).reduce((a, b) => a + b, 0) / count;
      });
    expect(overdispersion({ values: sharesAt(() => 0.3), counts })).toBeGreaterThan(0.9);
    expect(overdispersion({ values: sharesAt(() => 0.3), counts })).toBeLessThan(1.1);
    expect(overdispersion({ values: sharesAt((agent) => (agent % 2 === 0 ? 0.1 : 0.5)), counts })).toBeGreaterThan(2);
  });

  it("is refused where it is not known of how many episodes the shares are", () => {
    expect(() => overdispersion({ values: [0.1, 0.2], counts: null })).toThrow(/Give the measure `decided`/);
  });
});

describe("Welch's difference", () => {
  it("agrees with the formula: s²/n of both sides, degrees of freedom by Satterthwaite", () => {
    const first = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
    const second = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 20.2];
    const { difference, low, high } = welchDifference(first, second);
    expect(difference).toBeCloseTo(20.82 - 23.373333, 5);
    // Standard error √(s₁²/15 + s₂²/15) = 1.0172637, 27.995 degrees of freedom, where t(.975) = 2.0484.
    expect(difference - low).toBeCloseTo(2.0484 * 1.0172637, 3);
    expect(high - difference).toBeCloseTo(2.0484 * 1.0172637, 3);
  });

  it("is a point where nothing varies", () => {
    expect(welchDifference([1, 1], [0.5, 0.5])).toEqual({ difference: 0.5, low: 0.5, high: 0.5 });
  });
});
