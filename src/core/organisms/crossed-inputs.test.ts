import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { findWorld } from "../worlds/index.ts";
import { crossedInputs } from "./crossed-inputs.ts";

const world = findWorld("arcade", { size: 5, coins: 2, capsules: 2 });
const encoder = world.encoders[0]!;
const crossed = crossedInputs(encoder, Prng.fromSeed(4));

function observe(seen: typeof encoder) {
  const batch = world.createBatch(3);
  const prng = Prng.fromSeed(1);
  for (let env = 0; env < 3; env++) batch.reset(env, world.sampleLevel(world.training, prng));
  const active = new Int32Array(3 * seen.maxActive);
  const dense = new Float32Array(3 * seen.size);
  seen.writeActive(batch, active);
  seen.writeDense(batch, dense);
  return { active, dense };
}

describe("crossedInputs", () => {
  const straight = observe(encoder);
  const moved = observe(crossed);

  it("moves every one to the place of the input that it means, the same in every observation, and leaves the padding", () => {
    for (let i = 0; i < straight.active.length; i++) {
      const [from, to] = [straight.active[i]!, moved.active[i]!];
      if (from === encoder.size) expect(to).toBe(encoder.size);
      else expect(crossed.describeInput(to)).toBe(encoder.describeInput(from));
    }
    expect(moved.active).not.toEqual(straight.active);
  });

  it("writes dense observations with ones at the active places", () => {
    const expected = new Float32Array(moved.dense.length);
    moved.active.forEach((place, i) => {
      if (place < encoder.size) expected[Math.floor(i / encoder.maxActive) * encoder.size + place] = 1;
    });
    expect(moved.dense).toEqual(expected);
  });
});
