import { expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { drawDistinct } from "./distinct-cells.ts";

it("draws different cells of the board, every ordered pair about as often", () => {
  const prng = Prng.fromSeed(1);
  const counts = new Map<string, number>();
  const draws = 1200;
  for (let i = 0; i < draws; i++) {
    const pair = drawDistinct({ cells: 4, count: 2 }, prng);
    expect(new Set(pair).size).toBe(2);
    counts.set(pair.join(), (counts.get(pair.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(12);
  // Chi-square with 11 degrees of freedom: above 31.3 with probability .001.
  const expected = draws / 12;
  expect([...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(31.3);
  expect(drawDistinct({ cells: 9, count: 9 }, prng).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
