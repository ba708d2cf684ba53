import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neighborsOf, PathFinder } from "./paths.ts";

function terrain(rows: readonly string[]) {
  const text = rows.join("");
  return { size: rows.length, blocked: Uint8Array.from(text, (glyph) => (glyph === "#" ? 1 : 0)), text };
}

describe("flood", () => {
  it("counts steps around walls and leaves what it cannot reach at −1", () => {
    const board = terrain(["..#", "##.", "..."]);
    const paths = new PathFinder(9, 0);
    expect(paths.flood(board, 8)).toBe(4);
    expect([...paths.distance]).toEqual([-1, -1, -1, -1, -1, 1, 2, 1, 0]);
  });

  it("gives Manhattan distances on an empty board", () => {
    const paths = new PathFinder(49, 0);
    paths.flood({ size: 7, blocked: new Uint8Array(49) }, 17);
    for (let cell = 0; cell < 49; cell++) {
      expect(paths.distance[cell]).toBe(Math.abs((cell % 7) - 3) + Math.abs(Math.floor(cell / 7) - 2));
    }
  });
});

describe("shortestTour", () => {
  it("is the shortest of all orders", () => {
    // Start in the middle of a corridor: the near end first, then the far one.
    const board = terrain([".......", "#######", "#######", "#######", "#######", "#######", "#######"]);
    const paths = new PathFinder(49, 3);
    expect(paths.shortestTour(board, 2, [0, 6])).toBe(8);
    expect(paths.shortestTour(board, 2, [6, 0, 4])).toBe(8);
    expect(paths.shortestTour(board, 2, [3])).toBe(1);
    expect(paths.shortestTour(board, 2, [])).toBe(0);
  });

  it("is infinite when a stop cannot be reached", () => {
    const board = terrain([".#.", ".#.", ".#."]);
    expect(new PathFinder(9, 2).shortestTour(board, 0, [3, 2])).toBe(Number.POSITIVE_INFINITY);
  });

  it("does not depend on the order in which stops are given", () => {
    const paths = new PathFinder(49, 3);
    const cells = fc.uniqueArray(fc.nat(48), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(cells, ([from, a, b, c, ...walls]) => {
        const blocked = new Uint8Array(49);
        for (const cell of walls) blocked[cell] = 1;
        const board = { size: 7, blocked };
        expect(paths.shortestTour(board, from!, [a!, b!, c!])).toBe(paths.shortestTour(board, from!, [c!, a!, b!]));
      }),
    );
  });
});

it("neighbors of an edge cell are the cell itself where the edge is", () => {
  expect([...neighborsOf(3).slice(0, 4)]).toEqual([0, 3, 0, 1]);
  expect([...neighborsOf(3).slice(32, 36)]).toEqual([5, 8, 7, 8]);
});
