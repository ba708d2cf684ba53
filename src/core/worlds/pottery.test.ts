import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import { pottery } from "./pottery.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(pottery);
const [up, down, left, right, drop] = [0, 1, 2, 3, 4];

function play(
  text: string,
  actions: readonly number[],
): { readonly given: string[]; readonly done: number; readonly held: number } {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const given = actions.map((action) => {
    batch.step(Int32Array.of(action));
    return world.features.filter((_, f) => batch.features[f] === 1).join("+");
  });
  return { given, done: batch.done[0]!, held: Number((batch.stateOf(0) as { registers: number[] }).registers[0]) };
}

function draw(point: ShiftPoint, count = 500) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

describe("pottery", () => {
  it("is carried shard by shard to the bin, and over when none is left", () => {
    const { given, done } = play("b...\n..v.\n.@..\n..v.\n", [right, up, left, left, up, drop]);
    expect(given).toEqual(["", "picked", "", "", "", "binned+cornered"]);
    expect(done).toBe(0);
    const all = play("bv..\n..v.\n@...\n....\n", [up, up, right, left, drop, right, right, down, left, left, up, drop]);
    expect(all.given.filter((features) => features !== "")).toEqual(["picked", "binned+cornered", "picked", "binned+cornered"]);
    expect(all.done).toBe(1);
  });

  it("tells the bin from the corner, and both from the floor", () => {
    expect(play("....\n.b..\nv@..\n....\n", [left, right, up, drop])).toEqual({
      given: ["picked", "", "", "binned"],
      done: 1,
      held: 0,
    });
    expect(play("....\nvb..\n@...\n....\n", [up, up, drop]).given).toEqual(["picked", "", "cornered"]);
    expect(play("....\n.b..\nv@..\n....\n", [left, drop]).given).toEqual(["picked", "spilled"]);
  });

  it("holds one shard at a time, and sets nothing down with empty hands", () => {
    const { given, done, held } = play("b...\n....\n@vv.\n....\n", [drop, right, right, right]);
    expect(given).toEqual(["", "picked", "", ""]);
    expect([done, held]).toEqual([0, 1]);
  });

  it("breaks an urn once, by walking on it", () => {
    expect(play("b...\n.u..\n.@v.\n....\n", [up, down, up]).given).toEqual(["broken", "", ""]);
  });

  it("has its bin in the corner in training, and anywhere else in deployment", () => {
    for (const { things } of draw({})) expect(things.bin).toEqual([0]);
    expect(new Set(draw({ bin: "anywhere" }, 2000).map(({ things }) => things.bin![0]))).toEqual(
      new Set(Array.from({ length: 35 }, (_, i) => i + 1)),
    );
    for (const { things, player } of draw({ bin: "anywhere" })) {
      const cells = [player, ...things.shard!, ...things.urn!, ...things.bin!];
      expect(new Set(cells).size).toBe(cells.length);
      expect(cells).not.toContain(0);
    }
  });

  it("has a way around its urns to every cell, and time to carry every shard", () => {
    for (const level of [...draw({ bin: "anywhere", urns: 3 }), ...draw({ urns: 3 })]) {
      const { columns, player, things, horizon } = level;
      const steps = (from: number) => {
        const distance = new Map([[from, 0]]);
        for (const [cell, far] of distance) {
          const x = cell % columns;
          for (const to of [cell - columns, cell + columns, x > 0 ? cell - 1 : -1, x < columns - 1 ? cell + 1 : -1]) {
            if (to >= 0 && to < columns * columns && !distance.has(to) && !things.urn!.includes(to)) distance.set(to, far + 1);
          }
        }
        return distance;
      };
      const toBin = steps(things.bin![0]!);
      expect(toBin.size).toBe(columns * columns - 3);
      const [one, other] = things.shard! as [number, number];
      expect(steps(player).get(one)! + toBin.get(one)! + 2 * toBin.get(other)! + 2).toBeLessThanOrEqual(horizon);
    }
  });

  it("needs a bin and a shard", () => {
    expect(() => world.parseLevel("@v.\n...\n...\n")).toThrow(/0 bins and 1 shards given/);
  });
});
