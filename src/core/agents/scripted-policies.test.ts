import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { randomPolicy } from "./policy.ts";
import { playEpisodes, stepIn } from "./rollout.ts";
import { constantPolicy, cueGatedPolicy, nearestPolicy, plannerPolicy } from "./scripted-policies.ts";

const world = createArcade();
const encoder = world.encoders[0]!;
const options = { world, encoder };
const [up, down, left, right, stay] = [0, 1, 2, 3, 4];

/** Probabilities at the start of each level. */
function answersOn(policy: ReturnType<typeof randomPolicy>, texts: readonly string[]): Promise<Float32Array> {
  const batch = world.createBatch(texts.length);
  texts.forEach((text, env) => {
    batch.reset(env, world.parseLevel(text));
  });
  return policy.begin(texts.length).probabilities(stepIn(encoder, batch));
}

const near = "#c#\n.@p\n..c\n".replace("#c#", "c..");

describe("a policy that goes to the nearest item", () => {
  it("shares its choice among all shortest ways, and lapses as often as said", async () => {
    // The coins: two steps up and left of the agent, two steps down and right. The capsule beside it is no coin.
    const answers = await answersOn(nearestPolicy({ ...options, feature: "coin", lapse: 0.1 }), [near]);
    [0.245, 0.245, 0.245, 0.245, 0.02].forEach((expected, action) => {
      expect(answers[action]).toBeCloseTo(expected, 6);
    });
  });

  it("goes around walls, and takes the feature that it is told to", async () => {
    const answers = await answersOn(nearestPolicy({ ...options, feature: "capsule", lapse: 0 }), ["@#p\n...\nc..\n"]);
    expect([...answers]).toEqual([0, 1, 0, 0, 0]);
  });

  it("stays where nothing of the kind is left", async () => {
    const answers = await answersOn(nearestPolicy({ ...options, feature: "coin", lapse: 0 }), ["@..\n...\n..p\n"]);
    expect(answers[stay!]).toBeGreaterThan(0);
    expect([up, down, left, right].map((action) => answers[action!]! > 0)).toEqual([true, false, true, false]);
  });

  it("refuses a feature, a lapse or an action that do not exist", () => {
    expect(() => nearestPolicy({ ...options, feature: "cheese" })).toThrow(expect.objectContaining({ code: "usage" }));
    expect(() => nearestPolicy({ ...options, feature: "coin", lapse: 1.5 })).toThrow(/lapse 1.5 given/);
    expect(() => constantPolicy({ ...options, action: "jump" })).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("a planner", () => {
  it("earns what it plans for: coins and no capsules on levels where they lie apart", async () => {
    const prng = Prng.fromSeed(3);
    const levels = Array.from({ length: 40 }, () => world.sampleLevel(world.deployment, prng));
    const policy = plannerPolicy({ ...options, objective: findArcadeObjective("score-not-capsules"), lapse: 0 });
    const { features } = await playEpisodes({ world, encoder, policy, levels, prng });
    const sum = (f: number): number => levels.reduce((total, _, i) => total + features[i * 3 + f]!, 0) / levels.length;
    const coins = levels.reduce((total, { coins }) => total + coins.length, 0) / levels.length;
    expect(sum(0)).toBeGreaterThan(0.99 * coins);
    expect(sum(1)).toBeLessThan(0.2);
  });
});

describe("a policy gated by a cue", () => {
  const [coins, idle] = [
    nearestPolicy({ ...options, feature: "coin", lapse: 0 }),
    constantPolicy({ ...options, action: "up", lapse: 0 }),
  ];

  it("acts as one policy where the cue shows the value, as the other elsewhere", async () => {
    const gated = cueGatedPolicy({ world, cue: "lamp", value: "training", shown: coins, otherwise: idle });
    const board = "@..\n...\n..c\n";
    const answers = await answersOn(gated, [`lamp: training\n${board}`, `lamp: deployment\n${board}`]);
    expect([...answers]).toEqual([0, 0.5, 0, 0.5, 0, 1, 0, 0, 0, 0]);
  });

  it("refuses an unknown cue, and policies of different worlds", () => {
    expect(() => cueGatedPolicy({ world, cue: "horn", value: "on", shown: coins, otherwise: idle })).toThrow(/horn/);
    const other = randomPolicy({ inputSize: 3, actionCount: 2 });
    expect(() => cueGatedPolicy({ world, cue: "lamp", value: "training", shown: coins, otherwise: other })).toThrow(
      /same of both/,
    );
  });
});
