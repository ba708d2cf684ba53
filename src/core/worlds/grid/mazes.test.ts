import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { MazeDrawer, type MazeKind, mazeKinds, mostMazeWalls } from "./mazes.ts";
import { PathFinder } from "./paths.ts";

const sizes = [4, 5, 6, 7, 8, 9, 13];

/** χ² of the mazes of three by three rooms against all 192 spanning trees being equally likely, and how many were seen. */
function treeStatistic(kind: MazeKind, samples: number): { readonly chiSquare: number; readonly seen: number } {
  const spanningTrees = 192;
  const drawer = new MazeDrawer(5);
  const prng = Prng.fromSeed(5);
  const counts = new Map<string, number>();
  for (let drawn = 0; drawn < samples; ) {
    const walls = drawer.draw(kind, prng);
    // An edge maze without loops is a tree too.
    if (walls.length !== mostMazeWalls(5)) continue;
    drawn++;
    counts.set(walls.join(), (counts.get(walls.join()) ?? 0) + 1);
  }
  const expected = samples / spanningTrees;
  const seen = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return { chiSquare: seen + (spanningTrees - counts.size) * expected, seen: counts.size };
}

describe.each(mazeKinds)("a maze of kind %s", (kind) => {
  it.each(sizes)("is connected on a board of %i, leaves the first cell open and keeps within the most walls", (size) => {
    const drawer = new MazeDrawer(size);
    const paths = new PathFinder(size * size, 1);
    const prng = Prng.fromSeed(size);
    for (let i = 0; i < 300; i++) {
      const walls = drawer.draw(kind, prng);
      expect(walls).toEqual([...new Set(walls)].sort((a, b) => a - b));
      expect(walls).not.toContain(0);
      expect(walls.length).toBeLessThanOrEqual(mostMazeWalls(size));
      expect(paths.flood(drawer, 0)).toBe(size * size - walls.length);
    }
  });
});

describe("mazes", () => {
  it("are without walls where open, and have exactly a tree's walls where a tree", () => {
    const prng = Prng.fromSeed(1);
    for (const size of sizes) {
      const drawer = new MazeDrawer(size);
      expect(drawer.draw("open", prng)).toEqual([]);
      expect(drawer.draw("tree", prng)).toHaveLength(mostMazeWalls(size));
    }
    expect(sizes.map(mostMazeWalls)).toEqual([9, 8, 19, 18, 33, 32, 72]);
  });

  it("have no loop where trees: as many open cells as steps between them, and one", () => {
    const drawer = new MazeDrawer(9);
    const prng = Prng.fromSeed(2);
    for (let i = 0; i < 100; i++) {
      drawer.draw("tree", prng);
      const open = (cell: number) => drawer.blocked[cell] === 0;
      let steps = 0;
      let cells = 0;
      for (let cell = 0; cell < 81; cell++) {
        if (!open(cell)) continue;
        cells++;
        if (cell % 9 < 8 && open(cell + 1)) steps++;
        if (cell < 72 && open(cell + 9)) steps++;
      }
      expect(steps).toBe(cells - 1);
    }
  });

  it("are drawn uniformly from all 192 spanning trees of three by three rooms where trees", () => {
    const { chiSquare, seen } = treeStatistic("tree", 19_200);
    expect(seen).toBe(192);
    // 191 degrees of freedom: mean 191, standard deviation 19.5; 256.5 is exceeded once in a thousand times.
    expect(chiSquare).toBeLessThan(256.5);
  });

  it("are not where Kruskal's algorithm draws them, which the same test shows", () => {
    expect(treeStatistic("edge", 19_200).chiSquare).toBeGreaterThan(256.5);
  });

  it("close about a quarter of the cells where blocks, more where some are cut off", () => {
    const drawer = new MazeDrawer(7);
    const prng = Prng.fromSeed(3);
    let walls = 0;
    for (let i = 0; i < 2000; i++) walls += drawer.draw("block", prng).length;
    expect(walls / 2000 / 49).toBeGreaterThan(0.2);
    expect(walls / 2000 / 49).toBeLessThan(0.3);
  });
});
