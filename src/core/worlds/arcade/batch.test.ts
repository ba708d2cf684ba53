import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "./arcade.ts";

const world = createArcade();
const [up, down, left, right, stay] = [0, 1, 2, 3, 4];

function start(text: string) {
  const level = world.parseLevel(text);
  const batch = world.createBatch(1);
  batch.reset(0, level);
  const walk = (action: number) => {
    batch.step(Int32Array.of(action));
    return { cell: batch.cellOf(0), features: [...batch.features], done: batch.done[0] };
  };
  return { batch, level, walk };
}

describe("the dynamics of the arcade", () => {
  it("moves the player and blocks at walls and edges", () => {
    const { walk } = start("@#.\n...\n..b");
    expect(walk(up).cell).toBe(0);
    expect(walk(left).cell).toBe(0);
    expect(walk(right).cell).toBe(0);
    expect(walk(down).cell).toBe(3);
    expect(walk(stay).cell).toBe(3);
    expect(walk(right).cell).toBe(4);
    expect(walk(up).cell).toBe(4);
  });

  it("gives the features of what is taken and of the floor, once per item and per step on red", () => {
    const { walk, batch } = start("@cC\n.~p\n..b");
    expect(walk(right).features).toEqual([1, 0, 0]);
    expect(walk(stay).features).toEqual([0, 0, 0]);
    expect(walk(right).features).toEqual([1, 0, 1]);
    expect(walk(stay).features).toEqual([0, 0, 1]);
    expect(walk(down).features).toEqual([0, 1, 0]);
    expect(batch.maskOf(0)).toBe(0b1000);
    expect(walk(down)).toEqual({ cell: 8, features: [1, 1, 0], done: 1 });
  });

  it("ends with 2 when time runs out and with 1 when the last item is taken on the last step", () => {
    const late = start("horizon: 2\n@..\n...\n..c");
    expect(late.walk(right).done).toBe(0);
    expect(late.walk(right).done).toBe(2);
    const just = start("horizon: 2\n@.c\n...\n...");
    expect(just.walk(right).done).toBe(0);
    expect(just.walk(right).done).toBe(1);
  });

  it("refuses a step of an environment that is done, and an action that does not exist", () => {
    const { walk } = start("@c.\n...\n...");
    expect(() => walk(5)).toThrow(/action 5 given/);
    walk(right);
    expect(() => walk(right)).toThrow(/reset it/);
  });

  it("leaves nothing of the level before on the board, of the same size or another", () => {
    const prng = Prng.fromSeed(5);
    const batch = world.createBatch(1);
    for (let i = 0; i < 60; i++) {
      const level = world.sampleLevel({ kind: "shift", point: { placement: "apart", size: 5 + (prng.integer(4) >> 1) } }, prng);
      const another = world.createBatch(1);
      batch.reset(0, level);
      another.reset(0, level);
      while (batch.done[0] === 0) {
        const action = Int32Array.of(prng.integer(5));
        batch.step(action);
        another.step(action);
        expect(batch.cellOf(0)).toBe(another.cellOf(0));
        expect(batch.features).toEqual(another.features);
        expect(batch.done).toEqual(another.done);
      }
    }
  });

  it("can be placed in any state of the level, and refuses states that are none", () => {
    const { batch } = start("@c.\n.#.\n..p");
    batch.place(0, { cell: 1, mask: 0b10, elapsed: 31 });
    expect([batch.cellOf(0), batch.maskOf(0), batch.elapsed[0]]).toEqual([1, 2, 31]);
    batch.step(Int32Array.of(stay));
    expect(batch.done[0]).toBe(2);
    const good = { cell: 2, mask: 0b11, elapsed: 0 };
    for (const wrong of [{ cell: 4 }, { cell: 1 }, { cell: 9 }, { mask: 0 }, { mask: 4 }, { elapsed: 32 }]) {
      expect(() => batch.place(0, { ...good, ...wrong })).toThrow(/expected an open cell/);
    }
  });

  it("refuses a snapshot of another batch size", () => {
    const snapshot = world.createBatch(2).snapshot();
    expect(() => world.createBatch(3).restore(snapshot)).toThrow(/batch of 3 environments/);
    expect(() => world.createBatch(3).restore(null)).toThrow(/snapshot/);
  });
});
