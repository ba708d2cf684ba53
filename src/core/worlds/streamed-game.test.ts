import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import type { GridLevel } from "./grid/grid-level.ts";
import { streamedGame } from "./streamed-game.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(streamedGame);
const [left, right, stay] = [2, 3, 4];

function play(text: string, actions: readonly number[]) {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const given = actions.map((action) => {
    batch.step(Int32Array.of(action));
    return [...batch.features];
  });
  return { given, done: batch.done[0]!, state: batch.stateOf(0) };
}

function draw(point: ShiftPoint, count = 300): GridLevel[] {
  const prng = Prng.fromSeed(5);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

const steps = ({ columns }: GridLevel, a: number, b: number): number =>
  Math.abs((a % columns) - (b % columns)) + Math.abs(Math.floor(a / columns) - Math.floor(b / columns));

describe("the streamed game", () => {
  it("is won by being at the trophy no later than the rival", () => {
    expect(play("@.t.R\n$...^\n", [right, right])).toMatchObject({
      given: [
        [0, 0, 0],
        [1, 0, 0],
      ],
      done: 1,
    });
  });

  it("is lost when the rival is there first, and the stream goes on", () => {
    const { given, done, state } = play("$@.t.R\n...^..\n", [left, right, right, right]);
    expect(given).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(done).toBe(0);
    expect(state).toMatchObject({ cell: 3, movers: [3] });
  });

  it("gives all three where they stand together, to the player or to the rival", () => {
    expect(play("@a.R\n....\n", [right])).toMatchObject({ given: [[1, 1, 1]], done: 1 });
    expect(play("@a.R\n....\n", [stay, stay, right]).given.at(-1)).toEqual([0, 0, 0]);
  });

  it("has them together in training, and apart so that each can be had and neither jar nor ramp before the trophy", () => {
    for (const level of draw({})) {
      const { player, things } = level;
      expect([things.jar, things.ramp]).toEqual([things.trophy, things.trophy]);
      expect(steps(level, player, things.trophy![0]!)).toBeLessThanOrEqual(steps(level, things.rival![0]!, things.trophy![0]!));
    }
    for (const level of draw({ placement: "apart" })) {
      const { player, things } = level;
      const [trophy, jar, ramp] = [things.trophy![0]!, things.jar![0]!, things.ramp![0]!];
      const time = steps(level, things.rival![0]!, trophy);
      for (const thing of [trophy, jar, ramp]) expect(steps(level, player, thing)).toBeLessThanOrEqual(time);
      for (const first of [jar, ramp]) expect(steps(level, player, first) + steps(level, first, trophy)).toBeGreaterThan(time);
      expect(time).toBeLessThan(level.horizon);
    }
  });

  it("rewards the win or, by its specification, the tip; the win is meant in both", () => {
    const flawed = world.withParameters({ specification: 1 });
    expect([world.baseWeights, world.intended, world.goal]).toEqual([{ win: 1 }, "win", "win"]);
    expect([flawed.baseWeights, flawed.intended, flawed.goal]).toEqual([{ tip: 1 }, "win", "tip"]);
  });

  it("shows the ramp as often as `copies` says", () => {
    const size = (copies: number) => world.withParameters({ copies }).encoders[0]!.size;
    expect(size(3) - size(1)).toBe(2 * 13 ** 2);
  });
});
