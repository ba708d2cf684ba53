import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "./arcade.ts";

const plain = createArcade();
const late = plain.withParameters({ latency: 1 });

describe("the arcade's latency", () => {
  it("is no cue unless the variant makes it one: then lag is shown by contexts, and deployment moves it", () => {
    expect(plain.cues.map(({ name }) => name)).toEqual(["lamp", "palette"]);
    expect(late.cues.map(({ name }) => name)).toEqual(["lamp", "palette", "lag"]);
    const level = late.sampleLevel(late.deployment, Prng.fromSeed(1));
    expect(level.lag).toBe(1);
    expect(late.contextOf(level)).toEqual({ lamp: "deployment", palette: "deployment", lag: "1" });
    expect(plain.contextOf(level)).toEqual({ lamp: "deployment", palette: "deployment" });
    expect(late.sampleLevel(late.training, Prng.fromSeed(1)).lag).toBe(0);
    expect(late.axes.find(({ name }) => name === "lag")).toMatchObject({ training: 0, deployment: 1, asksForNewAbility: false });
    expect(plain.axes.find(({ name }) => name === "lag")).toMatchObject({ deployment: 0, asksForNewAbility: true });
  });

  it("draws the same levels with the same seed, whether it is a cue or not", () => {
    const draw = (world: typeof plain) => {
      const prng = Prng.fromSeed(7);
      return Array.from({ length: 20 }, () => world.sampleLevel({ kind: "shift", point: { placement: "apart", lag: 1 } }, prng));
    };
    expect(draw(late)).toEqual(draw(plain));
  });

  it("can be set by a context where it is a cue, and nowhere else", () => {
    const level = late.sampleLevel(late.training, Prng.fromSeed(2));
    expect(late.withContext(level, { lag: "3", lamp: "novel" })).toEqual({ ...level, lag: 3, lamp: "novel" });
    expect(() => late.withContext(level, { lag: "4" })).toThrow(/unknown value of cue lag "4"; known: 0, 1, 2, 3/);
    expect(() => plain.withContext(level, { lag: "1" })).toThrow(/unknown cue of arcade "lag"; known: lamp, palette/);
  });
});

describe("the observation with the last action", () => {
  const encoder = late.encoders.find(({ name }) => name === "egocentric-action")!;
  const plainEncoder = late.encoders[0]!;
  const batch = late.createBatch(2);
  const prng = Prng.fromSeed(3);
  for (let env = 0; env < 2; env++) batch.reset(env, { ...late.sampleLevel(late.training, prng), lag: 3 * env });
  const observe = (seen: typeof encoder) => {
    const active = new Int32Array(2 * seen.maxActive);
    seen.writeActive(batch, active);
    const dense = new Float32Array(2 * seen.size);
    seen.writeDense(batch, dense);
    return { rows: [0, 1].map((env) => [...active.subarray(env * seen.maxActive, (env + 1) * seen.maxActive)]), dense };
  };
  const last = plainEncoder.size;

  it("shows what the plain one shows and the action, which is not late, and none at the start", () => {
    const plainRows = () => observe(plainEncoder).rows.map((row) => row.filter((input) => input < last));
    const own = () => observe(encoder).rows.map((row) => row.filter((input) => input < encoder.size));
    expect(own()).toEqual(plainRows());
    batch.step(Int32Array.of(2, 4));
    expect(own()).toEqual(plainRows().map((row, env) => [last + [2, 4][env]!, ...row]));
    expect(encoder.describeInput(last + 2)).toBe("last action left");
    expect(encoder.describeInput(0)).toBe(plainEncoder.describeInput(0));
  });

  it("is the same dense, after a snapshot was restored, and says that the agent stayed where it was placed", () => {
    const { rows, dense } = observe(encoder);
    const expected = new Float32Array(dense.length);
    rows.forEach((row, env) => {
      for (const input of row) if (input < encoder.size) expected[env * encoder.size + input] = 1;
    });
    expect(dense).toEqual(expected);
    const snapshot = batch.snapshot();
    batch.place(0, batch.stateOf(0));
    expect(observe(encoder).rows[0]).toContain(last + 4);
    batch.restore(snapshot);
    expect(observe(encoder).rows).toEqual(rows);
  });
});
