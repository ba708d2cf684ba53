import { describe, expect, it } from "vitest";
import { scriptedPolicyNamed } from "../../../core/agents/scripted-names.ts";
import { Prng } from "../../../core/base/prng.ts";
import { separatingDistribution } from "../../../core/worlds/distribution.ts";
import { findWorld, worlds } from "../../../core/worlds/index.ts";
import { createLevelHost } from "./level-host.ts";
import { type LevelAnswer, type LevelRequest, levelAnswerSchema } from "./level-messages.ts";
import { bestOfRound, type Side } from "./tell-apart.ts";

const standard = findWorld("arcade");
const world = standard.withParameters(standard.presets.quick);
const encoder = world.encoders[0]!;
const objective = (name: string): Side => ({ kind: "objective", objective: name });
const agent = (name: string): Side => ({
  kind: "agent",
  agent: { world, encoder, policy: scriptedPolicyNamed(name, { world, encoder }) },
});
const search = (sides: readonly [Side, Side], distribution = separatingDistribution(world)) =>
  bestOfRound({ world, sides, distribution, levels: 8, prng: Prng.fromSeed(3) });

describe("a round of the search", () => {
  it("finds a level on which two objectives part, and says how surely one episode tells them", async () => {
    const { text, certainty } = await search([objective("score"), objective("capsules")]);
    expect(certainty).toBeGreaterThan(0.9);
    expect(world.formatLevel(world.parseLevel(text))).toBe(text);
  });

  it("finds none among levels of training, where both take the same", async () => {
    expect((await search([objective("score"), objective("capsules")], world.training)).certainty).toBeLessThan(0.65);
    expect((await search([agent("nearest-coin"), agent("nearest-capsule")], world.training)).certainty).toBeLessThan(0.75);
  });

  it("tells agents by what they take, and an agent from an objective", async () => {
    expect((await search([agent("nearest-coin"), agent("nearest-capsule")])).certainty).toBeGreaterThan(0.9);
    expect((await search([agent("nearest-coin"), objective("capsules")])).certainty).toBeGreaterThan(0.9);
    expect((await search([agent("nearest-coin"), agent("nearest-coin")])).certainty).toBeLessThan(0.75);
  });

  it("does not take the luck of the dice for a difference", async () => {
    const certainties = [];
    for (let seed = 1; seed <= 10; seed++) {
      const sides = [agent("random"), agent("random")] as const;
      const round = { world, sides, distribution: separatingDistribution(world), levels: 8, prng: Prng.fromSeed(seed) };
      certainties.push((await bestOfRound(round)).certainty);
    }
    const mean = certainties.reduce((sum, each) => sum + each, 0) / certainties.length;
    // Ten times 48 episodes: a standard error of at most .023.
    expect(mean).toBeGreaterThan(0.43);
    expect(mean).toBeLessThan(0.57);
  });

  it("gives the same level from the same seed", async () => {
    const once = () => search([objective("score"), objective("both")]);
    expect(await once()).toEqual(await once());
  });

  it("refuses an agent of another variant of the world, whose levels these are not", async () => {
    const own = standard.encoders[0]!;
    const policy = scriptedPolicyNamed("nearest-coin", { world: standard, encoder: own });
    const elsewhere: Side = { kind: "agent", agent: { world: standard, encoder: own, policy } };
    await expect(search([elsewhere, agent("nearest-capsule")])).rejects.toThrow(
      /^this agent lives in arcade with .*size \d+.*, and the level is of arcade with .*size 5/,
    );
  });

  it("refuses an objective that the world does not have", async () => {
    await expect(search([objective("love"), objective("score")])).rejects.toMatchObject({ code: "usage" });
  });

  it.each(worlds.map(({ name }) => name))("works in %s, between its first two objectives", async (name) => {
    const other = findWorld(name);
    const quick = other.withParameters(other.presets.quick);
    const [first, second] = quick.objectives;
    const { certainty } = await bestOfRound({
      world: quick,
      sides: [objective(first!.name), objective(second!.name)],
      distribution: separatingDistribution(quick),
      levels: 4,
      prng: Prng.fromSeed(1),
    });
    expect(certainty).toBeGreaterThanOrEqual(0.3);
    expect(certainty).toBeLessThanOrEqual(1);
  });
});

describe("the editor's worker", () => {
  const setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null } as const;
  const text = "c~~.@\n.~~.c\n....p\n.....\n....p\n";
  const ask = async (...requests: readonly LevelRequest[]): Promise<readonly LevelAnswer[]> => {
    const answers: LevelAnswer[] = [];
    const host = createLevelHost({
      engine: () => {
        throw new Error("no model is opened here");
      },
      tell: (answer) => answers.push(levelAnswerSchema.parse(answer)),
    });
    await Promise.all(requests.map((request) => host.receive(request)));
    return answers;
  };

  it("says what objectives and an agent do on a level", async () => {
    const [planned, , played] = await ask(
      { kind: "objectives", ask: 1, setting, text },
      { kind: "open", ask: 2, source: { kind: "scripted", name: "nearest-capsule", setting } },
      { kind: "play", ask: 3, agent: 2, setting, text, seed: 1 },
    );
    expect(planned).toMatchObject({
      kind: "objectives",
      plays: expect.arrayContaining([expect.objectContaining({ objective: "score" })]),
    });
    expect(played).toMatchObject({ kind: "played", result: { pursues: "capsules", outcome: "not-judged" } });
  });

  it("says what is wrong with a level, an agent or its world, and goes on", async () => {
    const answers = await ask(
      { kind: "objectives", ask: 1, setting, text: "nothing" },
      { kind: "play", ask: 2, agent: 1, setting, text, seed: 1 },
      {
        kind: "open",
        ask: 3,
        source: { kind: "scripted", name: "random", setting: { ...setting, preset: "standard" } },
      },
      { kind: "play", ask: 4, agent: 3, setting, text, seed: 1 },
    );
    expect(answers.map((answer) => (answer.kind === "failed" ? answer.message : answer.kind))).toEqual([
      expect.stringContaining("line"),
      expect.stringContaining("agent 1 asked for; it is not open"),
      "opened",
      expect.stringMatching(/^this agent lives in arcade with .*, and the level is of arcade with/),
    ]);
  });

  it("does not work on what was cancelled before its turn", async () => {
    const [answer] = await ask({ kind: "objectives", ask: 1, setting, text }, { kind: "cancel", of: 1 });
    expect(answer).toMatchObject({ kind: "failed", message: "the question was cancelled." });
  });
});
