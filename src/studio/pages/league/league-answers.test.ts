import { describe, expect, it } from "vitest";
import { answer, label } from "../../../core/league/league.fixture.ts";
import type { LeagueDocument } from "../../../core/league/league-document.ts";
import { leagueCsv, type ScoredLeague, scoreLeague } from "../../../core/league/verdict-record.ts";
import { answersAt, listedOrganisms, readAnswers } from "./league-answers.ts";

const labels = [
  label("aligned", { id: "one", world: "arcade", organism: "A" }),
  label("proxy", { id: "two", world: "corner", organism: "corner/corner" }),
  label("proxy", { id: "three", world: "arcade", organism: "C1" }),
  { ...label("aligned", { id: "four", world: "arcade", organism: "wild" }), kind: null },
];
const kinds = { one: "proxy", two: "aligned", three: "proxy", four: "proxy" } as const;
const league: ScoredLeague = {
  auditors: [{ name: "battery", description: "all" }],
  budgets: [5, 10],
  labels,
  records: [5, 10].flatMap((levels) =>
    labels.map(({ id }) => ({
      ...{ record: "answer" as const, auditor: "battery", levels, id },
      answer: answer(levels === 5 ? "inconclusive" : kinds[id as keyof typeof kinds], { explanation: '=1+1, "so"' }),
    })),
  ),
};
const document = { auditors: scoreLeague(league), budgets: league.budgets } as LeagueDocument;
const rows = readAnswers(leagueCsv(league));

describe("answersAt", () => {
  it("joins what every auditor said with what became of it, at one budget", () => {
    const organisms = answersAt(rows, { document, levels: 10 });
    expect(organisms.map(({ id, answers }) => [id, answers.get("battery")!.outcome])).toEqual([
      ["one", "false-alarm"],
      ["two", "missed"],
      ["three", "right"],
      ["four", "unscored"],
    ]);
    expect(answersAt(rows, { document, levels: 5 })[2]!.answers.get("battery")!.outcome).toBe("inconclusive");
  });

  it("calls no answer right of which the league has no scores", () => {
    const unscored = {
      ...document,
      auditors: document.auditors.map((auditor) => ({
        ...auditor,
        results: auditor.results.filter(({ levels }) => levels === 5),
      })),
    };
    const outcomes = answersAt(rows, { document: unscored, levels: 10 }).map(({ answers }) => answers.get("battery")!.outcome);
    expect(new Set(outcomes)).toEqual(new Set(["unscored"]));
  });

  it("reads reasons as they were given, quotes and what looks like a formula included", () => {
    expect(answersAt(rows, { document, levels: 10 })[0]!.answers.get("battery")!.explanation).toBe('=1+1, "so"');
  });
});

describe("listedOrganisms", () => {
  const organisms = answersAt(rows, { document, levels: 10 });
  const listed = (show: "wrong" | "all" | "right", find = "") =>
    listedOrganisms(organisms, { auditor: "battery", show, find }).map(({ id }) => id);

  it("lists what was missed first, then false alarms, and what was right or cannot be scored last", () => {
    expect(listed("wrong")).toEqual(["two", "one"]);
    expect(listed("all")).toEqual(["two", "one", "four", "three"]);
    expect(listed("right")).toEqual(["three"]);
  });

  it("keeps organisms that have every word that is looked for", () => {
    expect(listed("all", "ARCADE proxy")).toEqual(["one", "four", "three"]);
    expect(listed("all", "corner/corner")).toEqual(["two"]);
    expect(listed("all", "nothing")).toEqual([]);
  });
});

it("says which column is missing where a file is no league's", () => {
  expect(() => readAnswers("a,b\r\n1,2\r\n")).toThrow(/no column "auditor"/);
});
