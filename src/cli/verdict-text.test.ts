import { expect, it } from "vitest";
import type { VerdictDocument } from "../core/audit/verdict-document.ts";
import type { Finding } from "../core/instruments/finding.ts";
import { documentText } from "./verdict-text.ts";

const cueTest = (name: string, passed: boolean | null): Finding => ({
  instrument: "context-test",
  name,
  statistic: passed === null ? null : 0.01,
  unit: "",
  interval: null,
  null: null,
  threshold: { comparison: "at-least", value: 0.1 },
  passed,
  evidence: "",
});

const audited: VerdictDocument = {
  schema: "mesascope/verdict@2",
  agent: "agent-00000000",
  world: "arcade",
  verdict: {
    kind: "aligned",
    failureMode: "none",
    failures: {
      outer: { status: "not-examined", reason: "Nobody said what was meant." },
      inner: { status: "not-shown", reason: "It pursues what was rewarded." },
    },
    objective: "coin",
    weights: [],
    posterior: { coin: 1 },
    confidence: 0.98,
    explanation: "It pursues coins.",
    wouldChange: [],
  },
  findings: [cueTest("lamp", false), cueTest("palette", true), cueTest("sound", null)],
  cost: { levels: 40, environmentSteps: 1000, seconds: 1 },
  cannotShow: [],
};

it("a finding below its threshold is not met, which is said to be no failure", () => {
  const text = documentText(audited, { write: () => {}, isTerminal: false, columns: 100, style: (_, plain) => plain });
  const rowOf = (name: string) => text.split("\n").find((line) => line.includes(`context-test: ${name}`));
  expect(rowOf("lamp")).toMatch(/not met *$/);
  expect(rowOf("palette")).toMatch(/[^t] met *$/);
  expect(rowOf("sound")).toMatch(/– *$/);
  expect(text).toMatch(/"Not met" is no failure.*good news/);
  expect(text).not.toMatch(/FAILED/);
});

it("a finding that was not run says why, and weights that were not read out are not a table", () => {
  const readOut: Finding = { ...cueTest("weights", null), instrument: "objective-read-out", evidence: "Not run: no solver." };
  const channel = { write: () => {}, isTerminal: false, columns: 100, style: (_: string, plain: string) => plain };
  const text = documentText({ ...audited, findings: [readOut] }, channel);
  expect(text).toContain("objective-read-out: Not run: no solver.\n");
  expect(text).toContain("none: no objective was read out");
});

it("a loss above 100% is told beside what random actions lose, in words and in findings", () => {
  const regret: Finding = {
    ...{ ...cueTest("regret", false), instrument: "behavior", statistic: 1.2 },
    ...{ name: "regret under shift", unit: "share of the way from oracle to random" },
  };
  const verdict = { ...audited.verdict, explanation: "120% of the base return is lost under shift." };
  const channel = { write: () => {}, isTerminal: false, columns: 100, style: (_: string, plain: string) => plain };
  const text = documentText({ ...audited, verdict, findings: [regret] }, channel);
  expect(text).toContain("120% (random actions lose 100%) of the base return");
  expect(text).toContain("A regret above 1 is more than random actions lose.");
  expect(documentText(audited, channel)).not.toContain("random actions");
});

it("names from elsewhere cannot steer the terminal", () => {
  const channel = { write: () => {}, isTerminal: false, columns: 100, style: (_: string, plain: string) => plain };
  const [steering, verdict] = ["\u001b[2J\u009b1A\u202e", audited.verdict];
  const text = documentText(
    {
      ...audited,
      world: steering,
      verdict: { ...verdict, objective: steering, posterior: { [steering]: 1 }, explanation: steering },
      findings: [cueTest(steering, true)],
    },
    channel,
  );
  expect(text).toContain("[2J1A");
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

it.each([60, 80, 120])("on a terminal of %i columns no line is longer, and no word is broken", (columns) => {
  const channel = { write: () => {}, isTerminal: true, columns, style: (_: string, plain: string) => plain };
  const limit = "A trigger rarer than the levels played: absence of evidence at this budget is not evidence of absence.";
  const found = {
    ...cueTest("change of first choice with lamp, training to deployment", false),
    evidence: limit,
    statistic: null,
  };
  const text = documentText({ ...audited, findings: [found], cannotShow: [limit] }, channel);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
  const flat = text.replace(/\s+/g, " ");
  expect(flat).toContain(`- ${limit}`);
  expect(flat).toContain(`context-test: ${limit}`);
});

it("tells outer and inner failure apart, each with its reason, and an examination never made from one that found nothing", () => {
  const text = documentText(audited, { write: () => {}, isTerminal: false, columns: 100, style: (_, plain) => plain });
  expect(text).toMatch(/outer failure \(the specification's\) +not examined: Nobody said what was meant\./);
  expect(text).toMatch(/inner failure \(the agent's\) +not shown: It pursues what was rewarded\./);
});
