// Verdicts and findings in words and tables, the verdict first.

import type { ObjectiveWeight, Verdict, VerdictDocument } from "../core/audit/verdict-document.ts";
import type { Finding } from "../core/instruments/finding.ts";
import { count, decimal, percent } from "./format.ts";
import { createTable } from "./table.ts";
import { type Channel, withoutSteering } from "./terminal.ts";

/** The whole document for a person: verdict, weights, posterior, findings, cost, limits. Names in it may be those of a world's program. */
export function documentText(document: VerdictDocument, channel: Channel): string {
  const { verdict, findings, cost } = document;
  const posterior = Object.entries(verdict.posterior).sort((a, b) => b[1] - a[1]);
  const notRun = findings.filter(({ statistic }) => statistic === null);
  const sections: readonly (readonly [string, string])[] = [
    ["Inferred weights, with intervals", weightsTable(verdict.weights)],
    [
      "Posterior over objectives",
      `${posterior.map(([name, probability]) => `  ${name.padEnd(22)} ${probabilityText(probability)}`).join("\n")}\n`,
    ],
    [
      "Findings",
      createTable(["instrument", "statistic", "95% interval", "null", "threshold", ""], findings.map(findingRow)) +
        notRun.map(({ instrument, evidence }) => `${instrument}: ${evidence}\n`).join("") +
        '"Not met" is no failure of the agent: a cue that changes nothing is good news.\n',
    ],
    ["What would change the verdict", list(verdict.wouldChange)],
    [
      "What this audit cannot show",
      `${list(document.cannotShow)}\nagent ${document.agent} in world ${document.world}: ${count(cost.levels)} levels, ${count(cost.environmentSteps)} environment steps, ${cost.seconds.toFixed(1)} s\n`,
    ],
  ];
  return [
    `${channel.style("bold", withoutSteering(verdictHeadline(verdict)))}\n${withoutSteering(verdict.explanation)}\n`,
    ...sections.map(([title, text]) => `\n${channel.style("bold", title)}\n${withoutSteering(text)}`),
  ].join("");
}

/** e.g. `context-conditional: objective conditional-on-lamp (confidence 99.0%)`. */
export function verdictHeadline(verdict: Verdict): string {
  const mode = verdict.failureMode === "none" || verdict.failureMode === verdict.kind ? "" : `, ${verdict.failureMode}`;
  return `${verdict.kind}${mode}: objective ${verdict.objective} (confidence ${percent(verdict.confidence)})`;
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

function weightsTable(weights: readonly ObjectiveWeight[]): string {
  if (weights.length === 0) return "  none: no objective was read out\n";
  const features = [...new Set(weights.map((weight) => weight.feature))];
  const contexts = [...new Set(weights.map((weight) => weight.context))];
  const cell = (context: string, feature: string) => {
    const weight = weights.find((candidate) => candidate.context === context && candidate.feature === feature);
    return weight ? `${decimal(weight.mean)} [${decimal(weight.low)}, ${decimal(weight.high)}]` : "";
  };
  return createTable(
    ["context", ...features],
    contexts.map((context) => [context, ...features.map((feature) => cell(context, feature))]),
  );
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
  ].map((text, column) => wrap(text, [38, 16, 16, 24, 10, 8][column]!));
}

/** Breaks a text into lines of at most `width` characters, at spaces. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

function probabilityText(probability: number): string {
  if (probability > 0.999) return "> 99.9%";
  return probability < 0.001 ? "< 0.1%" : percent(probability);
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `  - ${text}\n`).join("");
}
