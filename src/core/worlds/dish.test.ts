import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { dish } from "./dish.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";

const world = defineGridWorld(dish);
const [left, right, stay] = [2, 3, 4];

function play(text: string, actions: readonly number[]): { readonly features: number[][]; readonly done: number } {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const features = actions.map((action) => {
    batch.step(Int32Array.of(action));
    return [...batch.features];
  });
  return { features, done: batch.done[0]! };
}

function draw(separation: string) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: 200 }, () => world.sampleLevel({ kind: "shift", point: { separation } }, prng));
}

describe("the dish", () => {
  it("gives the dish once and goes on; ends at the cheese", () => {
    const { features, done } = play("d@c\n...\n", [left, stay, right, right]);
    expect(features).toEqual([
      [0, 1],
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    expect(done).toBe(1);
  });

  it("gives both where the cheese lies on the dish", () => {
    expect(play("@b\n..\n", [right])).toEqual({ features: [[1, 1]], done: 1 });
  });

  it("lays the cheese on the dish in training, and takes them apart along `separation`", () => {
    for (const { things } of draw("together")) expect(things.cheese).toEqual(things.dish);
    for (const separation of ["adjacent", "equidistant", "apart"]) {
      for (const { things } of draw(separation)) expect(things.cheese).not.toEqual(things.dish);
    }
  });

  it.each([1, 4, 8])("shows the dish in %i planes that are alike, and the cheese in one", (planes) => {
    const variant = world.withParameters({ planes });
    const encoder = variant.encoders[0]!;
    const batch = variant.createBatch(1);
    batch.reset(0, variant.parseLevel("@.\n.b\n"));
    const active = new Int32Array(encoder.maxActive);
    encoder.writeActive(batch, active);
    const names = [...active].filter((index) => index < encoder.size).map((index) => encoder.describeInput(index));
    expect(names.filter((name) => name.startsWith("dish"))).toHaveLength(planes);
    expect(names.filter((name) => name.startsWith("cheese"))).toEqual(["cheese (+1, +1)"]);
    expect(names.filter((name) => name.startsWith("dish")).every((name) => name.endsWith("(+1, +1)"))).toBe(true);
  });
});
