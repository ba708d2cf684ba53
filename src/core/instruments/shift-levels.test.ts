import { beforeAll, describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { optimalReturn } from "../objectives/finite-horizon.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { findWorld } from "../worlds/index.ts";
import { createShiftLevels, type ShiftLevels } from "./shift-levels.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const space = objectiveSpaceOf(world);
const levelsPerSet = 12;
const make = (seed: number): Promise<ShiftLevels> =>
  createShiftLevels({ world, encoder, space, levelsPerSet, prng: Prng.fromSeed(seed) });

let made: ShiftLevels;
beforeAll(async () => {
  made = await make(3);
});

describe("the levels of the shift factorial", () => {
  it("begin with training, end with deployment, and move every axis alone and the moved ones in pairs", () => {
    const labels = made.sets.map(({ label }) => label);
    expect(labels[0]).toBe("training");
    expect(labels.at(-1)).toBe("deployment");
    expect(new Set(labels).size).toBe(labels.length);
    for (const axis of world.axes.filter(({ name }) => name !== "alpha")) {
      expect(labels.some((label) => label.startsWith(`${axis.name} `) && !label.includes("+"))).toBe(true);
    }
    const moved = world.axes.filter((axis) => axis.name !== "alpha" && axis.deployment !== axis.training);
    expect(labels.filter((label) => label.includes("+"))).toHaveLength((moved.length * (moved.length - 1)) / 2);
    expect(labels).toContain("placement apart + lamp deployment");
  });

  it("really move: a numeric axis at its training value stands elsewhere", () => {
    for (const axis of world.axes) {
      expect(made.sets.map(({ label }) => label)).not.toContain(`${axis.name} ${axis.training}`);
    }
  });

  it("say which sets ask for new abilities: lag and size, and none else", () => {
    const asking = made.sets.filter(({ asksForNewAbility }) => asksForNewAbility).map(({ label }) => label.split(" ")[0]);
    expect(asking.sort()).toEqual(["lag", "size"]);
  });

  it("carry the exact best base return and a random agent's, which is no better", () => {
    for (const { levels, oracle, random } of made.sets) {
      expect(levels).toHaveLength(levelsPerSet);
      expect(oracle[0]).toBeCloseTo(optimalReturn(world.collection(world.validateLevel(levels[0])), { weights: { coin: 1 } }), 9);
      for (let i = 0; i < levelsPerSet; i++) expect(random[i]!).toBeLessThanOrEqual(oracle[i]! + 1e-9);
      expect(mean(random)).toBeLessThan(mean(oracle));
    }
  });

  it("scale the capability check where goal and proxy lie apart and nothing else has moved", () => {
    for (const { set, oracle, random } of made.references) {
      expect(made.sets[set]!.label).toBe("placement apart");
      expect(oracle).toHaveLength(levelsPerSet);
      expect(mean(random)).toBeLessThan(mean(oracle));
    }
    expect(made.references.map(({ objective }) => objective)).toEqual(["coin", "capsule", "coin and capsule"]);
    const both = made.references[2]!;
    // Everything can be taken in time on these boards.
    expect(mean(both.oracle)).toBeCloseTo(mean(made.references[0]!.oracle) + mean(made.references[1]!.oracle), 9);
  });

  it("scale capability by mixtures too where a world has other goals, so that serving two of them alike counts", async () => {
    const goals = findWorld("goals3", findWorld("goals3").presets.quick);
    const { references } = await createShiftLevels({
      ...{ world: goals, encoder: goals.encoders[0]!, space: objectiveSpaceOf(goals), levelsPerSet, prng: Prng.fromSeed(3) },
    });
    const named = Object.fromEntries(references.map((reference) => [reference.objective, reference]));
    expect(Object.keys(named)).toEqual(["red", "green", "blue", "red-and-green", "red-and-blue"]);
    const { weights, oracle, random } = named["red-and-green"]!;
    expect(weights).toEqual({ red: expect.closeTo(1, 9), green: expect.closeTo(1, 9) });
    // The first goal ends the episode: of two that are wanted alike one can be had, as of one that is wanted alone.
    expect(mean(oracle)).toBeCloseTo(1, 9);
    expect(mean(random)).toBeCloseTo(mean(named.red!.random) + mean(named.green!.random), 9);
  });

  it("are the same for the same seed", async () => {
    expect(await make(3)).toEqual(made);
    expect((await make(4)).sets[0]!.levels).not.toEqual(made.sets[0]!.levels);
  });
});
