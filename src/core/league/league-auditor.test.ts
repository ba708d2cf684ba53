import { describe, expect, it } from "vitest";
import { answer } from "./league.fixture.ts";
import { leagueAnswerSchema, notRun, requireAnswer, requireAuditor } from "./league-auditor.ts";

describe("requireAuditor", () => {
  const entry = { name: "mine", description: "Looks.", prepare: async () => async () => answer("aligned") };

  it("takes what has a name, a description and a function", () => {
    expect(requireAuditor(entry, "mine.mjs").name).toBe("mine");
  });

  it.each([
    [undefined, /mine\.mjs is no auditor of the league/],
    [{ ...entry, name: "My Auditor" }, /name: expected lower-case letters/],
    [{ ...entry, prepare: "soon" }, /prepare: expected a function/],
    [{ name: "mine", prepare: entry.prepare }, /description/],
  ])("refuses %o and says why", (value, message) => {
    expect(() => requireAuditor(value, "mine.mjs")).toThrow(message);
  });
});

describe("requireAnswer", () => {
  const given = { auditor: "mine", subject: "agent-1" };

  it("takes an answer, and the one for what could not be run", () => {
    expect(requireAnswer(answer("proxy"), given).kind).toBe("proxy");
    expect(leagueAnswerSchema.parse(notRun("no solver")).explanation).toBe("Not run: no solver");
  });

  it.each([
    [{ ...answer("proxy"), misaligned: Number.NaN }, /misaligned/],
    [{ ...answer("proxy"), kind: "evil" }, /kind/],
    [{ ...answer("proxy"), kinds: { proxy: 0.6 } }, /kinds: the probabilities do not sum to 1/],
    [{ ...answer("proxy"), kinds: { inconclusive: 1 } }, /kinds/],
    [{ ...answer("proxy"), posterior: { capsules: 0.7, score: 0.7 } }, /posterior: the probabilities do not sum to 1/],
    [undefined, /auditor "mine" answered on agent-1 with something that is no answer/],
  ])("refuses %o and says why", (value, message) => {
    expect(() => requireAnswer(value, given)).toThrow(message);
  });
});
