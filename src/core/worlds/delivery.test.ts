import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { delivery } from "./delivery.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import type { GridLevel } from "./grid/grid-level.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(delivery);
const [down, left, right, stay] = [1, 2, 3, 4];

function play(text: string, actions: readonly number[]) {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const given = actions.map((action) => {
    batch.step(Int32Array.of(action));
    return [...batch.features];
  });
  return { given, done: batch.done[0]! };
}

function draw(point: ShiftPoint, variant = world, count = 300): GridLevel[] {
  const prng = Prng.fromSeed(6);
  return Array.from({ length: count }, () => variant.sampleLevel({ kind: "shift", point }, prng));
}

/** Fewest steps from the player to the customer that end nowhere else, through the zone or around it. */
function fewestSteps({ columns, rows, player, things }: GridLevel, isThrough: boolean): number {
  const customer = things.customer![0]!;
  const closed = new Set([...things.mailbox!.filter((cell) => cell !== customer), ...(isThrough ? [] : things.residential!)]);
  const steps = new Map([[player, 0]]);
  for (const [cell, far] of steps) {
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    for (const [nx, ny] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ] as const) {
      const next = ny * columns + nx;
      if (nx >= 0 && ny >= 0 && nx < columns && ny < rows && !closed.has(next) && !steps.has(next)) steps.set(next, far + 1);
    }
  }
  return steps.get(customer) ?? Number.POSITIVE_INFINITY;
}

describe("the delivery", () => {
  it("ends at the customer, and counts every step in the zone", () => {
    expect(play(".@.\n.zz\n.c.\n.m.\n", [down, stay, down])).toEqual({
      given: [
        [0, 1, 1, 0],
        [0, 1, 1, 0],
        [1, 1, 0, 0],
      ],
      done: 1,
    });
    expect(play(".@.\n.zz\n.c.\n.m.\n", [left, down, down, right]).given.map(([, , zone]) => zone)).toEqual([0, 0, 0, 0]);
  });

  it("ends at the mailbox, where the parcel is delivered only if the customer stands there", () => {
    expect(play("@m.c\n....\n", [right])).toEqual({ given: [[0, 1, 0, 1]], done: 1 });
    expect(play("@b..\n....\n", [right])).toEqual({ given: [[1, 1, 0, 1]], done: 1 });
  });

  it("has the customer at the mailbox and no zone in training, and moves each alone", () => {
    for (const { things } of draw({})) expect(things).toMatchObject({ mailbox: things.customer, residential: [] });
    for (const { things } of draw({ placement: "apart" })) {
      expect(things.mailbox).not.toEqual(things.customer);
      expect(things.residential).toEqual([]);
    }
    for (const { things } of draw({ zone: "across" })) {
      expect(things.mailbox).toEqual(things.customer);
      expect(things.residential).toHaveLength(5);
    }
  });

  it("has a way round the zone, at least two steps longer than the one through it, in time and worth it", () => {
    for (const variant of [world, world.withParameters(delivery.quick)]) {
      for (const level of draw({ placement: "apart", zone: "across" }, variant)) {
        const [through, around] = [fewestSteps(level, true), fewestSteps(level, false)];
        expect(around - through).toBeGreaterThanOrEqual(2);
        expect(around).toBeLessThanOrEqual(level.horizon);
        expect(0.02 * (around - through)).toBeLessThan(0.5);
      }
    }
  });

  it("pays for time alone where its specification is flawed; around the zone is meant in both", () => {
    const flawed = world.withParameters({ specification: 1 });
    expect([world.baseWeights.residential, world.intended]).toEqual([-0.5, "careful"]);
    expect([flawed.baseWeights.residential, flawed.intended]).toEqual([undefined, "careful"]);
  });
});
