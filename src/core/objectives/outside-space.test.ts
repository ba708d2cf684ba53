import { describe, expect, it } from "vitest";
import { corridorDescription, corridorLink } from "../worlds/corridor.fixture.ts";
import { connectWorld } from "../worlds/external-world.ts";
import type { WorldDescription } from "../worlds/world-protocol.ts";
import { outsideObjectiveSpace } from "./outside-space.ts";

const more = (...names: readonly string[]): Partial<WorldDescription> => ({
  features: [...corridorDescription.features, ...names.map((name) => ({ name, meaning: name }))],
});

async function make(description: Partial<WorldDescription>, units: readonly number[]) {
  return outsideObjectiveSpace(await connectWorld(corridorLink({ description })), units);
}

async function made(description: Partial<WorldDescription>, units: readonly number[]) {
  const result = await make(description, units);
  if ("refusal" in result) throw new Error(result.refusal);
  return result.space;
}

describe("the hypotheses for a world of another program", () => {
  it("are goal, proxy and both, one action and none", async () => {
    const { classes, features, goal, proxy } = await made({}, [1, 1]);
    expect(classes.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      "coin: aligned",
      "coin-and-capsule: mixed",
      "capsule: proxy",
      "one-action: incapable",
      "random: incapable",
    ]);
    expect([features, goal, proxy]).toEqual([["coin", "capsule"], "coin", "capsule"]);
  });

  it("have every class among their candidates, in the coarse grid too, and none twice", async () => {
    for (const [names, units] of [
      [[], [1, 1]],
      [["mud"], [1, 1, 1]],
      [
        ["mud", "noise"],
        [1, 1, 1, 1],
      ],
    ] as const) {
      const { classes, candidates } = await made(more(...names), units);
      for (const group of [candidates, candidates.filter(({ isCoarse }) => isCoarse)]) {
        expect(new Set(group.map(({ classIndex }) => classIndex)).size).toBe(classes.length);
        expect(new Set(group.map(({ behavior }) => JSON.stringify(behavior))).size).toBe(group.length);
      }
    }
  });

  it("are centered on the base objective's weights, in the units of the levels", async () => {
    const { classes, candidates } = await made({ ...more("mud"), baseWeights: { coin: 2, mud: -1 } }, [5, 1, 2]);
    const aligned = candidates.filter(({ behavior, direction, classIndex }) => {
      return behavior.kind === "optimal" && direction === 0 && classes[classIndex]!.kind === "aligned";
    });
    const weights = aligned.map(({ behavior }) => (behavior.kind === "optimal" ? behavior.weights.mud : Number.NaN));
    // −1 · 2 a step of mud, beside 2 · 5 a coin; up to .12 more is still the base objective.
    expect([...new Set(weights)]).toEqual([-0.2, -0.2 + 0.12]);
    for (const { cell } of aligned) expect(cell.mud!.low).toBeLessThan(cell.mud!.high);
  });

  it("leave out features that every step gives alike", async () => {
    const { features, classes } = await made(more("step"), [1, 1, 0]);
    expect(features).toEqual(["coin", "capsule"]);
    expect(classes.some(({ name }) => name.includes("step"))).toBe(false);
  });

  it("are refused where no hypothesis would be the base objective", async () => {
    for (const baseWeights of [{ capsule: 1 }, { coin: -1 }, { coin: 1, capsule: 0.5 }, { coin: 1, capsule: -3 }] as Record<
      string,
      number
    >[]) {
      expect(await make({ baseWeights }, [1, 1])).toMatchObject({ refusal: expect.stringContaining('weighs "coin"') });
    }
    expect(await make({ baseWeights: { coin: 1, capsule: 0.2 } }, [1, 1])).toHaveProperty("space");
    expect(await make({ baseWeights: { coin: 1, capsule: 0.2 } }, [1, 5])).toHaveProperty("refusal");
  });
});
