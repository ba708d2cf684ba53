import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import type { GridState } from "./grid/grid-batch.ts";
import type { GridLevel } from "./grid/grid-level.ts";
import { loop } from "./loop.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(loop, loop.quick);
const [up, down, left, right, stay] = [0, 1, 2, 3, 4];

/** The barrier is at the top left, driving is clockwise, the finish below the barrier. */
const drawn = ["respawn: 4", "horizon: 40", "#@.C.C", "f####.", ".####C", ".####.", "......", ""].join("\n");

function play(text: string, actions: readonly number[]) {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const given = actions.map((action) => {
    batch.step(Int32Array.of(action));
    return [...batch.features];
  });
  return { given, done: batch.done[0]!, state: batch.stateOf(0) as GridState };
}

function draw(point: ShiftPoint, count = 200): GridLevel[] {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

/** Places along the track, 0 for the barrier. */
function along({ columns, rows }: GridLevel, cell: number): number {
  const [x, y] = [cell % columns, Math.floor(cell / columns)];
  if (y === 0) return x;
  if (x === columns - 1) return columns - 1 + y;
  if (y === rows - 1) return columns + rows - 2 + (columns - 1 - x);
  return 2 * (columns + rows) - 4 - y;
}

describe("the loop", () => {
  it("gives a point for driving over a lit checkpoint, and lights it again after `respawn` steps", () => {
    const { given } = play(drawn, [right, right, left, right, left, right]);
    // Reached in step 2, dark for steps 3 to 5, lit in step 6.
    expect(given.map(([checkpoint]) => checkpoint)).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it("gives nothing for standing on a checkpoint that lights up", () => {
    const { given } = play(drawn, [right, right, stay, stay, stay, stay, stay]);
    expect(given.map(([checkpoint]) => checkpoint)).toEqual([0, 1, 0, 0, 0, 0, 0]);
  });

  it("gives a point every second step to who drives to and fro between two checkpoints", () => {
    const { given } = play(drawn, [right, right, ...Array.from({ length: 24 }, (_, i) => (i % 4 < 2 ? right : left))]);
    expect(given.reduce((sum, [checkpoint]) => sum + checkpoint!, 0)).toBe(1 + 12);
  });

  it("keeps checkpoints dark for good where `respawn` is 0", () => {
    const { given, state } = play(drawn.replace("respawn: 4", "respawn: 0"), [
      right,
      right,
      ...Array(10).fill([left, right]).flat(),
    ]);
    expect(given.reduce((sum, [checkpoint]) => sum + checkpoint!, 0)).toBe(1);
    expect(state.registers).toEqual([0, 0, 0]);
  });

  it("ends at the finish, which cannot be reached backwards", () => {
    const back = play(drawn, [left, down, left]);
    expect(back).toMatchObject({ done: 0, state: { cell: 1 } });
    const lap = [...Array(4).fill(right), ...Array(4).fill(down), ...Array(5).fill(left), ...Array(3).fill(up)];
    const { given, done } = play(drawn, lap);
    expect(done).toBe(1);
    expect(given.at(-1)).toEqual([0, 1]);
    expect(given.reduce((sum, [checkpoint]) => sum + checkpoint!, 0)).toBe(3);
  });

  it("starts at the line in training, with all checkpoints ahead, and past them along `start`", () => {
    const places = (level: GridLevel) => ({
      car: along(level, level.player),
      checkpoints: level.things.checkpoint!.map((cell) => along(level, cell)),
      finish: along(level, level.things.finish![0]!),
    });
    for (const { car, checkpoints, finish } of draw({}).map(places)) {
      expect(car).toBeLessThan(Math.min(...checkpoints));
      expect(finish).toBe(17);
    }
    for (const { car, checkpoints, finish } of draw({ start: "past" }).map(places)) {
      expect(car).toBeGreaterThan(Math.max(...checkpoints));
      expect(car).toBeLessThan(finish);
    }
    for (const { settings } of draw({ respawn: 16 })) expect(settings.respawn).toBe(16);
  });

  it("has its checkpoints two cells apart, the last before half of the lap is over", () => {
    for (const level of draw({})) {
      const [first, second, third] = level.things.checkpoint!.map((cell) => along(level, cell)).sort((a, b) => a - b);
      expect([second! - first!, third! - second!]).toEqual([2, 2]);
      expect(third).toBeLessThan(9.5);
    }
  });

  it("rewards the score, bonus included, and means the finish", () => {
    expect(world.baseWeights).toEqual({ checkpoint: 1, finish: 3 });
    expect(world.withParameters({ bonus: 10 }).baseWeights).toEqual({ checkpoint: 1, finish: 10 });
    expect(world.intended).toBe("finish");
  });

  it("refuses checkpoints without bases, and tracks without a finish", () => {
    expect(() => world.parseLevel(drawn.replaceAll("C", "*"))).toThrow(/without its base/);
    expect(() => world.parseLevel(drawn.replace("f", "."))).toThrow(/0 finishes given; expected one/);
    expect(() => world.parseLevel(drawn.replace("C", "."))).toThrow(/2 checkpoints given; expected 3/);
  });
});
