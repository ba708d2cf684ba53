import { describe, expect, it } from "vitest";
import { type Schedule, scheduledShare } from "./schedule.ts";

const at = (schedule: Schedule, progresses: readonly number[]) => progresses.map((p) => scheduledShare(schedule, p));

describe("scheduledShare", () => {
  it("stays, falls on a line, or falls on half a cosine wave", () => {
    const places = [0, 0.25, 0.5, 1];
    expect(at({ kind: "constant" }, places)).toEqual([1, 1, 1, 1]);
    expect(at({ kind: "linear", final: 0.2 }, places)).toEqual([1, 0.8, 0.6, expect.closeTo(0.2, 12)]);
    const quarter = 0.1 + 0.9 * 0.5 * (1 + Math.SQRT1_2);
    expect(at({ kind: "cosine", final: 0.1 }, places)).toEqual([1, quarter, 0.55, 0.1].map((x) => expect.closeTo(x, 12)));
  });

  it("rises from 0 in the warm-up, and then falls over the rest of the run", () => {
    const warm = at({ kind: "linear", final: 0, warmUp: 0.2 }, [0, 0.1, 0.2, 0.6, 1]);
    expect(warm).toEqual([0, 0.5, 1, 0.5, 0].map((x) => expect.closeTo(x, 12)));
    expect(at({ kind: "constant", warmUp: 0.5 }, [0.25, 0.5, 1])).toEqual([0.5, 1, 1]);
  });

  it("keeps its last value beyond the end", () => {
    expect(at({ kind: "cosine", final: 0.3 }, [2])).toEqual([expect.closeTo(0.3, 12)]);
  });

  it("refuses a warm-up that is longer than the run", () => {
    expect(() => scheduledShare({ kind: "constant", warmUp: 1 }, 0)).toThrow(/warmUp 1 given/);
  });
});
