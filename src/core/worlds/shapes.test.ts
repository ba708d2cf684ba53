import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import { stepsBetween } from "./grid/separation.ts";
import { shapes } from "./shapes.ts";

const world = defineGridWorld(shapes);
const [left, right] = [2, 3];

function step(text: string, action: number): { readonly features: number[]; readonly done: number } {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  batch.step(Int32Array.of(action));
  return { features: [...batch.features], done: batch.done[0]! };
}

function draw(crossing: string) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: 200 }, () => world.sampleLevel({ kind: "shift", point: { crossing } }, prng));
}

describe("the shapes", () => {
  it("ends at any object, and gives its shape and its color", () => {
    expect(step("/@o\n", left)).toEqual({ features: [1, 1, 0, 0], done: 1 });
    expect(step("/@o\n", right)).toEqual({ features: [0, 0, 1, 1], done: 1 });
    expect(step("|@*\n", left)).toEqual({ features: [1, 0, 0, 1], done: 1 });
    expect(step("|@*\n", right)).toEqual({ features: [0, 1, 1, 0], done: 1 });
  });

  it("has a yellow line and a red gem in training; a red line and a yellow gem where crossed", () => {
    for (const { things } of draw("matched")) {
      expect([things.yellow, things.red]).toEqual([things.line, things.gem]);
      expect(things.line).not.toEqual(things.gem);
    }
    for (const crossing of ["crossed", "equidistant"]) {
      for (const { things } of draw(crossing)) {
        expect([things.red, things.yellow]).toEqual([things.line, things.gem]);
        expect(things.line).not.toEqual(things.gem);
      }
    }
    for (const { player, things } of draw("equidistant"))
      expect(stepsBetween(player, things.line![0]!, 5)).toBe(stepsBetween(player, things.gem![0]!, 5));
  });

  it("shows in deployment no input that training never shows", () => {
    const encoder = world.encoders[0]!;
    const prng = Prng.fromSeed(2);
    const seen = (distribution: typeof world.training, count: number) => {
      const batch = world.createBatch(1);
      const active = new Int32Array(encoder.maxActive);
      const inputs = new Set<number>();
      for (let i = 0; i < count; i++) {
        batch.reset(0, world.sampleLevel(distribution, prng));
        encoder.writeActive(batch, active);
        for (const index of active) inputs.add(index);
      }
      return inputs;
    };
    const inTraining = seen(world.training, 8000);
    expect([...seen(world.deployment, 2000)].filter((input) => !inTraining.has(input))).toEqual([]);
  });
});
