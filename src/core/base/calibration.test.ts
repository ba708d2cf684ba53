import { describe, expect, it } from "vitest";
import { calibrationTable } from "./calibration.ts";
import { wilsonInterval } from "./intervals.ts";
import { Prng } from "./prng.ts";

describe("calibrationTable", () => {
  it("matches a table worked out by hand", () => {
    const table = calibrationTable({
      probabilities: [0.1, 0.2, 0.9, 0.8, 0.7],
      outcomes: [false, true, true, true, false],
      bins: 2,
    });
    expect(table.bins).toHaveLength(2);
    expect(table.bins[0]).toMatchObject({ low: 0, high: 0.5, count: 2, observed: 0.5 });
    expect(table.bins[0]!.stated).toBeCloseTo(0.15, 12);
    expect(table.bins[1]!.stated).toBeCloseTo(0.8, 12);
    expect(table.bins[1]!.interval).toEqual(wilsonInterval({ successes: 2, trials: 3 }));
    expect(table.expectedError).toBeCloseTo((2 * 0.35 + 3 * (0.8 - 2 / 3)) / 5, 12);
    expect(table.brierScore).toBeCloseTo((0.01 + 0.64 + 0.01 + 0.04 + 0.49) / 5, 12);
  });

  it("finds a calibrated forecaster calibrated and an overconfident one not", () => {
    const prng = Prng.fromSeed(9);
    const truths = Array.from({ length: 4000 }, () => prng.uniform());
    const outcomes = truths.map((truth) => prng.uniform() < truth);
    expect(calibrationTable({ probabilities: truths, outcomes }).expectedError).toBeLessThan(0.04);
    const overconfident = truths.map((truth) => (truth < 0.5 ? 0.02 : 0.98));
    expect(calibrationTable({ probabilities: overconfident, outcomes }).expectedError).toBeGreaterThan(0.2);
  });

  it("puts a probability of 1 into the last bin and leaves empty bins out", () => {
    const { bins } = calibrationTable({ probabilities: [1, 1], outcomes: [true, true] });
    expect(bins).toMatchObject([{ low: 0.9, high: 1, count: 2, observed: 1 }]);
  });

  it("refuses missing and impossible data", () => {
    const invalid = expect.objectContaining({ code: "invalid-data" });
    expect(() => calibrationTable({ probabilities: [], outcomes: [] })).toThrow(invalid);
    expect(() => calibrationTable({ probabilities: [Number.NaN], outcomes: [true] })).toThrow(invalid);
    expect(() => calibrationTable({ probabilities: [1.2], outcomes: [true] })).toThrow(invalid);
    expect(() => calibrationTable({ probabilities: [0.2], outcomes: [] })).toThrow(/1 probabilities and 0 outcomes/);
  });
});
