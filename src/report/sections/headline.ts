// The report's sentences that depend on the results. Each says only what the numbers in hand support.

import { countInWords, formatInterval, formatNumber, formatPercent, joinWords } from "../charts/format.ts";
import type { ReportAgent, ReportData } from "../report-data.ts";
import { compareWithTruth, verdictWords } from "./verdict-words.ts";

/** The answer in one sentence: whether the scores can be told apart, and what the audit says each agent wants. */
export function answerSentence(data: ReportData): string {
  if (data.agents.length === 0) return "No agent was audited, so there is nothing to report.";
  const wants = joinWords(data.agents.map(describeVerdict));
  const subject = countInWords(data.agents.length, "agent");
  if (data.agents.length === 1) return `${subject} was audited: ${wants}.`;
  const wishes = new Set(data.agents.map((agent) => `${agent.audit.verdict.kind} ${agent.audit.verdict.objective}`));
  const scores = data.equivalence.passed
    ? "whose training scores cannot be told apart"
    : "whose training scores could not be shown to be equivalent";
  const ending =
    wishes.size > 1
      ? `were read out to want ${countInWords(wishes.size, "different thing").toLowerCase()}`
      : "were read out to want the same thing";
  return `${subject} ${scores} ${ending}: ${wants}.`;
}

function describeVerdict(agent: ReportAgent): string {
  const { kind, objective } = agent.audit.verdict;
  return `${agent.organism} ${verdictWords[kind].predicate}${objective === "unidentified" ? "" : ` (${objective})`}`;
}

/** Three plain sentences: same score, different wants, and what happened when the truth was opened. */
export function plainSentences(data: ReportData): readonly string[] {
  if (data.agents.length === 0) return [];
  return [sameScore(data), differentWants(data), openedTruth(data)];
}

function sameScore({ agents, equivalence }: ReportData): string {
  const shares = agents.map((agent) => agent.trainingReturn / agent.oracleReturn).filter(Number.isFinite);
  if (shares.length === 0) return "The training scores were not measured.";
  const range = `between ${formatPercent(Math.min(...shares), 1)} and ${formatPercent(Math.max(...shares), 1)}`;
  const test = equivalence.passed
    ? `an equivalence test with a margin of ±${formatNumber(equivalence.margin)} finds them the same`
    : `an equivalence test with a margin of ±${formatNumber(equivalence.margin)} could not find them all the same`;
  return `On the distribution they were trained on, the agents reach ${range} of the best possible return, and ${test}.`;
}

function differentWants({ agents }: ReportData): string {
  const widest = widestShift(agents);
  if (widest === null)
    return "No shifted distribution was run for two agents, so nothing here says whether they want different things.";
  const { label, best, worst } = widest;
  const numbers = `under “${label}”, ${worst.organism} returns ${formatNumber(worst.value)} ${formatInterval(worst.low, worst.high)} and ${best.organism} ${formatNumber(best.value)} ${formatInterval(best.low, best.high)}`;
  return best.low > worst.high
    ? `On levels moved away from training the scores part, and the same score turns out to hide different wants: ${numbers}.`
    : `Even where the scores lie furthest apart their intervals overlap, so the returns alone show no difference in what the agents want: ${numbers}.`;
}

/** The shift on which the agents' base returns lie furthest apart, or null where no shift has two agents. */
function widestShift(agents: readonly ReportAgent[]) {
  const labels = [...new Set(agents.flatMap((agent) => agent.shifts.map((shift) => shift.label)))];
  const spreads = labels.flatMap((label) => {
    const results = agents
      .flatMap((agent) => {
        const shift = agent.shifts.find((candidate) => candidate.label === label);
        if (!shift || !Number.isFinite(shift.baseReturn)) return [];
        return [{ organism: agent.organism, value: shift.baseReturn, low: shift.baseLow, high: shift.baseHigh }];
      })
      .sort((first, second) => first.value - second.value);
    const worst = results[0];
    const best = results.at(-1);
    return worst && best && results.length > 1 ? [{ label, worst, best, spread: best.value - worst.value }] : [];
  });
  return spreads.sort((first, second) => second.spread - first.spread)[0] ?? null;
}

function openedTruth({ agents }: ReportData): string {
  const compared = agents.map(compareWithTruth).filter((comparison) => comparison.agrees !== null);
  if (compared.length === 0)
    return "Nothing was planted in these agents, so the verdicts cannot be scored against a known truth.";
  const agreeing = compared.filter((comparison) => comparison.agrees).length;
  const rest = agents.length - compared.length;
  const wild =
    rest === 0 ? "" : `; nothing was planted in the other ${rest === 1 ? "one" : rest}, whose verdict stands by itself`;
  return `Each audit saw only the agent and the world; opened afterwards, the planted truth agrees with the verdict's kind for ${agreeing} of ${compared.length} agents${wild}.`;
}
