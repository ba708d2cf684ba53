import { describe, expect, it } from "vitest";
import { Prng } from "./prng.ts";
import { superiority } from "./superiority.ts";

const of = (levels: readonly (readonly [readonly number[], readonly number[]])[]) =>
  superiority(
    levels.map(([first, second]) => ({ first, second })),
    Prng.fromSeed(1),
  );

describe("the probability of superiority", () => {
  it("counts the pairs in which the first is greater, and ties as half", () => {
    // Of four pairs: 2 > 1, 2 = 2, 0 < 1, 0 < 2; then 1 > 0 in all.
    expect(
      of([
        [
          [2, 0],
          [1, 2],
        ],
        [[1], [0, 0]],
      ]).estimate,
    ).toBeCloseTo((1.5 / 4 + 1) / 2, 12);
  });

  it("is 1 where the first always wins and .5 where all is the same, without spread", () => {
    expect(
      of([
        [[1], [0]],
        [[5], [4]],
      ]),
    ).toMatchObject({ estimate: 1, low: 1, high: 1 });
    expect(
      of([
        [[0], [0]],
        [[3], [3]],
      ]),
    ).toMatchObject({ estimate: 0.5, low: 0.5, high: 0.5 });
  });

  it("compares within levels only: a level on which both get more decides nothing", () => {
    expect(
      of([
        [[100], [101]],
        [[1], [2]],
        [[-5], [-4]],
      ]).estimate,
    ).toBe(0);
  });

  it("holds .5 in its interval for two samples of one distribution", () => {
    const prng = Prng.fromSeed(7);
    const draw = () => [prng.normal(), prng.normal()];
    const { low, high } = superiority(
      Array.from({ length: 200 }, () => ({ first: draw(), second: draw() })),
      prng,
    );
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(high - low).toBeLessThan(0.12);
  });

  it("refuses missing trials, numbers that are none, and a single level", () => {
    expect(() =>
      of([
        [[], [1]],
        [[1], [1]],
      ]),
    ).toThrow("0 values");
    expect(() =>
      of([
        [[Number.NaN], [1]],
        [[1], [1]],
      ]),
    ).toThrow("NaN");
    expect(() => of([[[1], [1]]])).toThrow();
  });
});
