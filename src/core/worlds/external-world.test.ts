import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { type CorridorOptions, corridorDescription, corridorLink } from "./corridor.fixture.ts";
import { connectWorld } from "./external-world.ts";
import type { WorldDescription, WorldRequest } from "./world-protocol.ts";

const connect = (options: CorridorOptions = {}) => connectWorld(corridorLink(options));
const described = (description: Partial<WorldDescription>) => connect({ description });

async function started(options: CorridorOptions = {}) {
  const world = await connect(options);
  const levels = [5, 6, 7].map((seed) => ({ seed, parameters: { placement: "apart" }, context: { lamp: "training" } }));
  return { world, batch: await world.start(levels) };
}

/** A program whose answers of one type are changed. */
const lying = (type: string, change: object): CorridorOptions => ({
  tamper: (reply, request) => (request.type === type ? { ...reply, ...change } : reply),
});

describe("an external world", () => {
  it("takes its words from the program, and adds every cue as a shift axis", async () => {
    const world = await connect();
    expect(world.features).toEqual(["coin", "capsule"]);
    expect(world.observationSize).toBe(6);
    expect(world.axes.map(({ name, separatesGoalFromProxy }) => [name, separatesGoalFromProxy])).toEqual([
      ["placement", true],
      ["lamp", false],
    ]);
    expect(world.deployment).toEqual({ kind: "shift", point: { placement: "apart", lamp: "deployment" } });
  });

  it("draws levels as plain data, a value for every axis and cue", async () => {
    const world = await connect();
    const prng = Prng.fromSeed(1);
    const training = world.sampleLevel(world.training, prng);
    expect(training).toMatchObject({ parameters: { placement: "together" }, context: { lamp: "training" } });
    expect(world.sampleLevel(world.deployment, prng)).toMatchObject({
      parameters: { placement: "apart" },
      context: { lamp: "deployment" },
    });
    expect(world.withContext(training, { lamp: "novel" })).toEqual({ ...training, context: { lamp: "novel" } });
    expect(world.sampleLevel(world.training, Prng.fromSeed(1))).toEqual(training);
  });

  it("refuses axes, cues and values that the program did not name", async () => {
    const world = await connect();
    const prng = Prng.fromSeed(1);
    expect(() => world.sampleLevel({ kind: "shift", point: { size: 9 } }, prng)).toThrow('unknown axis of corridor "size"');
    expect(() => world.sampleLevel({ kind: "shift", point: { placement: "far" } }, prng)).toThrow(
      '"far"; known: together, apart',
    );
    const level = world.sampleLevel(world.training, prng);
    expect(() => world.withContext(level, { lamp: "green" })).toThrow('unknown value of lamp "green"');
  });

  it("steps the episodes that still run, and gives what the step gave", async () => {
    const { batch } = await started();
    const toCoin = () => Int32Array.from([0, 1, 2], (env) => (batch.observations[6 * env]! < 0 ? 0 : 1));
    for (let t = 0; t < 4; t++) await batch.step(toCoin(), Uint8Array.of(1, 0, 1));
    expect([...batch.features]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...batch.done]).toEqual([0, 0, 0]);
  });

  it("ends an episode at the horizon, whatever the program says", async () => {
    const { batch } = await started({ description: { horizon: 2 } });
    const still = Int32Array.of(2, 2, 2);
    await batch.step(still, Uint8Array.of(1, 1, 1));
    expect([...batch.done]).toEqual([0, 0, 0]);
    await batch.step(still, Uint8Array.of(1, 1, 1));
    expect([...batch.done]).toEqual([2, 2, 2]);
  });

  it("has no reference returns where the program has none", async () => {
    const world = await described({ hasReferences: false });
    expect(await world.referenceReturns({ coin: 1 }, [])).toBeNull();
    const other = await connect(lying("reference", { returns: null }));
    expect(await other.referenceReturns({ coin: 1 }, [])).toBeNull();
  });
});

describe("a program that lies about its world", () => {
  it.each<[string, Partial<WorldDescription>, string]>([
    ["a base weight on no feature", { baseWeights: { gold: 1 } }, 'the feature "gold"'],
    ["a proxy that is the goal", { proxy: "coin" }, '"coin" as goal and as proxy'],
    ["base weights that are all 0", { baseWeights: { coin: 0 } }, "rewards nothing"],
    ["an action twice", { actions: ["left", "left"] }, 'the action "left" twice'],
    ["a cue named like an axis", { cues: [{ ...corridorDescription.cues[0]!, name: "placement" }] }, '"placement" twice'],
    ["no separating axis", { axes: [] }, "0 axes that separate"],
    ["a deployment value that is none", { axes: [{ ...corridorDescription.axes[0]!, deployment: "far" }] }, "the value far"],
    ["a cue that never changes", { cues: [{ ...corridorDescription.cues[0]!, deployment: "training" }] }, 'the cue "lamp"'],
  ])("is refused for %s", async (_, description, message) => {
    await expect(described(description)).rejects.toThrow(message);
  });

  it("is refused for a hello of another version", async () => {
    await expect(connect(lying("hello", { schema: "mesascope/world@2" }))).rejects.toThrow('answered "hello"');
  });

  it.each<[string, object]>([
    ["too few observations", { observations: [] }],
    ["an observation that is too short", { observations: [[0], [0], [0]] }],
    ["observations that are no numbers", { observations: [["a"], [0], [0]] }],
    ["an infinite observation", { observations: [0, 1, 2].map(() => [Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0]) }],
    ["an observation out of its bounds", { observations: [0, 1, 2].map(() => [7, 0, 0, 0, 0, 0]) }],
    ["another request's id", { id: 99 }],
    ["no id", { id: undefined }],
    ["a field that no one knows", { extra: 1 }],
  ])("is refused at a reset for %s", async (_, change) => {
    await expect(started(lying("reset", change))).rejects.toMatchObject({ code: "world-failed" });
  });

  it.each<[string, object]>([
    [
      "features that are not numbers",
      {
        features: [
          [null, 0],
          [0, 0],
          [0, 0],
        ],
      },
    ],
    ["too few features", { features: [[0], [0], [0]] }],
    [
      "features that no float32 can hold",
      {
        features: [
          [1e39, 0],
          [0, 0],
          [0, 0],
        ],
      },
    ],
    ["too few ends", { terminated: [false] }],
    ["a missing part", { truncated: undefined }],
  ])("is refused at a step for %s", async (_, change) => {
    const { batch } = await started(lying("step", change));
    await expect(batch.step(Int32Array.of(0, 0, 0), Uint8Array.of(1, 1, 1))).rejects.toMatchObject({ code: "world-failed" });
  });

  it("is refused for reference returns that are not one per level", async () => {
    const world = await connect(lying("reference", { returns: [1, 2] }));
    const level = world.sampleLevel(world.training, Prng.fromSeed(1));
    await expect(world.referenceReturns({ coin: 1 }, [level])).rejects.toThrow("2 reference returns for 1 levels");
  });

  it("has its own error passed on, with the traceback", async () => {
    const tamper = (_: unknown, request: WorldRequest) => ({ id: request.id, error: "boom\nline 7" });
    await expect(connect({ tamper })).rejects.toThrow("boom\nline 7");
  });
});
