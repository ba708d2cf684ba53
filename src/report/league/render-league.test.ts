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
    // In files of JSON, and in the script, null is how nothing is written.
    const [beforeScript = ""] = page.split("<script>");
    expect(beforeScript.replaceAll(/href="data:application[^"]*"/g, "")).not.toMatch(/NaN|undefined|null/);
  });

  it("has every share in files as a number between 0 and 1, its interval and counts in cells of their own, none where there was none", async () => {
    const json = async (caption: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
      JSON.parse(await (await fetch(new RegExp(`href="([^"]*)" aria-label="JSON: ${caption}"`).exec(page)![1]!)).text());
    const { detected } = scores.detection;
    const [all] = await json("shares by auditor");
    expect(all).toMatchObject({ Detected: 0.95, "Detected: low": detected.low, "Detected: high": detected.high });
    expect(all).toMatchObject({ "Detected: count": 19, "Detected: of": 20, "Held-out right": null, "Held-out right: of": 0 });
    expect((await json("shares by budget")).map(({ Levels, Detected }) => [Levels, Detected])).toEqual([
      [5, 0.95],
      [10, 0.95],
    ]);
    expect((await json("where battery fell short"))[0]).toMatchObject({ By: "World", Organisms: 25, Detected: 0.95 });
    expect((await json("confusion matrix of battery")).map(({ aligned }) => aligned)).toEqual(
      scores.confusion.rows.map(({ counts }) => counts[scores.confusion.columns.indexOf("aligned")]),
    );
    const [bin] = scores.calibration.kind.bins;
    expect((await json("calibration of battery"))[0]).toEqual({
      "Probability of": "Its most probable kind",
      ...{ "Bin from": bin!.low, "Bin to": bin!.high, Organisms: bin!.count, Stated: bin!.stated, "Came true": bin!.observed },
      ...{ Low: bin!.intervalLow, High: bin!.intervalHigh },
    });
  });

  it("lists what went wrong with its reason, in words that cannot become markup", () => {
    expect(page).toContain("agent-x");
    expect(page).toContain("because");
    expect(page).toContain("&lt;b&gt;C1&lt;/b&gt;");
    expect(page).not.toContain("<b>C1");
  });

  it("loads nothing, and runs nothing but its one script", async () => {
    expect(page).toContain("default-src &#x27;none&#x27;");
    expect(page).not.toMatch(/<link|\ssrc=|https?:\/\//);
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
    expect(page.match(/<script/g)).toHaveLength(1);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(scripts[0]));
    expect(page).toContain(`script-src &#x27;sha256-${Buffer.from(digest).toString("base64")}&#x27;; img-src blob:;`);
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
