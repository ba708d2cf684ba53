import { describe, expect, it } from "vitest";
import { z } from "zod";
import { auditSearchDefaults, auditSearchSchema } from "../pages/audit/audit-search.ts";
import { compareSearchDefaults, compareSearchSchema } from "../pages/compare/compare-search.ts";
import { editorSearchDefaults, editorSearchSchema } from "../pages/editor/editor-search.ts";
import { episodeSearchDefaults, episodeSearchSchema } from "../pages/episode/episode-search.ts";
import { homeSearchDefaults, homeSearchSchema } from "../pages/home/home-search.ts";
import { leagueSearchDefaults, leagueSearchSchema } from "../pages/league/league-search.ts";
import { runSearchDefaults, runSearchSchema } from "../pages/run/run-search.ts";
import { runsSearchDefaults, runsSearchSchema } from "../pages/runs/runs-search.ts";
import {
  choiceField,
  flagField,
  listField,
  longestText,
  numberField,
  numbersField,
  placeField,
  refusals,
  textField,
  wholeTextField,
} from "./search-fields.ts";
import { parseSearchText, searchText } from "./search-text.ts";

const schema = z.object({
  kind: choiceField(["runs", "audits"], "runs"),
  columns: listField(["a", "b", "c"], ["a"]),
  size: numberField({ least: 1, most: 9, fallback: 3 }),
  isOn: flagField(),
});
const defaults = { kind: "runs", columns: ["a"], size: 3, isOn: false };

describe("fields of an address", () => {
  it("are their defaults where nothing, or nothing that can be read, is given", () => {
    expect(schema.parse({})).toEqual(defaults);
    expect(schema.parse({ kind: "other", columns: 7, size: "many", isOn: "yes" })).toEqual(defaults);
  });

  it("are what is given, lists as words between commas of which unknown ones are left out", () => {
    const given = schema.parse({ kind: "audits", columns: "c,x,a", size: "5", isOn: "true" });
    expect(given).toEqual({ kind: "audits", columns: ["c", "a"], size: 5, isOn: true });
    expect(schema.parse({ columns: "" }).columns).toEqual([]);
    expect(schema.parse({ columns: ["b"] }).columns).toEqual(["b"]);
  });

  it("are the nearest bound where a number is beyond one, and the default where there is none", () => {
    const sizes = ["0", "-5", "12", "9.5", "4.5", "", "nine"].map((size) => schema.parse({ size }).size);
    expect(sizes).toEqual([1, 1, 9, 9, 4.5, 3, 3]);
  });

  it("keep of a whole text that is too long so much that it is seen to be, where of others the default stands", () => {
    const texts = z.object({ name: textField("none"), level: wholeTextField() });
    const most = "@".repeat(longestText);
    expect(texts.parse({ name: most, level: most })).toEqual({ name: most, level: most });
    const { name, level } = texts.parse({ name: `${most}@`, level: `${most}@@@` });
    expect([name, level.length]).toEqual(["none", longestText + 1]);
    expect(texts.parse({ level: 7 }).level).toBe("");
  });
});

describe("what an address gives that is not expected", () => {
  const fields = z.object({
    step: numberField({ least: 0, most: 99, fallback: 5, round: Math.round }),
    smooth: numberField({ least: 0, most: 0.98, fallback: 0.6 }),
    from: placeField(),
    log: flagField(),
    filter: textField(),
    actions: numbersField(),
  });
  const told = (text: string) => refusals(fields, parseSearchText(text));
  const step = "a whole number from 0 to 99";
  it.each([
    ["step=-4", `“-4” as step; expected ${step}. 0 is used.`],
    ["step=1e9", `“1e9” as step; expected ${step}. 99 is used.`],
    ["step=many", `“many” as step; expected ${step}. 5 is used.`],
    ["step=NaN", `“NaN” as step; expected ${step}. 5 is used.`],
    ["smooth=9", "“9” as smooth; expected a number from 0 to 0.98. 0.98 is used."],
    ["from=-1", "“-1” as from; expected a number of at least 0. It is left out."],
    ["from=Infinity", "“Infinity” as from; expected a number of at least 0. It is left out."],
    ["log=yes", "“yes” as log; expected one of true, false. It is left out."],
    ["actions=0,left", "“0,left” as actions; expected whole numbers with commas between them. It is left out."],
    [
      `filter=${"x".repeat(longestText + 1)}`,
      `“${"x".repeat(40)} …” as filter; expected at most ${longestText} characters. It is left out.`,
    ],
    ["filtr=x", "“filtr” as a parameter; expected some of step, smooth, from, log, filter, actions. It is left out."],
    [
      "filtr=x&constructor=",
      "“filtr” and “constructor” as parameters; expected some of step, smooth, from, log, filter, actions. They are left out.",
    ],
  ])("is told, with what counts in its place: %s", (given, words) => {
    expect(told(given)).toEqual([`The address gives ${words}`]);
  });

  it("is no number between whole ones, nothing that is empty, and no mark of the link that led there", () => {
    expect(told("step=3.7&smooth=0.3&from=12.5&log=false&filter=&actions=")).toEqual([]);
    expect(told("?step=&utm_source=mail&utm_campaign=x&fbclid=1&gclid=2&msclkid=3")).toEqual([]);
  });

  const key = "0".repeat(64);
  it.each([
    ["the first page", homeSearchSchema, homeSearchDefaults, { shift: 4, board: 999, step: 99, speed: "10", seed: 999_999 }],
    ["the run table", runsSearchSchema, runsSearchDefaults, { columns: ["name", "key"], group: ["config.network.kind"] }],
    ["a run", runSearchSchema, runSearchDefaults, { x: "seconds", log: true, smooth: 0.98, from: 1e-7, to: 123456.789 }],
    ["an audit", auditSearchSchema, auditSearchDefaults, { findings: "0,12,3", episodes: true, opened: true }],
    ["a comparison", compareSearchSchema, compareSearchDefaults, { runs: `${key},${key}`, filter: "a b", baseline: key }],
    ["an episode", episodeSearchSchema, episodeSearchDefaults, { actions: "0,3,12", episode: 9999, step: 9999, field: true }],
    ["the editor", editorSearchSchema, editorSearchDefaults, { seed: 0, level: "a1", agents: "none", step: 0, among: "sliders" }],
    ["a league", leagueSearchSchema, leagueSearchDefaults, { levels: "5", show: "all", find: "keys", from: 1_000_000 }],
  ] as const)("is nothing that a page writes itself: %s", (_name, schema, defaults, view) => {
    for (const written of [defaults, { ...defaults, ...view }]) {
      const given = parseSearchText(searchText(written));
      expect(refusals(schema, given)).toEqual([]);
      expect(schema.parse(given)).toEqual(written);
    }
  });
});
