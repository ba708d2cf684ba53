import { describe, expect, it } from "vitest";
import { estimateOver, welchDifference } from "./estimates.ts";

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
