import { describe, expect, it } from "vitest";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { arcadeActions } from "../worlds/arcade/level.ts";
import type { FeatureWeights } from "../worlds/world.ts";
import { findArcadeObjective } from "./arcade-objectives.ts";
import { arcadeObjectiveSpace } from "./arcade-space.ts";
import { verdictKinds } from "./kinds.ts";
import type { Candidate } from "./objective-space.ts";
import { objectiveSpaceOf } from "./spaces.ts";

const space = arcadeObjectiveSpace(arcadeActions.length);
const grid = space.candidates.filter((candidate) => candidate.direction !== null);

function weightsOf({ behavior }: Candidate): FeatureWeights {
  if (behavior.kind !== "optimal") throw new Error("expected a candidate with weights");
  return behavior.weights;
}

function nearest(weights: FeatureWeights): Candidate {
  const distance = (candidate: Candidate) =>
    space.features.reduce((sum, feature) => sum + (weightsOf(candidate)[feature]! - (weights[feature] ?? 0)) ** 2, 0);
  return grid.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}

describe("the arcade's hypotheses", () => {
  it("fill every class, and every class has a kind of verdict", () => {
    for (const [k, entry] of space.classes.entries()) {
      expect(space.candidates.some(({ classIndex }) => classIndex === k)).toBe(true);
      expect(verdictKinds).toContain(entry.kind);
    }
    expect(space.candidates.every(({ classIndex }) => classIndex >= 0 && classIndex < space.classes.length)).toBe(true);
    expect(new Set(space.classes.map(({ name }) => name)).size).toBe(space.classes.length);
  });

  it("hold the named objectives in the classes that truths call them by", () => {
    const named: readonly (readonly [string, string])[] = [
      ["score", "score"],
      ["score-not-capsules", "score"],
      ["capsules", "capsules"],
      ["score-shun-red", "score-shun-red"],
      ["both", "both"],
    ];
    for (const [objective, className] of named) {
      const candidate = nearest(findArcadeObjective(objective).cases[0]!.weights);
      expect(space.classes[candidate.classIndex]!.name).toBe(className);
    }
  });

  it("are scaled to a largest item weight of 1, in the direction they say", () => {
    for (const candidate of grid) {
      const { coin, capsule } = weightsOf(candidate);
      expect(Math.max(Math.abs(coin!), Math.abs(capsule!))).toBeCloseTo(1, 12);
      expect((Math.atan2(capsule!, coin!) * 180) / Math.PI).toBeCloseTo(candidate.direction!, 9);
    }
  });

  it("stand for cells that hold them and that leave no gap to their neighbors", () => {
    for (const candidate of grid) {
      for (const feature of space.features) {
        const { low, high } = candidate.cell[feature]!;
        expect(low).toBeLessThanOrEqual(weightsOf(candidate)[feature]!);
        expect(high).toBeGreaterThanOrEqual(weightsOf(candidate)[feature]!);
      }
    }
    const column = grid.filter((candidate) => weightsOf(candidate).red === 0 && candidate.behavior.kind === "optimal");
    const around = column.filter(({ direction }) => direction! >= -30 && direction! <= 30);
    const ascending = [...around].sort((a, b) => a.cell.capsule!.low - b.cell.capsule!.low);
    for (let i = 1; i < ascending.length; i++) {
      expect(ascending[i]!.cell.capsule!.low).toBeLessThanOrEqual(ascending[i - 1]!.cell.capsule!.high + 1e-12);
    }
  });

  it("hold each constant action and the uniform one", () => {
    const kinds = space.candidates.map(({ behavior }) => behavior.kind);
    expect(kinds.filter((kind) => kind === "constant-action")).toHaveLength(arcadeActions.length);
    expect(kinds.filter((kind) => kind === "uniform")).toHaveLength(1);
  });
});

describe("objectiveSpaceOf", () => {
  it("gives every variant of the arcade its hypotheses", () => {
    expect(objectiveSpaceOf(createArcade({ size: 5, coins: 2, capsules: 2 })).candidates).toHaveLength(space.candidates.length);
  });

  it("makes those of another world out of its objectives", () => {
    const { classes } = objectiveSpaceOf({ ...createArcade(), name: "another" });
    expect(classes.map(({ name }) => name)).toContain("score-and-capsules");
  });
});
