import { describe, expect, it } from "vitest";
import { type Policy, randomPolicy } from "../agents/policy.ts";
import { playEpisodes, returnsOf } from "../agents/rollout.ts";
import { plannerPolicy } from "../agents/scripted-policies.ts";
import { Prng } from "../base/prng.ts";
import { mean, variance } from "../base/statistics.ts";
import { findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { weightVector } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { ShiftPoint } from "../worlds/world.ts";
import { measureShiftedReturns } from "./shifted-returns.ts";
import { watched } from "./subject.ts";

const standard = createArcade();
const world = standard.withParameters(standard.presets.quick);
const encoder = world.encoders[0]!;
const chance = randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length });
const apart: ShiftPoint = { placement: "apart" };

const measure = (policy: Policy, more: { readonly points?: readonly ShiftPoint[]; readonly levels?: number } = {}) =>
  measureShiftedReturns({
    ...{ world, subject: watched({ id: "x", world, encoder, policy }), seed: 4 },
    points: more.points ?? [{}, apart],
    levels: more.levels ?? 20,
  });

describe("returns at shift points", () => {
  it("tell an agent after coins from one after capsules where the two lie apart, by every objective of the world", async () => {
    const [coins, capsules] = await Promise.all(
      ["score", "capsules"].map((name) =>
        measure(plannerPolicy({ world, encoder, objective: findArcadeObjective(name), lapse: 0.02 })),
      ),
    );
    const base = world.objectives[0]!.name;
    for (const measured of [coins!, capsules!])
      expect(Object.keys(measured[0]!.returns)).toEqual(world.objectives.map(({ name }) => name));
    expect(coins![1]!.returns[base]!.low).toBeGreaterThan(capsules![1]!.returns[base]!.high);
    expect(capsules![1]!.features.capsule!.mean).toBeGreaterThan(coins![1]!.features.capsule!.mean);
  });

  it("are the means over levels with t intervals (Student 1908), episodes in groups or not", async () => {
    const levels = 600;
    const [measured] = await measure(chance, { points: [{}], levels });
    const prng = Prng.fromSeed(4).fork("[]");
    const [drawing, playing] = [prng.fork("levels"), prng.fork("episodes")];
    const values: number[] = [];
    for (const count of [512, 88]) {
      const drawn = Array.from({ length: count }, () => world.sampleLevel(world.training, drawing));
      const outcomes = await playEpisodes({ world, encoder, policy: chance, levels: drawn, prng: playing });
      values.push(...returnsOf(outcomes, weightVector(world.baseWeights, world.features)));
    }
    const found = measured!.returns[world.objectives[0]!.name]!;
    expect(found.mean).toBeCloseTo(mean(values), 12);
    // The 97.5% quantile of t with 599 degrees of freedom is 1.96394.
    expect(found.high - found.mean).toBeCloseTo(1.96394 * Math.sqrt(variance(values) / levels), 5);
  });

  it("do not depend on which other points are measured, nor on the order in which axes are named", async () => {
    const two: ShiftPoint = { placement: "apart", lamp: "deployment" };
    const [, together] = await measure(chance, { points: [apart, two] });
    const [alone] = await measure(chance, { points: [{ lamp: "deployment", placement: "apart" }] });
    expect(together!.returns).toEqual(alone!.returns);
  });

  it("refuse axes that the world does not have, and fewer levels than an interval needs", async () => {
    await expect(measure(chance, { points: [{ nothing: 1 }] })).rejects.toMatchObject({ code: "usage" });
    await expect(measure(chance, { levels: 1 })).rejects.toMatchObject({ code: "invalid-data" });
  });
});
