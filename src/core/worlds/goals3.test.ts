import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { goals3 } from "./goals3.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";

const world = defineGridWorld(goals3);
const [down, left, right] = [1, 2, 3];

function step(text: string, action: number): { readonly features: number[]; readonly done: number } {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  batch.step(Int32Array.of(action));
  return { features: [...batch.features], done: batch.done[0]! };
}

function draw(separation: string) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: 200 }, () => world.sampleLevel({ kind: "shift", point: { separation } }, prng).things);
}

describe("the three goals", () => {
  it("ends at any of them, and gives those that lie there", () => {
    expect(step("r@g\n.b.\n", left)).toEqual({ features: [1, 0, 0], done: 1 });
    expect(step("r@g\n.b.\n", right)).toEqual({ features: [0, 1, 0], done: 1 });
    expect(step("r@g\n.b.\n", down)).toEqual({ features: [0, 0, 1], done: 1 });
    expect(step("a@.\n", left)).toEqual({ features: [1, 1, 1], done: 1 });
    expect(step("z@r\n", left)).toEqual({ features: [0, 1, 1], done: 1 });
    expect(step("a@.\n", right)).toEqual({ features: [0, 0, 0], done: 0 });
  });

  it("has them on one cell in training, and on three cells otherwise", () => {
    for (const { red, green, blue } of draw("together")) expect([green, blue]).toEqual([red, red]);
    for (const separation of ["adjacent", "equidistant", "apart"]) {
      for (const { red, green, blue } of draw(separation)) expect(new Set([red![0], green![0], blue![0]]).size).toBe(3);
    }
  });
});
