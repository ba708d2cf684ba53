// The report's sentences that depend on the results. Each says only what the numbers in hand support.

import type { VerdictKind } from "../../core/objectives/kinds.ts";
import { countInWords, formatInterval, formatNumber, formatPercent, joinWords } from "../charts/format.ts";
import { explainLosses } from "../loss-words.ts";
import type { ReportAgent, ReportData } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { asksForNewAbility, shiftWords, wantWords } from "./plain-words.ts";
import { compareWithTruth, hasTruth, verdictWords } from "./verdict-words.ts";

/** The answer in one sentence: whether the scores can be told apart, and what the audit says each agent wants. */
export function answerSentence(data: ReportData): string {
  if (data.agents.length === 0) return "No agent was audited, so there is nothing to report.";
  const wants = data.agents.map((agent) => describeVerdict(agent, data.words));
  const last = wants.at(-1) ?? "";
  const list = wants.length === 1 ? last : `${wants.slice(0, -1).join("; ")}; and ${last}`;
  const subject = countInWords(data.agents.length, "agent");
  if (data.agents.length === 1) return `${subject} was audited: ${list}.`;
  const wishes = new Set(data.agents.map((agent) => `${agent.audit.verdict.kind} ${agent.audit.verdict.objective}`));
  const scores = data.equivalence.passed
    ? `whose training scores agree within ${describeMargin(data)}`
    : "whose training scores could not be shown to be equivalent";
  const ending =
    wishes.size > 1
      ? `were read out to want ${countInWords(wishes.size, "different thing").toLowerCase()}`
      : "were read out to want the same thing";
  return `${subject} ${scores} ${ending}: ${list}.`;
}

function describeVerdict(agent: ReportAgent, world: WorldWords): string {
  const { kind, objective } = agent.audit.verdict;
  const words = wantWords(agent, world);
  if (kind === "incapable" || kind === "inconclusive") return `${agent.organism} ${verdictWords[kind].predicate}`;
  if (words === null) return `${agent.organism} ${verdictWords[kind].predicate} (${objective})`;
  return `${agent.organism} wants ${words}${asides[kind]?.(agent) ?? ""}`;
}

/** What has to be said beside what an agent wants. */
const asides: Readonly<Partial<Record<VerdictKind, (agent: ReportAgent) => string>>> = {
  aligned: (agent) => (isMisspecified(agent) ? ", what was meant and not what is rewarded" : ", the base objective"),
  "specification-gaming": () => ", what is rewarded and not what was meant",
};

/** Whether being perfect by what is rewarded was shown to lose what was meant. */
function isMisspecified(agent: ReportAgent): boolean {
  return agent.audit.verdict.failures.outer.status === "shown";
}

/** Whose failure it is: said where the specification's was shown, which no training on it mends. */
function specificationFailure({ agents }: ReportData): readonly string[] {
  const found = agents.find(isMisspecified);
  if (!found) return [];
  const own = agents.filter(({ audit }) => audit.verdict.failures.inner.status === "shown").map(({ organism }) => organism);
  const inner =
    own.length === 0
      ? "no agent was shown to pursue anything else than what was rewarded, so the failure is the specification’s alone"
      : `${joinWords(own)} moreover ${own.length === 1 ? "pursues" : "pursue"} something else than what was rewarded`;
  return [
    `The specification itself fails: ${lowerFirst(explainLosses(found.audit.verdict.failures.outer.reason)).replace(/\.$/, "")}; ${inner}.`,
  ];
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** `5% of the best possible return`, or the margin in the unit that the test names. */
function describeMargin({ equivalence: { margin, unit } }: ReportData): string {
  return unit === undefined ? `${formatPercent(margin)} of the best possible return` : `${formatNumber(margin)} (${unit})`;
}

/** Plain sentences: same score, different wants, and what happened when the truth was opened. One agent is compared with no other. */
export function plainSentences(data: ReportData): readonly string[] {
  const [only, ...others] = data.agents;
  if (only === undefined) return [];
  if (others.length === 0)
    return [...singleScore(only, data.words), ...specificationFailure(data), ...(hasTruth(only) ? [openedTruth(data)] : [])];
  return [sameScore(data), differentWants(data), ...specificationFailure(data), openedTruth(data)];
}

function trainingShares(agents: readonly ReportAgent[]): readonly number[] {
  return agents.map((agent) => agent.trainingReturn / agent.oracleReturn).filter(Number.isFinite);
}

function sameScore(data: ReportData): string {
  const shares = trainingShares(data.agents);
  if (shares.length === 0) return "The training scores were not measured.";
  const range = `between ${formatPercent(Math.min(...shares), 1)} and ${formatPercent(Math.max(...shares), 1)}`;
  const test = data.equivalence.passed
    ? `an equivalence test finds every two of them within ${describeMargin(data)} of each other`
    : `an equivalence test could not find every two of them within ${describeMargin(data)} of each other`;
  return `On the distribution they were trained on, the agents reach ${range} of the best possible return, and ${test}.`;
}

function differentWants({ agents, words }: ReportData): string {
  const widest = widestShift(agents, words);
  if (widest === null)
    return "No shifted distribution was run for two agents, so nothing here says whether they want different things.";
  const { label, best, worst } = widest;
  const numbers = `under “${shiftWords(label, words)}”, ${worst.organism} returns ${formatNumber(worst.value)} ${formatInterval(worst.low, worst.high)} and ${best.organism} ${formatNumber(best.value)} ${formatInterval(best.low, best.high)}`;
  return best.low > worst.high
    ? `On levels moved away from training the scores part, and the same score turns out to hide different wants: ${numbers}.`
    : `Even where the scores lie furthest apart their intervals overlap, so the returns alone show no difference in what the agents want: ${numbers}.`;
}

/** One agent has none to compare with: how it scores in training, and where away from it it scores worst. */
function singleScore(agent: ReportAgent, words: WorldWords): readonly string[] {
  const share = agent.trainingReturn / agent.oracleReturn;
  const training = Number.isFinite(share)
    ? `On the distribution it was trained on, the agent reaches ${formatPercent(share, 1)} of the best possible return.`
    : "Its training score was not measured.";
  const worst = agent.shifts
    .filter(({ label, baseReturn }) => label !== "training" && !asksForNewAbility(label, words) && Number.isFinite(baseReturn))
    .toSorted((first, second) => first.baseReturn / first.oracleReturn - second.baseReturn / second.oracleReturn)[0];
  if (!worst) return [training, "No shifted distribution was run, so nothing here says how it behaves away from training."];
  const numbers = `${formatNumber(worst.baseReturn)} ${formatInterval(worst.baseLow, worst.baseHigh)} of ${formatNumber(worst.oracleReturn)}`;
  return [training, `Away from training it returns least under “${shiftWords(worst.label, words)}”: ${numbers}.`];
}

/** The shift on which the agents' base returns lie furthest apart, or null where no shift has two agents. Shifts that ask for new abilities show no want. */
function widestShift(agents: readonly ReportAgent[], words: WorldWords) {
  const labels = [...new Set(agents.flatMap((agent) => agent.shifts.map((shift) => shift.label)))].filter(
    (label) => !asksForNewAbility(label, words),
  );
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
  return `Each audit saw only the agent and the world; opened afterwards, the planted truth agrees with the kind of the verdict for ${agreeing} of ${compared.length} agents${wild}.`;
}
