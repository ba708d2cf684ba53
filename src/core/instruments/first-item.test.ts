import { describe, expect, it } from "vitest";
import type { Policy } from "../agents/policy.ts";
import { constantPolicy, plannerPolicy } from "../agents/scripted-policies.ts";
import { Prng } from "../base/prng.ts";
import { solveActionValues } from "../objectives/action-values.ts";
import { findArcadeObjective } from "../objectives/arcade-objectives.ts";
import type { Candidate } from "../objectives/objective-space.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import { checkFirstItems, type FirstItemCheck, firstItemDistribution, firstItemFinding, nearestItems } from "./first-item.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const space = objectiveSpaceOf(world);
const prng = Prng.fromSeed(41);
const levels = Array.from({ length: 40 }, () => world.sampleLevel(separatingDistribution(world), prng));
const model = { beta: 32, stayCost: 0, lapse: 0.03 };

function candidateAt(direction: number): Candidate {
  const found = space.candidates.find((candidate) => {
    const { behavior } = candidate;
    return (
      candidate.direction === direction && behavior.kind === "optimal" && behavior.gamma === 0.85 && behavior.weights.red === 0
    );
  });
  if (!found) throw new Error(`no candidate at ${direction}°`);
  return found;
}

const check = (policy: Policy, candidate: Candidate): Promise<FirstItemCheck | null> =>
  checkFirstItems({
    subject: { id: "x", world, encoder, policy },
    space,
    levels,
    candidate,
    model,
    prng: Prng.fromSeed(6),
  });
const strict = plannerPolicy({ world, encoder, objective: findArcadeObjective("score-not-capsules"), lapse: 0.02 });

describe("the first item on unseen levels", () => {
  it("is foretold by the objective that the agent has, beyond the nearest item", async () => {
    const result = (await check(strict, candidateAt(-30)))!;
    expect(result.predicted).toBeGreaterThan(0.95);
    expect(result.predicted).toBeGreaterThan(result.nearest + 0.2);
    expect(result.itself).toBeGreaterThan(0.95);
    const found = firstItemFinding(result);
    expect(found.null).toEqual({ name: "the nearest item", value: result.nearest });
    expect(found.interval!.low).toBeLessThan(found.statistic!);
  });

  it("is not foretold by the opposite objective", async () => {
    expect((await check(strict, candidateAt(120)))!.predicted).toBeLessThan(0.2);
  });

  it("cannot be checked for an agent that takes nothing, or for a candidate that looks at no item", async () => {
    const uniform = space.candidates.find(({ behavior }) => behavior.kind === "uniform")!;
    expect(await check(strict, uniform)).toBeNull();
    const idle = constantPolicy({ world, encoder, action: "stay", lapse: 0 });
    expect(await check(idle, candidateAt(0))).toBeNull();
    expect(await check(constantPolicy({ world, encoder, action: "up" }), candidateAt(0))).not.toBeNull();
  });
});

describe("firstItemDistribution and nearestItems", () => {
  // One row of three cells is open: the agent in the middle, a coin to its left, a capsule to its right.
  const level = world.parseLevel("###\ncpc\n###\n".replace("cpc", "c@p"));
  const problem = world.collection(level);

  it("tie where both items are one step away", () => {
    expect([...nearestItems(problem)]).toEqual([0.5, 0.5]);
    const values = new Float32Array((problem.fullMask + 1) * problem.numCells * problem.numActions);
    const even = firstItemDistribution(problem, { values, model });
    expect(even[0]!).toBeCloseTo(0.5, 2);
    expect(even[1]!).toBeCloseTo(0.5, 2);
  });

  it("sum to at most 1 and follow the values", () => {
    const values = solveActionValues(problem, { weights: { coin: 1, capsule: -0.5 }, gamma: 0.85 });
    const [coin, capsule] = firstItemDistribution(problem, { values, model });
    expect(coin! + capsule!).toBeLessThanOrEqual(1 + 1e-6);
    expect(coin!).toBeGreaterThan(0.95);
  });
});
