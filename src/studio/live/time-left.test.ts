import { describe, expect, it } from "vitest";
import { TimeLeft } from "./time-left.ts";

/** What is told of work of `total` steps in equal parts, of which each takes so many seconds. */
function told(seconds: readonly number[], total = seconds.length * 100): readonly (number | null)[] {
  const left = new TimeLeft(total);
  let at = 1000;
  return seconds.map((each, i) => {
    at += each;
    return left.told({ at, steps: (i + 1) * 100 });
  });
}

describe("the time that is left", () => {
  it("is not told before there is a pace, and then without what came before the first steps", () => {
    const all = told([30, ...Array.from({ length: 19 }, () => 2)]);
    expect(all.slice(0, 4)).toEqual([null, null, null, null]);
    all.slice(4).forEach((left, i) => {
      expect(left).toBeCloseTo(2 * (15 - i), 9);
    });
    expect(all.at(-1)).toBe(0);
  });

  it("does not jump where one stretch takes three times as long as another", () => {
    const uneven = Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? 3 : 1));
    const all = told([5, ...uneven]);
    for (let i = 6; i < 36; i++) {
      const expected = all[i - 1]! - uneven[i - 1]!;
      expect(Math.abs(all[i]! - expected) / all[i - 1]!).toBeLessThan(0.3);
    }
  });

  it("follows a pace that stays another", () => {
    const all = told([1, ...Array.from({ length: 20 }, () => 1), ...Array.from({ length: 20 }, () => 3)], 10_000);
    expect(all[20]).toBeCloseTo(79, 6);
    expect(all.at(-1)! / (59 * 3)).toBeGreaterThan(0.6);
    expect(all.at(-1)! / (59 * 3)).toBeLessThanOrEqual(1);
  });

  it("counts steps that are told twice once", () => {
    const left = new TimeLeft(1000);
    for (let i = 0; i < 5; i++) left.told({ at: i, steps: 100 * (i + 1) });
    expect(left.told({ at: 9, steps: 500 })).toBeCloseTo(5, 9);
    expect(left.told({ at: 10, steps: 600 })).toBeGreaterThan(5);
  });
});
