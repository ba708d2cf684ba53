// From numbers to the answer of a card: yes, partly or no. One rule for all cards.

import { MesascopeError } from "../base/errors.ts";
import type { Card, CardMeasure } from "./card.ts";
import { type Numbers, numbersOn } from "./numbers.ts";
import type { Claim, ReplicationScale } from "./replication.ts";

/** What the twin must reach of the best return for a low number elsewhere to be no lack of ability. */
export const neededOfTwin = 0.95;

export interface Evidence {
  readonly claims: readonly Claim[];
  readonly measures: readonly CardMeasure[];
  readonly twin: Card["twin"];
  readonly scale: ReplicationScale;
}

/**
 * `yes`: every claim holds on all levels and again without untrained inputs, and the twin is able. `no`: no claim holds on all levels.
 * `partly`: anything between. At the quick scale nothing is judged.
 */
export function judgeClaims({ claims, measures, twin, scale }: Evidence): Card["verdict"] {
  const all = numbersOn(measures, "all");
  const familiar = numbersOn(measures, "familiar");
  const judged = claims.map((claim) => ({
    statement: claim.statement,
    onAll: ask(claim, all),
    onFamiliar: claim.aboutUntrainedInputs === undefined ? ask(claim, familiar) : null,
    aboutUntrainedInputs: claim.aboutUntrainedInputs ?? null,
  }));
  if (scale === "quick") {
    return { answer: "not judged", sentence: "The quick scale shows that everything runs, and nothing else.", claims: judged };
  }
  const holding = judged.filter(({ onAll }) => onAll === true).length;
  if (holding === 0) return { answer: "no", sentence: `None of ${counted(claims.length)} holds.`, claims: judged };
  const doubts: string[] = [];
  if (holding < claims.length) doubts.push(`${holding} of ${counted(claims.length)} hold${holding === 1 ? "s" : ""}`);
  const hollow = judged.filter(
    (claim) => claim.onAll === true && claim.onFamiliar !== true && claim.aboutUntrainedInputs === null,
  );
  if (hollow.length > 0) {
    doubts.push(`${counted(hollow.length)} ${hollow.length === 1 ? "is" : "are"} not shown on levels without untrained inputs`);
  }
  if (twin.separated !== true) doubts.push("the twin falls short, so that ability is not separated from goal");
  if (doubts.length > 0) return { answer: "partly", sentence: `${sentenceOf(doubts)}.`, claims: judged };
  const isAskedAgain = judged.some(({ aboutUntrainedInputs }) => aboutUntrainedInputs === null);
  const held = claims.length === 1 ? "The claim holds" : `All ${counted(claims.length)} hold`;
  return { answer: "yes", sentence: `${held}${isAskedAgain ? ", also without untrained inputs" : ""}.`, claims: judged };
}

/** Null where a number that the claim asks for does not exist. */
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
