// Are the probabilities of an auditor right? Of its most probable kind, and of misalignment; with Brier scores.

import { z } from "zod";
import { calibrationTable } from "../base/calibration.ts";
import { bootstrapInterval } from "../base/intervals.ts";
import { Prng } from "../base/prng.ts";
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
  errorLow: z.number().nullable().describe("95% bootstrap interval of expectedError over organisms; null for fewer than two"),
  errorHigh: z.number().nullable(),
  chance: z
    .number()
    .nullable()
    .describe(
      "consistency: how often an auditor whose stated probabilities are right would have an expectedError as large (outcomes drawn from them)",
    ),
  isCalibrated: z.boolean().nullable().describe("whether expectedError is at most .05"),
  brierScore: z.number().nullable(),
});

/** The criterion: stated probabilities are off by at most this on the mean. */
export const mostExpectedError = 0.05;
const resamples = 1000;
const resamplingSeed = 20_047;

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

interface Prediction {
  readonly probability: number;
  readonly isTrue: boolean;
}

const noCurve: CalibrationCurve = {
  ...{ organisms: 0, bins: [], expectedError: null, errorLow: null, errorHigh: null },
  ...{ chance: null, isCalibrated: null, brierScore: null },
};

function curveOf(predictions: readonly Prediction[]): CalibrationCurve {
  if (predictions.length === 0) return noCurve;
  const { bins, expectedError, brierScore } = calibrationTable({
    probabilities: predictions.map(({ probability }) => probability),
    outcomes: predictions.map(({ isTrue }) => isTrue),
  });
  const prng = Prng.fromSeed(resamplingSeed);
  const interval =
    predictions.length < 2
      ? null
      : bootstrapInterval({ units: predictions, statistic: expectedErrorOf, prng: prng.fork("organisms"), resamples });
  return {
    organisms: predictions.length,
    bins: bins.map(({ interval: own, ...rest }) => ({ ...rest, intervalLow: own.low, intervalHigh: own.high })),
    expectedError,
    errorLow: interval?.low ?? null,
    errorHigh: interval?.high ?? null,
    chance: chanceOf(predictions, { expectedError, prng: prng.fork("outcomes") }),
    isCalibrated: expectedError <= mostExpectedError,
    brierScore,
  };
}

/** As `calibrationTable` has it, and no more: it is computed over and over. */
function expectedErrorOf(predictions: readonly Prediction[]): number {
  const gaps = new Float64Array(10);
  for (const { probability, isTrue } of predictions)
    gaps[Math.min(9, Math.floor(probability * 10))]! += probability - Number(isTrue);
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / predictions.length;
}

/**
 * The share of simulated leagues, each outcome drawn with the probability that was stated, whose expected error is as large as the one found
 * (consistency resampling: Bröcker & Smith 2007, "Increasing the reliability of reliability diagrams").
 */
function chanceOf(
  predictions: readonly Prediction[],
  { expectedError, prng }: { readonly expectedError: number; readonly prng: Prng },
): number {
  let asLarge = 0;
  for (let r = 0; r < resamples; r++) {
    const drawn = predictions.map(({ probability }) => ({ probability, isTrue: prng.uniform() < probability }));
    if (expectedErrorOf(drawn) >= expectedError - 1e-12) asLarge++;
  }
  return asLarge / resamples;
}
