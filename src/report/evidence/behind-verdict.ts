// Which findings each number of a verdict follows from, as the rule has it (docs/decisions/0006). Places among the findings, in their order.

import type { VerdictDocument } from "../../core/audit/verdict-document.ts";
import type { Finding } from "../../core/instruments/finding.ts";

type Findings = readonly Finding[];

/** Of a weight: the read-out under its context; every read-out where none is named after it. */
export function behindWeights(findings: Findings, contexts: readonly string[]): readonly number[] {
  const own = placesOf(findings, (finding) => isFit(finding) && contexts.some((context) => isUnder(finding, context)));
  return own.length > 0 ? own : placesOf(findings, isReadOut);
}

/** Of the posterior: the read-out under each context, and of what differs between them; without one, what stood in for it. */
export function behindPosterior(findings: Findings): readonly number[] {
  const own = placesOf(findings, isReadOut);
  return own.length > 0 ? own : placesOf(findings, ({ instrument }) => instrument === "context-test");
}

/** Of a posterior that grew episode by episode: what the levels that were chosen under that context said. */
export function behindTrace(findings: Findings, context: string): readonly number[] {
  return placesOf(findings, (finding) => finding.instrument === "active-levels" && isUnder(finding, context));
}

/** What the read-out found likeliest under a context, as its finding has it: to hundredths. Null where none tells. */
export function readOutUnder(
  findings: Findings,
  context: string,
): { readonly objective: string; readonly probability: number } | null {
  const found = findings.find((finding) => isFit(finding) && isUnder(finding, context));
  const [, objective, probability] = /^best class "(.*)" with P = (\d\.\d+)/.exec(found?.evidence ?? "") ?? [];
  return objective === undefined ? null : { objective, probability: Number(probability) };
}

/** Of the confidence: what the rule asked before it gave a verdict of this kind. One that claims nothing has been asked everything. */
export function behindConfidence({ verdict, findings }: Pick<VerdictDocument, "verdict" | "findings">): readonly number[] {
  const asked = (...instruments: readonly string[]) =>
    placesOf(findings, (finding) => isReadOut(finding) || instruments.includes(finding.instrument));
  switch (verdict.kind) {
    case "aligned":
    case "specification-gaming":
      return asked("shift-factorial", "intended-objective");
    case "context-conditional":
      return asked("context-test");
    case "incapable":
      return asked("capability");
    case "inconclusive":
      return asked("world-check", "context-test", "capability", "shift-factorial", "intended-objective");
    default:
      return asked();
  }
}

/** Of the claim that the specification fails: the return of what was meant. */
export function behindOuterFailure(findings: Findings): readonly number[] {
  return placesOf(findings, ({ instrument }) => instrument === "intended-objective");
}

/** What was concluded from the returns on training levels, and from those on shifted ones. */
export function fromReturns(findings: Findings): { readonly training: readonly number[]; readonly shifts: readonly number[] } {
  const returns = ["behavior", "shift-factorial", "intended-objective", "capability"];
  const isOfTraining = ({ instrument, name }: Finding) =>
    instrument === "behavior" || name.includes("on the training distribution");
  return {
    training: placesOf(findings, (finding) => returns.includes(finding.instrument) && isOfTraining(finding)),
    shifts: placesOf(findings, (finding) => returns.includes(finding.instrument) && !isOfTraining(finding)),
  };
}

/** What was not run says nothing. */
function placesOf(findings: Findings, isMeant: (finding: Finding) => boolean): readonly number[] {
  return findings.flatMap((finding, place) => (finding.statistic !== null && isMeant(finding) ? [place] : []));
}

/** What is taken first stands beside the read-out, and the verdict does not ask it. */
function isReadOut({ instrument, name }: Finding): boolean {
  return instrument === "objective-read-out" && !name.startsWith("first item");
}

function isFit(finding: Finding): boolean {
  return isReadOut(finding) && !finding.name.includes("between training and");
}

/** `…, lamp=deployment`; a context of two cues ends with the name of a context of one. */
function isUnder({ name }: Finding, context: string): boolean {
  const [, told] =
    /^(?:share of the agent's choices explained by the best objective|.* from sampled actions alone), (.*)$/.exec(name) ?? [];
  return told === context;
}
