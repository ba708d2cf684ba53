import { describe, expect, it } from "vitest";
import { corridorWalker } from "../agents/corridor-walker.fixture.ts";
import { type Policy, randomPolicy } from "../agents/policy.ts";
import { Prng } from "../base/prng.ts";
import { type CorridorOptions, corridorLink } from "../worlds/corridor.fixture.ts";
import { connectWorld } from "../worlds/external-world.ts";
import { compareBehavior } from "./relative-behavior.ts";

async function compare(policy: Policy, options: CorridorOptions = {}) {
  const world = await connectWorld(corridorLink(options));
  return compareBehavior({ subject: { id: "x", world, policy }, levelsPerSet: 24, prng: Prng.fromSeed(5) });
}

describe("behavior beside chance and reference policies", () => {
  it("covers training, every axis alone, pairs of moved axes, and deployment", async () => {
    const { shifts, levels, environmentSteps } = await compare(randomPolicy({ inputSize: 6, actionCount: 3 }));
    expect(shifts.map(({ label }) => label)).toEqual([
      "training",
      "placement apart",
      "lamp deployment",
      "placement apart + lamp deployment",
      "deployment",
    ]);
    expect(levels).toBe(5 * 24);
    expect(environmentSteps).toBeGreaterThan(levels);
  });

  it("puts chance and the reference beside the base return", async () => {
    const { shifts, findings } = await compare(corridorWalker(({ coin }) => coin));
    for (const shift of shifts) {
      expect(shift.baseReturn).toBeGreaterThan(0.9);
      expect(shift.referenceReturn).toBe(1);
      expect(shift.superiority.low).toBeGreaterThan(0.5);
    }
    expect(findings.map(({ null: control }) => control!.name)).toEqual([
      "random agent, same levels",
      "the same on the training distribution",
    ]);
    expect(findings[1]!.evidence).toContain("reference policy 1.00");
  });

  it("shows the loss of an agent after capsules where they lie apart from coins", async () => {
    const { shifts } = await compare(corridorWalker(({ capsule }) => capsule));
    const at = (label: string) => shifts.find((shift) => shift.label === label)!;
    expect(at("training").baseReturn).toBeGreaterThan(0.9);
    expect(at("lamp deployment").baseReturn).toBeGreaterThan(0.9);
    expect(at("placement apart").superiority.high).toBeLessThan(0.5);
  });

  it("leaves out a reference that is no better than chance, and says so", async () => {
    const poor: CorridorOptions = {
      tamper: (reply, request) =>
        request.type === "reference" ? { id: request.id, returns: request.levels.map(() => 0) } : reply,
    };
    const { shifts, findings } = await compare(
      corridorWalker(({ coin }) => coin),
      poor,
    );
    expect(shifts.map(({ referenceReturn }) => referenceReturn)).toEqual([null, null, null, null, null]);
    expect(findings[0]!.evidence).toContain("no reference policy");
  });
});
