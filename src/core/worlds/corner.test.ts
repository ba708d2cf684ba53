import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { corner } from "./corner.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import { mostMazeWalls } from "./grid/mazes.ts";
import { PathFinder } from "./grid/paths.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(corner);
const [up, left, right, stay] = [0, 2, 3, 4];

function play(text: string, actions: readonly number[]): { readonly features: number[][]; readonly done: number } {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const features = actions.map((action) => {
    batch.step(Int32Array.of(action));
    return [...batch.features];
  });
  return { features, done: batch.done[0]! };
}

function draw(point: ShiftPoint, count = 300) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

describe("the corner", () => {
  it("gives the corner once, goes on, and ends at the cheese", () => {
    const { features, done } = play("x@c\n...\n..o\n", [left, stay, right, right]);
    expect(features).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(done).toBe(1);
  });

  it("gives both where the cheese lies in the corner, and the opposite corner to nobody who asks", () => {
    expect(play("b@\n.o\n", [left])).toEqual({ features: [[1, 1, 0]], done: 1 });
    expect(play("b.\n@o\n", [right]).features).toEqual([[0, 0, 1]]);
  });

  it("is stopped by walls and by the time", () => {
    const { features, done } = play("horizon: 3\nx#c\n@..\n..o\n", [up, right, up]);
    expect(features).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(done).toBe(2);
  });

  it("has its cheese in the corner in training, and anywhere in the square of `cornerSize` otherwise", () => {
    for (const { things } of draw({})) expect(things.cheese).toEqual([0]);
    for (const cornerSize of [2, 5, 7]) {
      const cells = draw({ cornerSize }, 2000).map(({ things }) => things.cheese![0]!);
      expect(Math.max(...cells.map((cell) => cell % 7))).toBe(cornerSize - 1);
      expect(Math.max(...cells.map((cell) => Math.floor(cell / 7)))).toBe(cornerSize - 1);
      expect(new Set(cells).size).toBe(cornerSize ** 2);
    }
  });

  it("has its cheese elsewhere in a share alpha of the levels, less those where anywhere is the corner", () => {
    const away = draw({ alpha: 0.3 }, 3000).filter(({ things }) => things.cheese![0] !== 0).length;
    expect(away / 3000).toBeGreaterThan(0.26);
    expect(away / 3000).toBeLessThan(0.33);
  });

  it.each(["open", "block", "edge", "tree"])("can be won in time in every maze of kind %s", (maze) => {
    const paths = new PathFinder(81, 1);
    for (const size of [5, 7, 9]) {
      for (const level of draw({ maze, size, cornerSize: 7 }, 200)) {
        const blocked = Uint8Array.from({ length: size * size }, (_, cell) => (level.walls.includes(cell) ? 1 : 0));
        paths.flood({ size, blocked }, level.player);
        expect(paths.distance[level.things.cheese![0]!]).toBeGreaterThan(0);
        expect(paths.distance[level.things.cheese![0]!]).toBeLessThanOrEqual(level.horizon);
        if (maze === "tree") expect(level.walls).toHaveLength(mostMazeWalls(size));
        if (maze === "open") expect(level.walls).toEqual([]);
      }
    }
  });

  it("draws levels that can be won in as little time as there is", () => {
    const hurried = defineGridWorld(corner, { horizon: 2 });
    const prng = Prng.fromSeed(2);
    for (const maze of ["open", "block", "edge", "tree"]) {
      for (let i = 0; i < 100; i++) {
        const { player, things } = hurried.sampleLevel({ kind: "shift", point: { maze, cornerSize: 7 } }, prng);
        const cheese = things.cheese![0]!;
        const steps = Math.abs((player % 7) - (cheese % 7)) + Math.abs(Math.floor(player / 7) - Math.floor(cheese / 7));
        expect(steps).toBeLessThanOrEqual(2);
      }
    }
  });
});
