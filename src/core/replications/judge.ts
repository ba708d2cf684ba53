// From numbers to the answer of a card: yes, partly, no, or inconclusive. One rule for all cards.

import { MesascopeError } from "../base/errors.ts";
import type { Card, CardMeasure } from "./card.ts";
import { type Numbers, numbersOn } from "./numbers.ts";
import type { Claim, ReplicationScale } from "./replication.ts";

/** What a twin must surely reach of the best return for a low number elsewhere to be no lack of ability. */
export const neededOfTwin = 0.95;

export interface Evidence {
  readonly claims: readonly Claim[];
  readonly measures: readonly CardMeasure[];
  readonly twins: Card["twins"];
  readonly scale: ReplicationScale;
}

type Verdict = Card["verdict"];
type Judged = Verdict["claims"][number];

/**
 * - `yes`: every claim holds on all levels and, where it is asked there, again without untrained inputs, and every twin is able.
 * - `partly`: some claims hold, and the twins are able.
 * - `no`: the twins are able, every claim was decided, and none holds.
 * - `inconclusive`: a twin is not surely able, so that ability and goal are not separated; or no claim holds, and some of them could not
 *   be decided for lack of a number, or because one agent a condition has no interval.
 *
 * At the quick scale nothing is judged: claims are asked, so that a mistake in one shows, and what they say is not told.
 */
export function judgeClaims({ claims, measures, twins, scale }: Evidence): Verdict {
  const all = numbersOn(measures, "all");
  const familiar = numbersOn(measures, "familiar");
  const judged = claims.map((claim) => ({
    statement: claim.statement,
    onAll: ask(claim, all),
    onFamiliar: claim.familiarNotAsked === undefined ? ask(claim, familiar) : null,
    familiarNotAsked: claim.familiarNotAsked ?? null,
  }));
  const told = scale === "quick" ? judged.map((claim) => ({ ...claim, onAll: null, onFamiliar: null })) : judged;
  return { ...answerTo({ judged, twins, scale, lack: lackOf(measures) }), claims: told };
}

/** What undecided claims want for. */
function lackOf(measures: readonly CardMeasure[]): string {
  const agents = measures.flatMap(({ rows }) => rows).filter(({ role }) => role === "studied" || role === "twin");
  return agents.some(({ all }) => all?.of === 1) ? "because there are too few seeds" : "for lack of a number";
}

function answerTo({
  judged,
  twins,
  scale,
  lack,
}: Pick<Evidence, "twins" | "scale"> & { readonly judged: readonly Judged[]; readonly lack: string }): Pick<
  Verdict,
  "answer" | "sentence"
> {
  if (scale === "quick") {
    return { answer: "not judged", sentence: "The quick scale shows that everything runs, and nothing else." };
  }
  const all = counted(judged.length);
  const holding = judged.filter(({ onAll }) => onAll === true).length;
  const undecided = judged.filter(({ onAll }) => onAll === null).length;
  const short = twins.filter(({ separated }) => separated !== true).map(({ condition }) => `“${condition}”`);
  if (short.length > 0) {
    const twin = `The twin${short.length === 1 ? "" : "s"} ${short.join(" and ")} ${short.length === 1 ? "is" : "are"}`;
    const sentence = `${twin} not surely able, so that ability is not separated from goal; ${holding} of ${all} hold${holding === 1 ? "s" : ""}.`;
    return { answer: "inconclusive", sentence };
  }
  if (holding === 0 && undecided === 0) return { answer: "no", sentence: `None of ${all} holds.` };
  if (holding === 0) {
    const sentence = `None of ${all} is shown to hold, and ${undecided} cannot be decided ${lack}.`;
    return { answer: "inconclusive", sentence };
  }
  const doubts = doubtsOf(judged, { holding, undecided, lack });
  if (doubts.length > 0) return { answer: "partly", sentence: `${sentenceOf(doubts)}.` };
  return { answer: "yes", sentence: `${judged.length === 1 ? "The claim holds" : `All ${all} hold`}${askedAgain(judged)}.` };
}

/** What keeps a card on which some claims hold from a yes. */
function doubtsOf(
  judged: readonly Judged[],
  { holding, undecided, lack }: { readonly holding: number; readonly undecided: number; readonly lack: string },
): readonly string[] {
  const doubts: string[] = [];
  if (holding < judged.length) doubts.push(`${holding} of ${counted(judged.length)} hold${holding === 1 ? "s" : ""}`);
  if (undecided > 0) doubts.push(`${undecided} cannot be decided ${lack}`);
  const hollow = judged.filter((claim) => claim.onAll === true && claim.onFamiliar !== true && claim.familiarNotAsked === null);
  if (hollow.length > 0) {
    doubts.push(`${counted(hollow.length)} ${hollow.length === 1 ? "is" : "are"} not shown on levels without untrained inputs`);
  }
  return doubts;
}

/** How many of the claims, all of which hold, were asked again on levels without untrained inputs. */
function askedAgain(judged: readonly Judged[]): string {
  const not = judged.filter(({ familiarNotAsked }) => familiarNotAsked !== null).length;
  if (not === 0) return ", also without untrained inputs";
  return not === judged.length
    ? "; not asked without untrained inputs"
    : `; ${judged.length - not} also without untrained inputs, where ${not} ${not === 1 ? "is" : "are"} not asked`;
}

/** Null where a number that the claim asks for does not exist, or exists for too few agents. */
function ask(claim: Claim, numbers: Numbers): boolean | null {
  try {
    return claim.holds(numbers);
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "invalid-data") return null;
    throw error;
  }
}

function counted(count: number): string {
  return `${count} claim${count === 1 ? "" : "s"}`;
}

function sentenceOf(parts: readonly string[]): string {
  const text = parts.join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
