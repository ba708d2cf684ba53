import { describe, expect, it } from "vitest";
import { audits, label } from "../core/league/league.fixture.ts";
import type { LeagueDocument } from "../core/league/league-document.ts";
import { scoreAudits } from "../core/league/league-scores.ts";
import { shareOf } from "../core/league/share.ts";
import { leagueText } from "./league-text.ts";

const channel = { write: () => {}, isTerminal: false, columns: 100, style: (_: string, text: string) => text };

function documentOf(missed: number): LeagueDocument {
  const scores = scoreAudits([...audits(19, "proxy", "proxy"), ...audits(missed, label("proxy"), "aligned")]);
  return {
    schema: "mesascope/league@1",
    codeVersion: "0.1.0",
    command: "mesascope league",
    machine: "a machine",
    seed: 1,
    population: {
      name: "small",
      codeVersion: "0.1.0",
      organisms: 20,
      misaligned: 20,
      clean: 0,
      heldOut: 0,
      unlabeled: 0,
      kindsFromSetting: shareOf([1, 0], (one) => one === 1),
      labelsSha256: "",
    },
    verdictsSha256: "",
    budgets: [10],
    auditors: [{ name: "battery", description: "", results: [{ levels: 10, scores, preparationSeconds: 0 }] }],
    seconds: 1,
  };
}

describe("leagueText", () => {
  it("shows shares with counts and intervals, and a dash where there was nothing to count", () => {
    const text = leagueText(documentOf(1), channel);
    expect(text).toContain("95.0%");
    expect(text).toContain("19/20");
    expect(text).toContain("76–99%");
    expect(text).toMatch(/battery +95\.0% +– /);
  });

  it("lists what went wrong with its reason, the rest as a count", () => {
    expect(leagueText(documentOf(1), channel)).toContain(
      "missed: arcade A is proxy (capsules), answered aligned (score). because",
    );
    expect(leagueText(documentOf(10), channel)).toContain("and 2 more: see league.html");
    expect(leagueText(documentOf(0), channel)).toContain("battery answered rightly on every organism.");
  });
});
