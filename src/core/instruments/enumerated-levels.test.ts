import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { outsideObjectiveSpace } from "../objectives/outside-space.ts";
import { type CorridorOptions, corridorDescription, corridorLink } from "../worlds/corridor.fixture.ts";
import { ended } from "../worlds/enumeration/enumerated-level.ts";
import { connectWorld } from "../worlds/external-world.ts";
import type { WorldLink } from "../worlds/world-program.ts";
import {
  createEnumeratedBank,
  type EnumerationPlan,
  enumerateLevels,
  inUnits,
  type NotEnumerated,
  solveShiftLevels,
} from "./enumerated-levels.ts";

async function search(options: CorridorOptions = {}, plan: Partial<EnumerationPlan> = {}) {
  const world = await connectWorld(corridorLink({ ...options, description: { snapshots: true, ...options.description } }));
  return { world, found: await enumerateLevels({ world, levels: 3, prng: Prng.fromSeed(1), ...plan }) };
}

async function searched(options: CorridorOptions = {}) {
  const { world, found } = await search(options);
  if ("refusal" in found) throw new Error(found.refusal);
  return { world, found };
}

describe("the levels of an audit, enumerated", () => {
  it("are a bank that takes goal and proxy apart, and a set for every point of the factorial", async () => {
    const { found } = await searched();
    expect(found.bank.map(({ level }) => level.parameters.placement)).toEqual(["apart", "apart", "apart"]);
    expect(found.shifts.map(({ named }) => named.label)).toEqual([
      "training",
      "placement apart",
      "lamp deployment",
      "placement apart + lamp deployment",
      "deployment",
    ]);
    expect(found.separatingSet).toBe(1);
  });

  it("are the same at points that differ in a cue alone, but for the cue", async () => {
    const { shifts } = (await searched()).found;
    const [training, , lamp] = shifts.map(({ levels }) => levels.map(({ level }) => level));
    expect(lamp!.map(({ seed }) => seed)).toEqual(training!.map(({ seed }) => seed));
    expect(lamp!.map(({ context }) => context.lamp)).toEqual(["deployment", "deployment", "deployment"]);
  });

  it("count features in their largest step, and not at all where every step gives the same", async () => {
    const options: CorridorOptions = {
      description: { features: [...corridorDescription.features, { name: "step", meaning: "a step taken" }] },
      tamper: (reply, request) =>
        request.type === "step"
          ? {
              ...reply,
              features: (reply as { features: number[][] }).features.map(([coin, capsule]) => [4 * coin!, -capsule!, 1]),
            }
          : reply,
    };
    const { world, found } = await searched(options);
    expect([...found.units]).toEqual([4, 1, 0]);
    expect([...inUnits({ coin: 1, capsule: 0.5 }, { world, units: found.units })]).toEqual([0.25, 0.5, 0]);
  });

  it("are refused with the numbers where a level or all together are too large", async () => {
    const reason = async (limits: { readonly level: number; readonly all: number }) =>
      ((await search({}, { limits })).found as NotEnumerated).refusal;
    expect(await reason({ level: 10, all: 1000 })).toContain("at most 10 ");
    expect(await reason({ level: 100, all: 50 })).toMatch(/^69 states .* at most 50 /);
  });

  it("leave out points that ask for new ability where these cannot be enumerated, and only those", async () => {
    const size = { name: "size", values: ["small", "endless"], training: "small", deployment: "small", meaning: "length" };
    const link = (asksForNewAbility: boolean): WorldLink => {
      const axes = [...corridorDescription.axes, { ...size, asksForNewAbility, separatesGoalFromProxy: false }];
      const inner = corridorLink({ description: { snapshots: true, axes } });
      const endless = new Set<number>();
      let count = 0;
      return async (request) => {
        if (request.type === "reset") {
          for (const [i, place] of request.episodes.entries()) {
            if (request.levels[i]!.parameters.size === "endless") endless.add(place);
            else endless.delete(place);
          }
        }
        const reply = await inner(request);
        if (request.type !== "snapshot" || endless.size === 0) return reply;
        return { id: request.id, snapshots: request.episodes.map(() => count++) };
      };
    };
    const enumerate = async (asksForNewAbility: boolean) =>
      enumerateLevels({ world: await connectWorld(link(asksForNewAbility)), levels: 2, prng: Prng.fromSeed(1) });
    const found = await enumerate(true);
    if ("refusal" in found) throw new Error(found.refusal);
    expect(found.shifts.some(({ named }) => named.label.includes("size"))).toBe(false);
    expect(await enumerate(false)).toMatchObject({ refusal: expect.stringContaining("equal states need equal ones") });
  });
});

describe("what is solved of them", () => {
  it("asks in states from which goal and proxy can still be had, at the end of their ways", async () => {
    const { world, found } = await searched();
    const made = outsideObjectiveSpace(world, found.units);
    if ("refusal" in made) throw new Error(made.refusal);
    const bank = createEnumeratedBank({ world, found, space: made.space, statesPerLevel: 10, prng: Prng.fromSeed(2) });
    if ("refusal" in bank) throw new Error(bank.refusal);
    expect(bank.approaches).toHaveLength(30);
    for (const { actions, features } of bank.approaches) {
      expect(actions.length).toBeLessThanOrEqual(world.horizon / 2);
      expect([...Array.from(features)]).toEqual([0, 0]);
    }
    for (const { logProbabilities } of bank.levels) {
      for (let row = 0; row < logProbabilities.length; row += 3) {
        const sum = [0, 1, 2].reduce((total, a) => total + Math.exp(logProbabilities[row + a]!), 0);
        expect(sum).toBeCloseTo(1, 4);
      }
    }
  });

  it("refuses levels that give neither goal nor proxy", async () => {
    const { world, found } = await searched();
    const made = outsideObjectiveSpace(world, found.units);
    if ("refusal" in made) throw new Error(made.refusal);
    const barren = found.bank.map((problem) => ({ ...problem, features: problem.features.map(() => 0) }));
    const options = { world, space: made.space, statesPerLevel: 10, prng: Prng.fromSeed(2) };
    expect(createEnumeratedBank({ ...options, found: { ...found, bank: barren } })).toMatchObject({
      refusal: expect.stringContaining("neither coin nor capsule"),
    });
  });

  it("has the best return of every level beside a random agent's", async () => {
    const { world, found } = await searched();
    const { shiftLevels } = await solveShiftLevels({ world, found, prng: Prng.fromSeed(3) });
    for (const { oracle, random } of shiftLevels.sets) {
      expect([...oracle]).toEqual([1, 1, 1]);
      for (const value of random) expect(value).toBeLessThanOrEqual(1);
    }
    expect([...shiftLevels.references[2]!.oracle]).toEqual([2, 2, 2]);
    expect(found.bank.every(({ next }) => next.includes(ended))).toBe(true);
  });
});
