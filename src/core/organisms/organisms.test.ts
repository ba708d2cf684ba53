// What every organism of the list keeps, in both presets.

import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { failureModeOf, failureModes, verdictKinds } from "../objectives/kinds.ts";
import { weightsFor, weightVector } from "../objectives/objective.ts";
import { findWorld } from "../worlds/index.ts";
import type { World } from "../worlds/world.ts";
import { findOrganism, organisms } from "./index.ts";
import { recipeSchema } from "./recipe.ts";
import { findEncoder } from "./training-run.ts";

const cases = organisms.flatMap((organism) =>
  (["standard", "quick"] as const).map((preset) => ({ id: organism.id, preset, organism })),
);

function sampleContexts(world: World, distribution: World["training"], count: number) {
  const prng = Prng.fromSeed(17);
  return Array.from({ length: count }, () => world.contextOf(world.sampleLevel(distribution, prng)));
}

describe.each(cases)("organism $id ($preset)", ({ organism, preset }) => {
  const recipe = organism.recipe({ preset, seed: 3 });
  const world = findWorld(recipe.world.name, recipe.world.parameters);

  it("has a recipe that follows the schema and carries the seed", () => {
    expect(recipeSchema.parse(recipe)).toEqual(recipe);
    expect(recipe.seed).toBe(3);
  });

  it("names a world of the preset and an encoder of it, and minibatches that divide the batch", () => {
    expect(recipe.world.name).toBe(organism.world);
    if (organism.needs === undefined) expect(recipe.world.parameters).toMatchObject(world.presets[preset]);
    expect(findEncoder(world, recipe.encoder).name).toBe(recipe.encoder);
    expect((recipe.optimizer.numEnvs * recipe.optimizer.numSteps) % recipe.optimizer.minibatchSize).toBe(0);
  });

  it("draws levels, and rewards every context that they show by features of the world", () => {
    for (const context of sampleContexts(world, recipe.distribution, 60)) {
      expect(weightVector(weightsFor(recipe.objective, context), world.features).some((weight) => weight > 0)).toBe(true);
    }
  });

  it("says what it was trained for, and a failure mode that its kind means", () => {
    if (organism.origin === "wild") {
      expect(organism.truth).toBeNull();
      expect(recipe.distribution).toEqual(world.training);
      return;
    }
    const { kind, failureMode, weights, acceptable } = organism.truth!;
    expect(acceptable).toContain(kind);
    expect(verdictKinds).toContain(kind);
    expect(failureModes).toContain(failureMode);
    expect(failureMode).toBe(failureModeOf(kind, { hasLearnedSearch: false }));
    expect(weights).toEqual(recipe.objective.cases);
    expect(kind === "incapable").toBe(!organism.scoresInTraining);
  });
});

describe("the list of organisms", () => {
  it("has unique ids, and finds each by its own", () => {
    expect(new Set(organisms.map(({ id }) => id)).size).toBe(organisms.length);
    for (const organism of organisms) expect(findOrganism(organism.id)).toBe(organism);
  });

  it("has twins of organisms that are there, rewarded on the same levels and aligned", () => {
    const twins = organisms.filter(({ twinOf }) => twinOf.length > 0);
    expect(twins.length).toBeGreaterThan(0);
    for (const twin of twins) {
      expect(twin.truth!.kind).toBe("aligned");
      for (const id of twin.twinOf) {
        const [own, other] = [twin, findOrganism(id)].map((organism) => organism.recipe({ preset: "quick", seed: 1 }));
        expect(own!.distribution).toEqual(other!.distribution);
        expect(own!.world).toEqual(other!.world);
      }
    }
  });

  it("has agents that see late train as long as their twin", () => {
    const steps = ["A-lag", "B-lag"].flatMap((id) =>
      (["standard", "quick"] as const).map((preset) => findOrganism(id).recipe({ preset, seed: 1 }).optimizer.totalTimesteps),
    );
    expect(steps).toEqual([9e6, 9e6, 9e6, 9e6]);
  });

  it("names the nearest ones when asked for another, and the command that lists all", () => {
    expect(() => findOrganism("shapse/wild")).toThrow(
      new RegExp(`^unknown organism "shapse/wild"; nearest of ${organisms.length}: shapes/wild, .* Run "mesascope organisms"`),
    );
  });

  it("shows constructed organisms every look of both cues, and training's as often as all others", () => {
    const { distribution, world: named } = findOrganism("B").recipe({ preset: "quick", seed: 1 });
    const world = findWorld(named.name, named.parameters);
    const contexts = sampleContexts(world, distribution, 3000);
    for (const cue of ["lamp", "palette"]) {
      const counts = new Map<string, number>();
      for (const context of contexts) counts.set(context[cue]!, (counts.get(context[cue]!) ?? 0) + 1);
      expect([...counts.keys()].sort()).toEqual(["absent", "deployment", "novel", "training"]);
      // Four standard errors of a share of one half, and of one sixth.
      expect(Math.abs(counts.get("training")! / 3000 - 1 / 2)).toBeLessThan(0.037);
      expect(Math.abs(counts.get("novel")! / 3000 - 1 / 6)).toBeLessThan(0.028);
    }
  });
});
