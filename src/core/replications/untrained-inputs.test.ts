import { describe, expect, it } from "vitest";
import { randomPolicy } from "../agents/policy.ts";
import { Prng } from "../base/prng.ts";
import { findWorld } from "../worlds/index.ts";
import type { LevelDistribution } from "../worlds/world.ts";
import { inputsOfTraining, playSeen, withoutUntrained } from "./untrained-inputs.ts";

describe("levels without untrained inputs", () => {
  it("are those whose episode lit no input outside those of training", () => {
    const trained = Uint8Array.from([1, 0, 1, 1]);
    const active = Uint8Array.from([
      ...[1, 0, 0, 1], // all trained
      ...[0, 1, 0, 0], // the untrained one alone
      ...[1, 1, 1, 1],
      ...[0, 0, 0, 0],
    ]);
    expect(withoutUntrained(active, trained)).toEqual([true, false, false, true]);
  });

  it("are found from the encoder alone: a cue of a new look lights one, items on other cells do not", async () => {
    const world = findWorld("arcade", { size: 5, coins: 2, capsules: 2 });
    const encoder = world.encoders[0]!;
    const policy = randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length });
    const trained = await inputsOfTraining({
      world,
      encoder,
      distribution: world.training,
      policies: [policy],
      count: 1024,
      prng: Prng.fromSeed(1),
    });
    const untrained = [...trained.keys()].filter((input) => trained[input] === 0).map((input) => encoder.describeInput(input));
    expect(untrained).toEqual(
      ["lamp", "palette"].flatMap((cue) => ["deployment", "absent", "novel"].map((look) => `${cue} ${look}`)),
    );
    const familiarOn = async (point: Extract<LevelDistribution, { kind: "shift" }>["point"]) => {
      const prng = Prng.fromSeed(2);
      const levels = Array.from({ length: 50 }, () => world.sampleLevel({ kind: "shift", point }, prng));
      const { active } = await playSeen({ world, encoder, policy, levels, prng });
      return withoutUntrained(active, trained);
    };
    expect(await familiarOn({ placement: "apart" })).toEqual(new Array(50).fill(true));
    expect(await familiarOn({ lamp: "deployment" })).toEqual(new Array(50).fill(false));
  });
});
