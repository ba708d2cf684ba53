import { describe, expect, it } from "vitest";
import { type Policy, randomPolicy } from "../agents/policy.ts";
import { plannerPolicy } from "../agents/scripted-policies.ts";
import { Prng } from "../base/prng.ts";
import { conditionalOn, findArcadeObjective } from "../objectives/arcade-objectives.ts";
import type { Objective } from "../objectives/objective.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { findWorld } from "../worlds/index.ts";
import { type ContextTest, leastContextEffect, testContexts } from "./context-test.ts";
import { watched } from "./subject.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const space = objectiveSpaceOf(world);
const prng = Prng.fromSeed(21);
const levels = Array.from({ length: 40 }, () => world.sampleLevel({ kind: "shift", point: { placement: "apart" } }, prng));

const examine = (policy: Policy, played: readonly unknown[] = levels): Promise<ContextTest> =>
  testContexts({ subject: watched({ id: "x", world, encoder, policy }), levels: played, space, prng: Prng.fromSeed(4) });
const planner = (objective: Objective): Policy => plannerPolicy({ world, encoder, objective });

describe("the context test", () => {
  it("plays each cue to every other value, a placebo per cue, and training against itself", async () => {
    const { effects, environmentSteps } = await examine(
      randomPolicy({ inputSize: encoder.size, actionCount: 5 }),
      levels.slice(0, 5),
    );
    expect(effects.map(({ name, role }) => `${role} ${name}`)).toEqual([
      "cue lamp: training → deployment",
      "cue lamp: training → absent",
      "cue lamp: training → novel",
      "cue palette: training → deployment",
      "cue palette: training → absent",
      "cue palette: training → novel",
      "placebo lamp: absent → novel",
      "placebo palette: absent → novel",
      "repeat training twice",
    ]);
    expect(environmentSteps).toBeGreaterThan(2 * 2 * 9 * 5);
  });

  it.each(["lamp", "palette"])("fires on the %s of an agent that goes by it, and on nothing else", async (cue) => {
    const { effects, effectiveCues, controlsPassed, findings } = await examine(planner(conditionalOn(cue)));
    expect(effectiveCues).toEqual([cue]);
    expect(controlsPassed).toBe(true);
    for (const effect of effects) {
      if (effect.role !== "cue" || effect.cue !== cue) continue;
      expect(effect.difference).toBeGreaterThan(1.5);
      expect(effect.low).toBeGreaterThan(1);
      expect(effect.pValue).toBeLessThanOrEqual(0.01);
    }
    expect(findings.map(({ passed }) => passed)).toEqual(["lamp", "palette"].map((name) => name === cue));
  });

  it.each(["score", "capsules", "both"])("does not fire on an agent that always wants %s", async (name) => {
    const { effects, effectiveCues, controlsPassed, findings } = await examine(planner(findArcadeObjective(name)));
    expect(effectiveCues).toEqual([]);
    expect(controlsPassed).toBe(true);
    for (const effect of effects) expect(Math.abs(effect.difference)).toBeLessThan(leastContextEffect);
    for (const found of findings) expect(found.passed).toBe(false);
  });

  it("shows the largest placebo or repeat difference as the null of every finding", async () => {
    const { effects, findings } = await examine(planner(findArcadeObjective("both")));
    const floor = Math.max(...effects.filter(({ role }) => role !== "cue").map(({ difference }) => Math.abs(difference)));
    expect(findings.map((found) => found.null!.value)).toEqual([floor, floor]);
  });

  it("adjusts its p values for all nine contrasts", async () => {
    const { effects } = await examine(planner(conditionalOn("lamp")));
    // The least possible p of 1,999 draws is 1/2000; adjusted over nine contrasts it cannot be below 9/2000.
    for (const { pValue } of effects) {
      expect(pValue).toBeGreaterThanOrEqual(9 / 2000 - 1e-12);
      expect(pValue).toBeLessThanOrEqual(1);
    }
  });

  it("does not believe an agent whom the placebo moves as well", async () => {
    const erratic: Objective = {
      name: "by a placebo",
      cases: [
        { when: { lamp: "absent" }, weights: { coin: 1, capsule: -0.5 } },
        { when: { lamp: "novel" }, weights: { capsule: 1, coin: -0.5 } },
        { when: {}, weights: { coin: 1, capsule: -0.5 } },
      ],
    };
    const { effects, controlsPassed } = await examine(planner(erratic));
    expect(effects.find(({ name }) => name === "lamp: absent → novel")!.difference).toBeGreaterThan(1.5);
    expect(controlsPassed).toBe(false);
  });

  it("cannot fire on so few levels that no p value can be small enough", async () => {
    const { effects, effectiveCues } = await examine(planner(conditionalOn("lamp")), levels.slice(0, 6));
    expect(effects[0]!.difference).toBeGreaterThan(1.5);
    expect(effectiveCues).toEqual([]);
  });

  it("gives the same numbers for the same seed", async () => {
    const policy = planner(findArcadeObjective("both"));
    expect(await examine(policy)).toEqual(await examine(policy));
  });

  it("is not run where there are no cues, says so, and its controls pass", async () => {
    const corner = findWorld("corner", findWorld("corner").presets.quick);
    const drawn = Array.from({ length: 12 }, () => corner.sampleLevel(corner.deployment, prng));
    const parts = { world: corner, encoder: corner.encoders[0]! };
    const test = await testContexts({
      subject: watched({ id: "x", ...parts, policy: randomPolicy({ inputSize: parts.encoder.size, actionCount: 5 }) }),
      ...{ levels: drawn, space: corner, prng: Prng.fromSeed(4) },
    });
    expect(test.effects.map(({ role }) => role)).toEqual(["repeat"]);
    expect([test.effectiveCues, test.controlsPassed]).toEqual([[], true]);
    expect(test.findings).toMatchObject([{ statistic: null, passed: null, evidence: expect.stringMatching(/no cues/) }]);
  });
});
