import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "./arcade.ts";

const world = createArcade();
const encoder = world.encoders[0]!;

/** What the encoder says of the only environment, in words. */
function seen(arcade: typeof world, batch: ReturnType<typeof world.createBatch>): string[] {
  const encode = arcade.encoders[0]!;
  const out = new Int32Array(encode.maxActive);
  encode.writeActive(batch, out);
  return [...out].filter((index) => index < encode.size).map((index) => encode.describeInput(index));
}

describe("the egocentric observation", () => {
  it("tells things by their place from the agent, edges, cues and time", () => {
    const batch = world.createBatch(1);
    batch.reset(0, world.parseLevel("palette: deployment\n#..c\n.@~.\n..~.\n...b"));
    expect(seen(world, batch)).toEqual([
      "left edge 1 away",
      "right edge 2 away",
      "top edge 1 away",
      "bottom edge 2 away",
      "lamp training",
      "palette deployment",
      "31 or more steps left",
      "wall (−1, −1)",
      "red (+1, 0)",
      "red (+1, +1)",
      "coin (+2, −1)",
      "coin (+2, +2)",
      "capsule (+2, +2)",
    ]);
    batch.step(Int32Array.of(3));
    batch.step(Int32Array.of(3));
    batch.step(Int32Array.of(0));
    expect(seen(world, batch)).toEqual([
      "left edge 3 away",
      "right edge 0 away",
      "top edge 0 away",
      "bottom edge 3 away",
      "lamp training",
      "palette deployment",
      "29 to 30 steps left",
      "wall (−3, 0)",
      "red (−1, +1)",
      "red (−1, +2)",
      "coin (0, +3)",
      "capsule (0, +3)",
    ]);
  });

  it.each([1, 2, 3])("with lag %i shows what an observer without lag saw so many steps before", (lag) => {
    const prng = Prng.fromSeed(lag);
    const level = world.sampleLevel({ kind: "shift", point: { placement: "apart" } }, prng);
    const late = world.createBatch(1);
    const prompt = world.createBatch(1);
    late.reset(0, { ...level, lag });
    prompt.reset(0, level);
    const history = [seen(world, prompt)];
    while (prompt.done[0] === 0) {
      expect(seen(world, late)).toEqual(history[Math.max(0, history.length - 1 - lag)]);
      const action = Int32Array.of(prng.integer(5));
      late.step(action);
      prompt.step(action);
      history.push(seen(world, prompt));
    }
  });

  it("has 725 inputs with 7 × 7 cells, of which about 20 are 1", () => {
    expect([encoder.size, encoder.maxActive]).toEqual([725, 25]);
  });

  it("shows only the window and distances up to its radius on larger boards", () => {
    const batch = world.createBatch(1);
    const rows = Array.from({ length: 13 }, () => ".".repeat(13));
    rows[0] = `@.....cp.....`;
    batch.reset(0, world.parseLevel(rows.join("\n")));
    expect(seen(world, batch)).toEqual([
      "left edge 0 away",
      "right edge 6 or more away",
      "top edge 0 away",
      "bottom edge 6 or more away",
      "lamp training",
      "palette training",
      "31 or more steps left",
      "coin (+6, 0)",
    ]);
  });

  it.each(["standard", "quick"] as const)(
    "has no input that is always 0 in training and deployment, but for cue values (%s)",
    (preset) => {
      const arcade = world.withParameters(world.presets[preset]);
      const encode = arcade.encoders[0]!;
      const prng = Prng.fromSeed(11);
      const counts = new Int32Array(encode.size + 1);
      const batch = arcade.createBatch(1);
      const out = new Int32Array(encode.maxActive);
      for (let i = 0; i < 8000; i++) {
        const level = arcade.sampleLevel(i % 2 === 0 ? arcade.training : arcade.deployment, prng) as Parameters<
          typeof batch.reset
        >[1];
        batch.reset(0, level);
        const { open, itemAt, fullMask } = arcade.collection(level);
        for (let cell = prng.integer(3); cell < open.length; cell += 3) {
          if (!open[cell] || itemAt[cell]! >= 0) continue;
          batch.place(0, { cell, mask: fullMask, elapsed: prng.integer(32) });
          encode.writeActive(batch, out);
          for (const index of out) counts[index]!++;
        }
      }
      const never = [...counts.keys()].filter((index) => counts[index] === 0).map((index) => encode.describeInput(index));
      expect(never).toEqual(["lamp absent", "lamp novel", "palette absent", "palette novel"]);
    },
  );

  it("refuses to describe an input that it does not have", () => {
    expect(() => encoder.describeInput(encoder.size)).toThrow(/input 725 given/);
  });
});
