import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { drawSeparated, type Separation, separations, stepsBetween } from "./separation.ts";

function drawMany(separation: Separation, count: number) {
  const prng = Prng.fromSeed(3);
  return Array.from({ length: 400 }, () => drawSeparated({ size: 5, count, separation, reach: 6 }, prng));
}

describe("separation", () => {
  it.each(separations)("%s: the player stands elsewhere, and the first thing is in reach", (separation) => {
    for (const count of [1, 2, 3]) {
      for (const { player, cells } of drawMany(separation, count)) {
        expect(cells).toHaveLength(count);
        expect(cells).not.toContain(player);
        expect(stepsBetween(player, cells[0]!, 5)).toBeLessThanOrEqual(6);
      }
    }
  });

  it("lays things on one cell, side by side, as far from the player each, or on different cells", () => {
    for (const { cells } of drawMany("together", 3)) expect(new Set(cells).size).toBe(1);
    for (const { cells } of drawMany("adjacent", 2)) expect(stepsBetween(cells[0]!, cells[1]!, 5)).toBe(1);
    for (const { cells } of drawMany("adjacent", 3)) {
      const [first, second, third] = cells as [number, number, number];
      expect(stepsBetween(first, second, 5)).toBe(1);
      expect(Math.min(stepsBetween(first, third, 5), stepsBetween(second, third, 5))).toBe(1);
      expect(new Set(cells).size).toBe(3);
    }
    for (const { player, cells } of drawMany("equidistant", 3)) {
      expect(new Set(cells.map((cell) => stepsBetween(player, cell, 5))).size).toBe(1);
      expect(new Set(cells).size).toBe(3);
    }
    for (const { cells } of drawMany("apart", 3)) expect(new Set(cells).size).toBe(3);
  });

  it("counts steps along rows and columns", () => {
    expect(stepsBetween(0, 24, 5)).toBe(8);
    expect(stepsBetween(4, 5, 5)).toBe(5);
    expect(stepsBetween(7, 7, 5)).toBe(0);
  });
});
