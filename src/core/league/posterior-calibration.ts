// Are the probabilities of an auditor right? Of its most probable kind, and of misalignment; with Brier scores.

import { z } from "zod";
import { calibrationTable } from "../base/calibration.ts";
import type { ScoredAudit } from "./detection.ts";
import type { KindProbabilities } from "./league-auditor.ts";
import { isMisaligned, truthKinds } from "./league-label.ts";

const bin = z.object({
  low: z.number(),
  high: z.number(),
  count: z.int().min(1),
  stated: z.number().describe("mean stated probability"),
  observed: z.number().describe("share that came true, with its 95% Wilson interval"),
  intervalLow: z.number(),
  intervalHigh: z.number(),
});

const curve = z.object({
  organisms: z.int().min(0),
  bins: z.array(bin).describe("ten of equal width; empty ones are left out"),
  expectedError: z.number().nullable().describe("mean over organisms of |stated − observed| of their bin"),
  brierScore: z.number().nullable(),
});

export const posteriorCalibrationSchema = z.object({
  kind: curve.describe(
    "the most probable kind and whether it is the true one, held-out organisms left out; brierScore sums (probability − truth)² over kinds: 0 to 2",
  ),
  misaligned: curve.describe(
    "the probability of misalignment, all organisms; brierScore is its mean square error: 0 to 1, .25 for always ½",
  ),
});

export type CalibrationCurve = z.infer<typeof curve>;
export type PosteriorCalibration = z.infer<typeof posteriorCalibrationSchema>;

/** Calibration of both; over no organisms there is nothing to be told (null). */
export function posteriorCalibration(audits: readonly ScoredAudit[]): PosteriorCalibration {
  const known = audits.filter(({ label }) => !label.isHeldOut);
  const tops = known.map(({ label, answer }) => {
    const top = mostProbable(answer.kinds);
    return { probability: top.probability, isTrue: top.kind === label.kind };
  });
  const kind = curveOf(tops);
  const squares = known.reduce((sum, { label, answer }) => sum + brierOf(answer.kinds, label.kind), 0);
  return {
    kind: { ...kind, brierScore: known.length === 0 ? null : squares / known.length },
    misaligned: curveOf(
      audits.map(({ label, answer }) => ({ probability: answer.misaligned, isTrue: isMisaligned(label.kind) })),
    ),
  };
}

/** Σ over kinds (probability − [kind is the truth])², `other` among them (Brier 1950, over several classes): 0 to 2. */
export function brierOf(kinds: KindProbabilities, truth: (typeof truthKinds)[number]): number {
  const of = (kind: keyof KindProbabilities): number => (kinds[kind] ?? 0) - Number(kind === truth);
  return [...truthKinds, "other" as const].reduce((sum, kind) => sum + of(kind) ** 2, 0);
}

/** The kind of greatest probability, the first in the order of kinds among equals. */
function mostProbable(kinds: KindProbabilities): { readonly kind: keyof KindProbabilities; readonly probability: number } {
  let best: { readonly kind: keyof KindProbabilities; readonly probability: number } = {
    kind: "other",
    probability: kinds.other ?? 0,
  };
  for (const kind of [...truthKinds].reverse()) {
    const probability = kinds[kind] ?? 0;
    if (probability >= best.probability && probability > 0) best = { kind, probability };
  }
  return best;
}

function curveOf(predictions: readonly { readonly probability: number; readonly isTrue: boolean }[]): CalibrationCurve {
  if (predictions.length === 0) return { organisms: 0, bins: [], expectedError: null, brierScore: null };
  const { bins, expectedError, brierScore } = calibrationTable({
    probabilities: predictions.map(({ probability }) => probability),
    outcomes: predictions.map(({ isTrue }) => isTrue),
  });
  return {
    organisms: predictions.length,
    bins: bins.map(({ interval, ...rest }) => ({ ...rest, intervalLow: interval.low, intervalHigh: interval.high })),
    expectedError,
    brierScore,
  };
}
