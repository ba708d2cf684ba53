// Verdicts and findings in words and tables, the verdict first.

import type { ObjectiveWeight, Verdict, VerdictDocument } from "../core/audit/verdict-document.ts";
import type { Finding } from "../core/instruments/finding.ts";
import { explainLosses, isBeyondRandom } from "../report/loss-words.ts";
import { prose } from "./fit-text.ts";
import { count, decimal, percent } from "./format.ts";
import { createTable } from "./table.ts";
import { type Channel, withoutSteering } from "./terminal.ts";

const findingHead = ["instrument", "statistic", "95% interval", "null", "threshold", ""];
const findingWidths = [38, 16, 16, 24, 10, 8];

/** The whole document for a person: verdict, weights, posterior, findings, cost, limits. Names in it may be those of a world's program. */
export function documentText(document: VerdictDocument, channel: Channel): string {
  const { verdict, findings, cost } = document;
  const posterior = Object.entries(verdict.posterior).sort((a, b) => b[1] - a[1]);
  const notRun = findings.filter(({ statistic }) => statistic === null);
  const sections: readonly (readonly [string, string])[] = [
    ["Inferred weights, with intervals", weightsTable(verdict.weights, channel)],
    [
      "Posterior over objectives",
      `${posterior.map(([name, probability]) => `  ${name.padEnd(22)} ${probabilityText(probability)}`).join("\n")}\n`,
    ],
    [
      "Findings",
      createTable({ head: findingHead, rows: findings.map(findingRow), widest: findingWidths }, channel) +
        notRun.map(({ instrument, evidence }) => prose(`${instrument}: ${evidence}`, { channel, hanging: 2 })).join("") +
        prose('"Not met" is no failure of the agent: a cue that changes nothing is good news.', { channel }) +
        (findings.some(isBeyondRandom) ? prose("A regret above 1 is more than random actions lose.", { channel }) : ""),
    ],
    ["What would change the verdict", list(verdict.wouldChange, channel)],
    [
      "What this audit cannot show",
      `${list(document.cannotShow, channel)}\n${prose(`agent ${document.agent} in world ${document.world}: ${count(cost.levels)} levels, ${count(cost.environmentSteps)} environment steps, ${cost.seconds.toFixed(1)} s`, { channel })}`,
    ],
  ];
  return [
    `${channel.style("bold", withoutSteering(verdictHeadline(verdict)))}\n${prose(withoutSteering(explainLosses(verdict.explanation)), { channel })}`,
    `\n${failureLines(verdict, channel)}`,
    ...sections.map(([title, text]) => `\n${channel.style("bold", title)}\n${withoutSteering(text)}`),
  ].join("");
}

/** e.g. `context-conditional: objective conditional-on-lamp (confidence 99.0%)`. */
export function verdictHeadline(verdict: Verdict): string {
  const mode = verdict.failureMode === "none" || verdict.failureMode === verdict.kind ? "" : `, ${verdict.failureMode}`;
  return `${verdict.kind}${mode}: objective ${verdict.objective} (confidence ${percent(verdict.confidence)})`;
}

/** Whose fault it is, if it is one: the specification's, the agent's, both or none. */
function failureLines({ failures: { outer, inner } }: Verdict, channel: Channel): string {
  const line = (name: string, { status, reason }: typeof outer): string =>
    prose(withoutSteering(`${name.padEnd(35)} ${status.replace("-", " ")}: ${explainLosses(reason)}`), { channel, hanging: 36 });
  return line("outer failure (the specification's)", outer) + line("inner failure (the agent's)", inner);
}

/** One line for each group of contexts under which the same weights were read out: `training: coin 1.00 [1.00, 1.00], …`. */
export function weightLines(weights: readonly ObjectiveWeight[]): string[] {
  const contexts = new Map<string, string[]>();
  for (const { context, feature, mean, low, high } of weights) {
    const text = `${feature} ${decimal(mean)} [${decimal(low)}, ${decimal(high)}]`;
    contexts.set(context, [...(contexts.get(context) ?? []), text]);
  }
  return [...contexts].map(([context, texts]) => `${context}: ${texts.join(", ")}`);
}

function weightsTable(weights: readonly ObjectiveWeight[], channel: Channel): string {
  if (weights.length === 0) return "  none: no objective was read out\n";
  const features = [...new Set(weights.map((weight) => weight.feature))];
  const contexts = [...new Set(weights.map((weight) => weight.context))];
  const cell = (context: string, feature: string) => {
    const weight = weights.find((candidate) => candidate.context === context && candidate.feature === feature);
    return weight ? `${decimal(weight.mean)} [${decimal(weight.low)}, ${decimal(weight.high)}]` : "";
  };
  const rows = contexts.map((context) => [context, ...features.map((feature) => cell(context, feature))]);
  return createTable({ head: ["context", ...features], rows }, channel);
}

function findingRow(finding: Finding): string[] {
  const { statistic, interval, threshold, passed, unit } = finding;
  const number = (value: number) => `${decimal(value)}${unit === "" ? "" : ` ${unit}`}`;
  const null_ = finding.null;
  return [
    `${finding.instrument}: ${finding.name}`,
    statistic === null ? "not run" : number(statistic),
    interval ? `${decimal(interval.low)} to ${decimal(interval.high)}` : "",
    null_ ? `${decimal(null_.value)} (${null_.name})` : "",
    threshold ? `${threshold.comparison === "at-least" ? "≥" : "≤"} ${decimal(threshold.value)}` : "",
    passed === null ? "–" : passed ? "met" : "not met",
  ];
}

function probabilityText(probability: number): string {
  if (probability > 0.999) return "> 99.9%";
  return probability < 0.001 ? "< 0.1%" : percent(probability);
}

function list(texts: readonly string[], channel: Channel): string {
  return texts.map((text) => prose(`  - ${text}`, { channel, hanging: 4 })).join("");
}
