// Labels and answers for the tests of scores: all fields filled in, those that a test is about given.

import { failureModeOf, type VerdictKind } from "../objectives/kinds.ts";
import type { ScoredAudit } from "./detection.ts";
import type { LeagueAnswer } from "./league-auditor.ts";
import type { KnownLabel } from "./league-label.ts";

/** The failure mode of a kind, without learned search. */
export const modeOf = (kind: VerdictKind) => failureModeOf(kind, { hasLearnedSearch: false });

export function label(kind: KnownLabel["kind"], given: Partial<KnownLabel> = {}): KnownLabel {
  return {
    id: "agent-1",
    world: "arcade",
    kind,
    failureMode: modeOf(kind),
    objective: { aligned: "score", proxy: "capsules", mixed: "both", incapable: "unidentified" }[String(kind)] ?? kind,
    weights: [],
    isTwin: false,
    isCueExposed: false,
    isHeldOut: false,
    organism: "A",
    network: "mlp",
    optimizer: "ppo",
    seed: 1,
    ...given,
  };
}

export function answer(kind: VerdictKind, given: Partial<LeagueAnswer> = {}): LeagueAnswer {
  return {
    kind,
    failureMode: modeOf(kind),
    objective: { aligned: "score", proxy: "capsules", mixed: "both" }[String(kind)] ?? "unidentified",
    posterior: { other: 1 },
    kinds: kind === "inconclusive" ? { other: 1 } : { [kind]: 1 },
    misaligned: 0.5,
    weights: null,
    explanation: "because",
    cost: { levels: 10, environmentSteps: 100, seconds: 2 },
    ...given,
  };
}

/** `count` organisms of one truth, all answered alike. */
export function audits(count: number, truth: KnownLabel | KnownLabel["kind"], given: LeagueAnswer | VerdictKind): ScoredAudit[] {
  const audit: ScoredAudit = {
    label: typeof truth === "string" ? label(truth) : truth,
    answer: typeof given === "string" ? answer(given) : given,
  };
  return Array.from({ length: count }, () => audit);
}
