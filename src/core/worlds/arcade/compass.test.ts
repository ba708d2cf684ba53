import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "./arcade.ts";
import { compassEncoder } from "./compass.ts";

const world = createArcade();

/** What the compass says of the only environment, in words. */
function seen(batch: ReturnType<typeof world.createBatch>): string[] {
  const out = new Int32Array(compassEncoder.maxActive);
  compassEncoder.writeActive(batch, out);
  return [...out].filter((index) => index < compassEncoder.size).map((index) => compassEncoder.describeInput(index));
}

describe("the compass observation", () => {
  it("tells the nearest coin and capsule, what is around, cues and time", () => {
    const batch = world.createBatch(1);
    batch.reset(0, world.parseLevel("palette: deployment\n#..c\n.@~.\n..~.\n...b"));
    expect(seen(batch)).toEqual([
      "nearest coin up",
      "nearest coin right",
      "nearest coin 3 to 4 away",
      "nearest capsule down",
      "nearest capsule right",
      "nearest capsule 3 to 4 away",
      "red right",
      "lamp training",
      "palette deployment",
      "17 or more steps left",
    ]);
    batch.step(Int32Array.of(0));
    batch.step(Int32Array.of(3));
    expect(seen(batch)).toEqual([
      "nearest coin right",
      "nearest coin 1 away",
      "nearest capsule down",
      "nearest capsule right",
      "nearest capsule 3 to 4 away",
      "up blocked",
      "red down",
      "lamp training",
      "palette deployment",
      "17 or more steps left",
    ]);
    batch.step(Int32Array.of(3));
    expect(seen(batch)).toContain("nearest coin 3 to 4 away");
    batch.step(Int32Array.of(2));
    for (let i = 0; i < 12; i++) batch.step(Int32Array.of(4));
    expect(seen(batch)).toContain("9 to 16 steps left");
  });

  it("says nothing of a kind of which none is left, and shows walls as blocked", () => {
    const batch = world.createBatch(1);
    batch.reset(0, world.parseLevel("....\n#@#.\n....\n..p."));
    const words = seen(batch);
    expect(words.filter((word) => word.startsWith("nearest"))).toEqual([
      "nearest capsule down",
      "nearest capsule right",
      "nearest capsule 3 to 4 away",
    ]);
    expect(words.filter((word) => word.endsWith("blocked"))).toEqual(["left blocked", "right blocked"]);
  });

  it.each([1, 2, 3])("with lag %i shows what an observer without lag saw so many steps before", (lag) => {
    const prng = Prng.fromSeed(lag);
    const level = world.sampleLevel({ kind: "shift", point: { placement: "apart" } }, prng);
    const late = world.createBatch(1);
    const prompt = world.createBatch(1);
    late.reset(0, { ...level, lag });
    prompt.reset(0, level);
    const history = [seen(prompt)];
    while (prompt.done[0] === 0) {
      expect(seen(late)).toEqual(history[Math.max(0, history.length - 1 - lag)]);
      const action = Int32Array.of(prng.integer(5));
      late.step(action);
      prompt.step(action);
      history.push(seen(prompt));
    }
  });

  it("refuses to describe an input that it does not have", () => {
    expect(() => compassEncoder.describeInput(compassEncoder.size)).toThrow(/input 37 given/);
  });
});
