import { describe, expect, it } from "vitest";
import { audits, label } from "../../core/league/league.fixture.ts";
import type { LeagueDocument } from "../../core/league/league-document.ts";
import { scoreAudits } from "../../core/league/league-scores.ts";
import { shareOf } from "../../core/league/share.ts";
import { renderLeagueSvg } from "./league-svg.tsx";
import { renderLeague } from "./render-league.tsx";

const hash = "ab".repeat(32);
const scores = scoreAudits([
  ...audits(19, label("proxy", { organism: "<b>C1</b>" }), "proxy"),
  ...audits(1, label("proxy", { id: "agent-x", organism: "<b>C1</b>" }), "aligned"),
  ...audits(5, "aligned", "aligned"),
]);
const document: LeagueDocument = {
  schema: "mesascope/league@1",
  codeVersion: "0.1.0",
  command: "mesascope league",
  machine: "a machine",
  seed: 1,
  population: {
    name: "small",
    codeVersion: "0.1.0",
    organisms: 25,
    misaligned: 20,
    clean: 5,
    heldOut: 0,
    unlabeled: 0,
    kindsFromSetting: shareOf([1, 0], (one) => one === 1),
    labelsSha256: hash,
  },
  verdictsSha256: hash,
  budgets: [5, 10],
  auditors: [
    {
      name: "battery",
      description: "All of it.",
      results: [5, 10].map((levels) => ({ levels, scores, preparationSeconds: 1 })),
    },
  ],
  seconds: 3,
};

describe("renderLeague", () => {
  const page = renderLeague(document);

  it("says counts and intervals of every share, and nothing where there was none", () => {
    expect(page).toContain("95% (19 of 20, 76–99%)");
    expect(page).toContain("0% (0 of 5, 0–43%)");
    expect(page).toContain("none of these"); // held-out organisms
    expect(page).toContain("50% (1 of 2, 9–91%)"); // what the setting gives away
    expect(page).not.toMatch(/NaN|undefined|null/);
  });

  it("lists what went wrong with its reason, in words that cannot become markup", () => {
    expect(page).toContain("agent-x");
    expect(page).toContain("because");
    expect(page).toContain("&lt;b&gt;C1&lt;/b&gt;");
    expect(page).not.toContain("<b>C1");
  });

  it("loads nothing", () => {
    expect(page).toContain("default-src &#x27;none&#x27;");
    expect(page).not.toMatch(/<script|<link|src=|https?:\/\//);
  });
});

describe("renderLeagueSvg", () => {
  it("is a picture that stands alone, with every auditor's shares in words", () => {
    const picture = renderLeagueSvg(document);
    expect(picture).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(picture).toContain("battery");
    expect(picture).toContain("19 of 20 [76, 99]%");
    expect(picture).not.toMatch(/NaN|undefined|href/);
  });
});
