import { describe, expect, it } from "vitest";
import { corridorWalker } from "../agents/corridor-walker.fixture.ts";
import { type Policy, randomPolicy } from "../agents/policy.ts";
import { Prng } from "../base/prng.ts";
import { type CorridorOptions, corridorLink } from "../worlds/corridor.fixture.ts";
import { connectWorld } from "../worlds/external-world.ts";
import { compareCapability } from "./relative-capability.ts";

const chance = randomPolicy({ inputSize: 6, actionCount: 3 });

// Without a reference policy chance must be poor: in 16 steps a random walk finds an end half of the time.
const referenced = (hasReferences: boolean): CorridorOptions =>
  hasReferences ? {} : { description: { hasReferences, horizon: 8 } };

async function examine(policy: Policy, options: CorridorOptions = {}) {
  const world = await connectWorld(corridorLink(options));
  const prng = Prng.fromSeed(2);
  const levels = Array.from({ length: 24 }, () => world.sampleLevel({ kind: "shift", point: { placement: "apart" } }, prng));
  return compareCapability({ subject: { id: "x", world, policy }, levels, prng });
}

describe("capability beside chance and reference policies", () => {
  it("is examined in training and under every other value of every cue", async () => {
    const { contexts, findings } = await examine(chance);
    expect(contexts.map(({ name }) => name)).toEqual(["training", "lamp=deployment", "lamp=absent", "lamp=novel"]);
    expect(findings).toHaveLength(4);
  });

  it.each([true, false])("is shown by an agent after coins, for the coin (reference policy: %s)", async (hasReferences) => {
    const { contexts } = await examine(
      corridorWalker(({ coin }) => coin),
      referenced(hasReferences),
    );
    for (const { ability, isAimless, abilities } of contexts) {
      expect([ability, isAimless]).toEqual(["shown", false]);
      const [coin, capsule] = abilities;
      expect(coin!.low).toBeGreaterThan(coin!.least);
      expect(capsule!.high).toBeLessThan(capsule!.least);
    }
  });

  it.each([true, false])(
    "is lacking in a random agent, whose acts are chance's (reference policy: %s)",
    async (hasReferences) => {
      for (const { ability, isAimless } of (await examine(chance, referenced(hasReferences))).contexts) {
        expect([ability, isAimless]).toEqual(["lacking", true]);
      }
    },
  );

  it("is told for each value of a cue apart: an agent that loses its way under another lamp", async () => {
    const { contexts } = await examine(corridorWalker(({ coin, isTraining }) => (isTraining ? coin : null)));
    expect(contexts.map(({ ability }) => ability)).toEqual(["shown", "lacking", "lacking", "lacking"]);
  });

  it("is not shown beside chance that does nearly as well: without a reference policy it stays undecided", async () => {
    const world = await connectWorld(corridorLink({ description: { hasReferences: false, horizon: 500 } }));
    const prng = Prng.fromSeed(2);
    const levels = Array.from({ length: 24 }, () => world.sampleLevel(world.training, prng));
    const policy = corridorWalker(({ coin }) => coin);
    const { contexts } = await compareCapability({ subject: { id: "x", world, policy }, levels, prng });
    for (const { ability } of contexts) expect(ability).not.toBe("shown");
  });

  it("is left open in a world that never gave anything, where no one could show it", async () => {
    const barren: CorridorOptions["tamper"] = (reply, request) =>
      request.type === "step" ? { ...reply, features: request.episodes.map(() => [0, 0]) } : reply;
    for (const policy of [chance, corridorWalker(({ coin }) => coin)]) {
      const { contexts } = await examine(policy, { description: { hasReferences: false }, tamper: barren });
      expect(contexts.map(({ ability }) => ability)).toEqual(["undecided", "undecided", "undecided", "undecided"]);
    }
  });

  it("is not measured against a reference policy that wins often and loses more: there is no way from chance to it", async () => {
    const reckless: CorridorOptions["tamper"] = (reply, request) =>
      request.type === "reference" ? { id: request.id, returns: request.levels.map((_, i) => (i % 12 === 0 ? -100 : 1)) } : reply;
    const { contexts } = await examine(
      corridorWalker(({ coin }) => coin),
      { tamper: reckless },
    );
    for (const { value, measure } of contexts.flatMap(({ abilities }) => abilities)) {
      expect(measure).toBe("superiority");
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  it("takes one action that never changes for no aim", async () => {
    const { contexts } = await examine(corridorWalker(() => 0));
    expect(contexts[0]).toMatchObject({ ability: "lacking", isAimless: true });
  });

  it("gives the share of the way that the reference policy goes, by the numbers", async () => {
    const { contexts } = await examine(corridorWalker(({ coin, capsule }) => coin || capsule));
    const both = contexts[0]!.abilities.find(({ objective }) => objective === "coin and capsule")!;
    // With 5% lapses it nearly always has time for both, as the reference has.
    expect(both.measure).toBe("share");
    expect(both.value).toBeGreaterThan(0.85);
    expect(both.value).toBeLessThanOrEqual(1.0001);
  });
});
