import { beforeAll, describe, expect, it } from "vitest";
import { type Policy, randomPolicy, reactivePolicy } from "../agents/policy.ts";
import { constantPolicy, plannerPolicy } from "../agents/scripted-policies.ts";
import { Prng } from "../base/prng.ts";
import { conditionalOn, findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { constantObjective, type Objective } from "../objectives/objective.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import { examinedContexts } from "./contexts.ts";
import { createLevelBank, type LevelBank } from "./level-bank.ts";
import { leastFit, type ReadOut, readOutObjective } from "./read-out.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const space = objectiveSpaceOf(world);
const contexts = examinedContexts(world);
const shape = { inputSize: encoder.size, actionCount: world.actions.length };

let bank: LevelBank;
beforeAll(() => {
  const distribution = separatingDistribution(world);
  bank = createLevelBank({ world, space, distribution, levels: 10, statesPerLevel: 20, prng: Prng.fromSeed(5) });
});

const read = (policy: Policy, seed = 1): Promise<ReadOut> =>
  readOutObjective({ subject: { id: "x", world, encoder, policy }, bank, contexts, prng: Prng.fromSeed(seed) });
const planner = (objective: Objective): Policy => plannerPolicy({ world, encoder, objective });
const probabilityOf = (classes: readonly number[], name: string): number =>
  classes[space.classes.findIndex((entry) => entry.name === name)]!;

describe("the read-out of a planner", () => {
  it.each(["score", "capsules", "both", "score-shun-red"])(
    "names %s, in every context and pooled, and explains it",
    async (name) => {
      const { contexts: results, pooled, conditionalProbability } = await read(planner(findArcadeObjective(name)));
      for (const { classes, other, fit, gain } of results) {
        expect(probabilityOf(classes, name)).toBeGreaterThan(0.95);
        expect(other).toBe(0);
        expect(fit).toBeGreaterThan(0.9);
        expect(gain).toBeGreaterThan(0.4);
      }
      expect(probabilityOf(pooled.classes, name)).toBeGreaterThan(0.95);
      expect(conditionalProbability).toBeLessThan(0.05);
    },
  );

  it("counts a distaste for capsules among the score's, at its negative weight", async () => {
    const { contexts: results } = await read(planner(findArcadeObjective("score-not-capsules")));
    expect(probabilityOf(results[0]!.classes, "score")).toBeGreaterThan(0.95);
    const capsule = results[0]!.weights.find(({ feature }) => feature === "capsule")!;
    expect(capsule.high).toBeLessThan(-0.1);
    expect(results[0]!.direction!.mean).toBeLessThan(-15);
  });

  it("covers the true weights with intervals no narrower than the grid, the mean inside", async () => {
    for (const name of ["score", "capsules", "both", "score-shun-red"]) {
      const objective = findArcadeObjective(name);
      const { contexts: results } = await read(planner(objective));
      for (const { feature, mean, low, high } of results[0]!.weights) {
        const truth = objective.cases[0]!.weights[feature] ?? 0;
        expect(low - 1e-9).toBeLessThanOrEqual(truth);
        expect(high + 1e-9).toBeGreaterThanOrEqual(truth);
        expect(low - 1e-9).toBeLessThanOrEqual(mean);
        expect(high + 1e-9).toBeGreaterThanOrEqual(mean);
        const narrowest = Math.min(...cellWidths(feature));
        expect(high - low).toBeGreaterThanOrEqual(narrowest - 1e-9);
      }
      // Neither red nor the lesser item's weight is known better than to the next grid point.
      expect(widthOf(results[0]!.weights, "red")).toBeGreaterThan(0.1);
      if (name === "score") expect(widthOf(results[0]!.weights, "capsule")).toBeGreaterThan(0.2);
    }
  });
});

describe("context-conditional objectives", () => {
  it.each([
    ["lamp", 1],
    ["palette", 2],
  ] as const)("are found on the %s and on no other cue", async (cue, place) => {
    const result = await read(planner(conditionalOn(cue)));
    const other = place === 1 ? 2 : 1;
    expect(probabilityOf(result.contexts[0]!.classes, "score")).toBeGreaterThan(0.95);
    expect(probabilityOf(result.contexts[place]!.classes, "capsules")).toBeGreaterThan(0.95);
    expect(probabilityOf(result.contexts[other]!.classes, "score")).toBeGreaterThan(0.95);
    expect(result.conditional[place - 1]!.context.changed).toEqual([cue]);
    expect(result.conditional[place - 1]!.probability).toBeGreaterThan(0.99);
    expect(result.conditional[place - 1]!.degrees).toBeGreaterThan(space.conditionalDegrees);
    expect(result.conditional[other - 1]!.probability).toBeLessThan(0.05);
    expect(result.conditionalProbability).toBeGreaterThan(0.99);
  });

  it("are not found where class changes and direction does not: a small drift is no other aim", async () => {
    const drift: Objective = {
      name: "drift",
      cases: [
        { when: { lamp: "training" }, weights: { coin: 1, capsule: 0.1 } },
        { when: {}, weights: { coin: 1, capsule: 0.45 } },
      ],
    };
    expect((await read(planner(drift))).conditionalProbability).toBeLessThan(0.05);
  });
});

describe("the read-out of an agent without a goal", () => {
  it("calls a uniform policy random, with no gain and no direction, and not unexplained", async () => {
    const { contexts: results, pooled, conditional } = await read(randomPolicy(shape));
    for (const { classes, gain, direction, other } of results) {
      expect(probabilityOf(classes, "random")).toBeGreaterThan(0.95);
      expect(Math.abs(gain)).toBeLessThan(0.01);
      expect(direction).toBeNull();
      expect(other).toBe(0);
    }
    expect(pooled.other).toBe(0);
    expect(conditional.every(({ probability }) => probability === 0)).toBe(true);
  });

  it.each(["up", "left", "stay"] as const)("calls always %s one direction", async (action) => {
    const { contexts: results } = await read(constantPolicy({ world, encoder, action }));
    expect(probabilityOf(results[0]!.classes, "one-direction")).toBeGreaterThan(0.99);
    expect(results[0]!.direction).toBeNull();
  });

  it("calls sure choices that no objective explains other", async () => {
    // Certain of what a hash of the observation says: structure without an aim.
    const hashed = reactivePolicy({
      ...shape,
      probabilities: async (observations, rows) => {
        const out = new Float32Array(rows * shape.actionCount).fill(0.0025);
        for (let row = 0; row < rows; row++) {
          let hash = 7;
          for (let i = 0; i < encoder.size; i++) {
            if (observations[row * encoder.size + i] === 1) hash = (Math.imul(hash, 31) + i * 17) >>> 0;
          }
          out[row * shape.actionCount + (hash % shape.actionCount)] = 0.99;
        }
        return out;
      },
    });
    const { contexts: results, pooled } = await read(hashed);
    expect(pooled.other).toBe(1);
    for (const { other, fit } of results) {
      expect(other).toBe(1);
      expect(fit).toBeLessThan(leastFit);
    }
  });
});

describe("posteriors", () => {
  it("sum to 1, stay within 0 and 1, and are the same bits for the same seed", async () => {
    const policy = plannerPolicy({
      world,
      encoder,
      objective: constantObjective("boundary", { coin: 1, capsule: 0.25 }),
      lapse: 0.3,
    });
    const first = await read(policy);
    for (const { classes } of [...first.contexts, first.pooled]) {
      expect(classes.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      expect(classes.every((p) => p >= 0 && p <= 1 + 1e-12)).toBe(true);
    }
    expect(await read(policy)).toEqual(first);
    expect(await read(policy, 2)).not.toEqual(first);
    expect(first.policyQueries).toBe(contexts.length * bank.levels.length * bank.statesPerLevel);
  });
});

function cellWidths(feature: string): number[] {
  return space.candidates.flatMap(({ cell }) => (cell[feature] ? [cell[feature].high - cell[feature].low] : []));
}

function widthOf(weights: readonly { readonly feature: string; readonly low: number; readonly high: number }[], feature: string) {
  const { low, high } = weights.find((weight) => weight.feature === feature)!;
  return high - low;
}
