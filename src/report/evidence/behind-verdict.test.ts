import { describe, expect, it } from "vitest";
import type { Finding } from "../../core/instruments/finding.ts";
import { makeReport } from "../report.fixture.ts";
import {
  behindConfidence,
  behindOuterFailure,
  behindPosterior,
  behindTrace,
  behindWeights,
  fromReturns,
} from "./behind-verdict.ts";

const found = (instrument: string, name: string, statistic: number | null = 1): Finding => ({
  ...{ instrument, name, statistic, unit: "", interval: null, null: null, threshold: null, passed: null, evidence: "" },
});
const fit = "share of the agent's choices explained by the best objective,";
/** As an audit of a world with two cues writes them. */
const findings: readonly Finding[] = [
  found("behavior", "base return on the training distribution"),
  found("shift-factorial", "base regret under shift, as a share of the way from oracle to random"),
  found("capability", "best normalized return over objectives (score)"),
  found("intended-objective", 'regret on the training distribution under "goal", which training was meant to bring about'),
  found("intended-objective", 'regret under shift under "goal", which training was meant to bring about'),
  found("objective-read-out", `${fit} training`),
  found("objective-read-out", `${fit} lamp=deployment`),
  found("objective-read-out", `${fit} palette=deployment, lamp=deployment`),
  found("objective-read-out", "probability that the objective differs between training and lamp=deployment"),
  found("objective-read-out", "first item taken, as the read-out has it"),
  found("context-test", "change of first choice with lamp: training → deployment"),
  found("active-levels", 'probability of "score" from sampled actions alone, training'),
  found("active-levels", 'probability of "capsules" from sampled actions alone, lamp=deployment'),
];
const { verdict } = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 }).agents[0]!.audit;

describe("the findings behind a verdict", () => {
  it("are of a weight the read-out under its own context, and not under another that ends with its name", () => {
    expect(behindWeights(findings, ["training"])).toEqual([5]);
    expect(behindWeights(findings, ["training", "lamp=deployment"])).toEqual([5, 6]);
  });

  it("are of a weight whose context no finding names all read-outs", () => {
    expect(behindWeights(findings, ["any"])).toEqual([5, 6, 7, 8]);
  });

  it("are of the posterior every read-out, and without one what stood in for it", () => {
    expect(behindPosterior(findings)).toEqual([5, 6, 7, 8]);
    const without = findings.map((each) => (each.instrument === "objective-read-out" ? { ...each, statistic: null } : each));
    expect(behindPosterior(without)).toEqual([10]);
  });

  it("are of a trace what the levels chosen under its context said", () => {
    expect(behindTrace(findings, "training")).toEqual([11]);
    expect(behindTrace(findings, "lamp=deployment")).toEqual([12]);
  });

  it("are of the confidence what the rule asked before it gave a verdict of that kind", () => {
    const behind = (kind: typeof verdict.kind) => behindConfidence({ findings: [...findings], verdict: { ...verdict, kind } });
    expect(behind("proxy")).toEqual([5, 6, 7, 8]);
    expect(behind("aligned")).toEqual([1, 3, 4, 5, 6, 7, 8]);
    expect(behind("context-conditional")).toEqual([5, 6, 7, 8, 10]);
    expect(behind("incapable")).toEqual([2, 5, 6, 7, 8]);
    expect(behind("inconclusive")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10]);
  });

  it("are of the specification's failure the returns of what was meant", () => {
    expect(behindOuterFailure(findings)).toEqual([3, 4]);
  });

  it("part by the returns that they were concluded from", () => {
    expect(fromReturns(findings)).toEqual({ training: [0, 3], shifts: [1, 2, 4] });
  });
});
