import { describe, expect, it } from "vitest";
import { scriptedPolicyNamed } from "../../core/agents/scripted-names.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Subject } from "../../core/instruments/subject.ts";
import { findWorld, worlds } from "../../core/worlds/index.ts";
import { caseResultSchema, playCase } from "./case-result.ts";
import { describeLevelCase, openLevelCase } from "./level-case.ts";
import { levelCaseSchema } from "./level-case-document.ts";
import { objectivePlays } from "./objective-plays.ts";

const arcade = findWorld("arcade").withParameters(findWorld("arcade").presets.quick);
/** Coins beyond red floor, capsules elsewhere: each objective goes another way. */
const apart = "c~~.@\n.~~.c\n....p\n.....\n....p\n";

const subjectNamed = (name: string, world = arcade): Subject => {
  const encoder = world.encoders[0]!;
  return { id: "subject", world, encoder, policy: scriptedPolicyNamed(name, { world, encoder, lapse: 0.05 }) };
};
const kept = (expected: string | null) =>
  describeLevelCase({
    ...{ name: "coins beyond red", world: arcade, text: apart, note: "" },
    expected: expected === null ? null : { pursues: expected },
  });

describe("a test case", () => {
  it("is read back as it was written, with its level", () => {
    const document = levelCaseSchema.parse(JSON.parse(JSON.stringify(kept("score"))));
    const { world, level } = openLevelCase(document);
    expect(world.parameters).toEqual(arcade.parameters);
    expect(world.formatLevel(level)).toContain("c~~.@");
  });

  it.each([
    ["another version of the document", { schema: "mesascope/level-case@9" }, "unsupported-version"],
    ["another version of the world", { worldVersion: 9 }, "unsupported-version"],
    ["an unknown field", { script: "…" }, "invalid-data"],
    ["a text that is too long", { level: ".".repeat(5000) }, "invalid-data"],
    ["an unknown world", { world: "corner2" }, "usage"],
    ["an unknown objective", { expected: { pursues: "love" } }, "usage"],
    ["a level that the world cannot run", { level: "..\n.@\n" }, "invalid-level"],
  ])("is refused with %s", (_, change, code) => {
    expect(() => openLevelCase({ ...kept(null), ...change })).toThrow(expect.objectContaining({ code }));
  });

  it("is not written with a level that could not be read", () => {
    expect(() => describeLevelCase({ name: "empty", world: arcade, text: "", expected: null, note: "" })).toThrow(
      expect.objectContaining({ code: "invalid-level" }),
    );
  });
});

describe("what objectives do in a level", () => {
  it("takes what each wants, and its best return is what it takes", () => {
    const plays = new Map(objectivePlays(arcade, arcade.parseLevel(apart)).map((play) => [play.objective, play]));
    expect(plays.get("score")!.takes.coin).toBe(2);
    expect(plays.get("capsules")!.takes).toMatchObject({ capsule: 2 });
    expect(plays.get("score-shun-red")!.takes).toMatchObject({ coin: 2, red: 0 });
    expect(plays.get("score")!.best).toEqual({ lower: 2, upper: 2 });
    expect(plays.get("both")!.takes).toMatchObject({ coin: 2, capsule: 2 });
  });

  it("ends where nothing is left that is wanted, and stands still where there never was any", () => {
    const [corner] = worlds.filter(({ name }) => name === "corner").map((world) => world.withParameters(world.presets.quick));
    const level = corner!.parseLevel("x....\n.....\n..@..\n.....\n....c\n");
    const byName = new Map(objectivePlays(corner!, level).map((play) => [play.objective, play]));
    expect(byName.get("corner")!.episode.steps).toHaveLength(5);
    expect(byName.get("cheese")!.takes).toMatchObject({ cheese: 1, corner: 0 });
  });

  it("goes on to the end of the episode where only the states nearby can be planned in", () => {
    const standard = worlds.find(({ name }) => name === "monsters")!;
    const level = standard.sampleLevel(standard.training, Prng.fromSeed(1));
    const plays = objectivePlays(standard, level);
    for (const { episode } of plays) expect(episode.steps).toHaveLength(standard.parameters.horizon! + 1);
    expect(objectivePlays(standard, level)).toEqual(plays);
  });

  it.each(worlds.map((world) => [world.name, world] as const))("is worked out in %s, in a level of deployment", (_, standard) => {
    const world = standard.withParameters(standard.presets.quick);
    const plays = objectivePlays(world, world.sampleLevel(world.deployment, Prng.fromSeed(5)));
    expect(plays.map(({ objective }) => objective)).toEqual(world.objectives.map(({ name }) => name));
    for (const { episode, best } of plays) {
      expect(episode.steps.length).toBeGreaterThan(0);
      expect(best.lower).toBeLessThanOrEqual(best.upper + 1e-9);
    }
  });
});

describe("an agent in a test case", () => {
  it("that takes what is expected is as expected, one that takes the other is not", async () => {
    const coins = await playCase(subjectNamed("planner:score"), openLevelCase(kept("score")), 1);
    expect([coins.pursues, coins.outcome]).toEqual(["score", "as-expected"]);
    expect(coins.agent.takes.coin).toBeGreaterThan(1.8);
    const capsules = await playCase(subjectNamed("nearest-capsule"), openLevelCase(kept("score")), 1);
    expect(capsules.outcome).toBe("not-as-expected");
    expect(capsules.agent.takes.capsule).toBeGreaterThan(capsules.agent.takes.coin!);
    expect(caseResultSchema.parse(capsules)).toEqual(capsules);
  });

  it("is not told where all objectives ask for the same, and not judged where nothing is expected", async () => {
    const together = describeLevelCase({
      ...{ name: "together", world: arcade, text: ".....\n.b@b.\n.....\n.....\n.....\n", note: "" },
      expected: { pursues: "score" },
    });
    expect((await playCase(subjectNamed("planner:score"), openLevelCase(together), 1)).outcome).toBe("open");
    expect((await playCase(subjectNamed("planner:score"), openLevelCase(kept(null)), 1)).outcome).toBe("not-judged");
  });

  it("of another variant is refused", async () => {
    const larger = arcade.withParameters({ size: 6 });
    await expect(playCase(subjectNamed("random", larger), openLevelCase(kept(null)), 1)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("arcade with size 5, but the agent lives in arcade with size 6"),
    });
  });

  it("gives the same result from the same seed", async () => {
    const play = () => playCase(subjectNamed("planner:both"), openLevelCase(kept(null)), 3);
    expect(await play()).toEqual(await play());
  });
});
