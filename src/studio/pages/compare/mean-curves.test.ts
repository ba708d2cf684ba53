import { describe, expect, it } from "vitest";
import { meanCurve } from "./mean-curves.ts";

describe("meanCurve", () => {
  it("is the mean over seeds at each step with the interval of Student's t", () => {
    const curve = meanCurve([
      { steps: [0, 100], values: [0, 1] },
      { steps: [0, 100], values: [0.2, 0.6] },
    ]);
    expect(curve.map(({ steps, mean, n }) => [steps, mean, n])).toEqual([
      [0, 0.1, 2],
      [100, 0.8, 2],
    ]);
    // t(0.975, 1) · s / √2 = 12.706 · 0.28284 / 1.41421
    expect(curve[1]!.high! - curve[1]!.mean).toBeCloseTo(2.5412, 3);
    expect(curve[1]!.mean - curve[1]!.low!).toBeCloseTo(2.5412, 3);
  });

  it("has no interval over one run", () => {
    expect(meanCurve([{ steps: [5], values: [1] }])).toEqual([{ steps: 5, mean: 1, low: null, high: null, n: 1 }]);
  });

  it("reads runs that were measured at other steps on the line between, and ends where the first of them ends", () => {
    const curve = meanCurve([
      { steps: [0, 10, 20, 30], values: [0, 1, 2, 3] },
      { steps: [5, 25], values: [1, 5] },
    ]);
    expect(curve.map(({ steps, mean }) => [steps, mean])).toEqual([
      [10, 1.5],
      [20, 3],
    ]);
  });

  it("leaves runs out that were not measured, and draws a long one at so many places that its ends are among them", () => {
    const steps = Array.from({ length: 2001 }, (_, i) => i * 10);
    const curve = meanCurve([
      { steps, values: steps },
      { steps: [], values: [] },
    ]);
    expect(curve.length).toBe(200);
    expect([curve[0]!.steps, curve.at(-1)!.steps, curve.at(-1)!.n]).toEqual([0, 20_000, 1]);
    expect(meanCurve([{ steps: [], values: [] }])).toEqual([]);
  });
});
