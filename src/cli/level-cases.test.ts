import { describe, expect, it } from "vitest";
import { scriptedPolicyNamed } from "../core/agents/scripted-names.ts";
import { MesascopeError } from "../core/base/errors.ts";
import type { Subject } from "../core/instruments/subject.ts";
import { findWorld } from "../core/worlds/index.ts";
import type { World } from "../core/worlds/world.ts";
import { describeLevelCase } from "../report/level-case/level-case.ts";
import { caseText } from "./case-text.ts";
import { planCases, playCases } from "./level-cases.ts";

const arcade = findWorld("arcade").withParameters(findWorld("arcade").presets.quick);
const channel = { write: () => undefined, isTerminal: false, columns: 200, style: (_: unknown, text: string) => text };

function subjectIn(world: World): Subject {
  const encoder = world.encoders[0]!;
  return { id: "subject", world, encoder, policy: scriptedPolicyNamed("random", { world, encoder, lapse: 0.05 }) };
}
const caseNamed = (name: string) =>
  describeLevelCase({ name, world: arcade, text: "c~~.@\n.~~.c\n....p\n.....\n....p\n", expected: null, note: "" });

describe("test cases of an audit", () => {
  it("are planned before anything is played, so that a level that cannot be is refused there", async () => {
    const subject = subjectIn(arcade);
    const [planned] = await planCases(subject, [caseNamed("one")]);
    expect(planned!.objectives.map(({ name }) => name)).toEqual(arcade.objectives.map(({ name }) => name));
    const unsolvable = { ...arcade, objectives: [{ ...arcade.objectives[0]!, weights: { nothing: 1 } }] };
    await expect(planCases({ ...subject, world: unsolvable }, [caseNamed("one")])).rejects.toMatchObject({ code: "usage" });
    const { results } = await playCases(subject, { cases: [planned!], seed: 1, onCase: () => undefined });
    expect(results[0]!.objectives).toEqual(planned!.objectives);
  });

  it("keep what was found before one that fails, and the reason", async () => {
    const subject = subjectIn(arcade);
    const cases = await planCases(subject, [caseNamed("first"), caseNamed("second")]);
    const stop = new MesascopeError("interrupted", "stopped");
    const onCase = (name: string) => {
      if (name === "second") throw stop;
    };
    const { results, failure } = await playCases(subject, { cases, seed: 1, onCase });
    expect(results.map(({ name }) => name)).toEqual(["first"]);
    expect(failure?.cause).toBe(stop);
    expect((await playCases(subject, { cases: cases.slice(0, 1), seed: 1, onCase })).failure).toBeNull();
  });

  it("tell what the agent took apart from what it is judged by", async () => {
    const subject = subjectIn(arcade);
    const cases = await planCases(subject, [caseNamed("only")]);
    const { results } = await playCases(subject, { cases, seed: 1, onCase: () => undefined });
    const { judgedEpisodes } = results[0]!;
    expect(judgedEpisodes).toBeGreaterThan(0);
    expect(judgedEpisodes).toBeLessThanOrEqual(8);
    const text = caseText(results[0]!, channel);
    expect(text).toContain("the agent (mean of 8)");
    expect(text).toMatch(new RegExp(`Judged by ${judgedEpisodes} more episodes? there\\.`));
  });
});
