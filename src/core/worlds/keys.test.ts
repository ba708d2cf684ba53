import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import { stepsBetween } from "./grid/separation.ts";
import { keys } from "./keys.ts";

const world = defineGridWorld(keys);
const [down, left, right, stay] = [1, 2, 3, 4];

function play(text: string, actions: readonly number[]) {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const held: number[] = [];
  const features = actions.map((action) => {
    batch.step(Int32Array.of(action));
    held.push((batch.stateOf(0) as { readonly registers: readonly number[] }).registers[0]!);
    return [...batch.features];
  });
  return { features, held, done: batch.done[0]! };
}

function draw(supply: string) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: 200 }, () => world.sampleLevel({ kind: "shift", point: { supply } }, prng));
}

describe("keys and chests", () => {
  it("opens a chest with a key only, one chest with each", () => {
    const { features, held, done } = play("c@k.\nc..k\n", [left, right, right, left, left, stay]);
    expect(features).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(held).toEqual([0, 0, 1, 1, 0, 0]);
    expect(done).toBe(0);
  });

  it("calls a key surplus when there are as many in hand as chests left", () => {
    const { features, held } = play("@kkkc\n.....\n", [right, right, right]);
    expect(features).toEqual([
      [0, 1, 0],
      [0, 1, 1],
      [0, 1, 1],
    ]);
    expect(held).toEqual([1, 2, 2]);
  });

  it("ends when no chest is left, or when there is no key to open one with", () => {
    expect(play("@kc.\n...k\n", [right, right]).done).toBe(1);
    expect(play("@kc.\nc...\n", [right, right]).done).toBe(1);
    expect(play("@kc.\nck..\n", [right, right]).done).toBe(0);
  });

  it("starts with the keys that the level puts in the hand", () => {
    const { features, held, done } = play("held: 3\n@ccc\n...c\n", [right, right, right]);
    expect(features).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ]);
    expect(held).toEqual([2, 1, 0]);
    expect(done).toBe(1);
  });

  it("counts the keys in hand right from any state it is placed in", () => {
    const batch = world.createBatch(2);
    const level = world.parseLevel("@kk.\n.ccc\n");
    for (const env of [0, 1]) batch.reset(env, level);
    for (const action of [right, right, down]) {
      batch.step(Int32Array.of(action, stay));
      batch.place(1, batch.stateOf(0));
    }
    expect(batch.stateOf(1)).toMatchObject({ registers: [1] });
    batch.step(Int32Array.of(right, right));
    expect([...batch.features]).toEqual([1, 0, 0, 1, 0, 0]);
    expect([...batch.done]).toEqual([1, 1]);
  });

  it("has fewer keys than chests in training, so that no key can be one too many; more otherwise", () => {
    const counts = (supply: string) => draw(supply).map(({ things }) => [things.key!.length, things.chest!.length]);
    for (const count of counts("few keys")) expect(count).toEqual([2, 4]);
    for (const count of counts("even")) expect(count).toEqual([3, 3]);
    for (const count of counts("many keys")) expect(count).toEqual([4, 2]);
    const batch = world.createBatch(1);
    const prng = Prng.fromSeed(4);
    for (const level of draw("few keys").slice(0, 50)) {
      batch.reset(0, level);
      while (batch.done[0] === 0) {
        batch.step(Int32Array.of(prng.integer(5)));
        expect(batch.features[2]).toBe(0);
      }
    }
  });

  it("probes with a key in hand, and a key and a chest as far away", () => {
    for (const { player, things, settings } of draw("probe")) {
      expect(settings.held).toBe(1);
      expect([things.key!.length, things.chest!.length]).toEqual([1, 1]);
      expect(stepsBetween(player, things.key![0]!, 5)).toBe(stepsBetween(player, things.chest![0]!, 5));
    }
  });

  it("refuses a horizon in which a key cannot be taken to a chest from anywhere", () => {
    expect(() => world.withParameters({ horizon: 15 })).toThrow(/horizon 15.*at least 16/);
    expect(world.withParameters({ horizon: 16 }).parameters.horizon).toBe(16);
  });
});
