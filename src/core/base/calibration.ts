// Are stated probabilities right? Reliability bins, expected calibration error and the Brier score.

import { MesascopeError } from "./errors.ts";
import { type Interval, wilsonInterval } from "./intervals.ts";
import { type Numbers, requireBetween, requireFinite } from "./statistics.ts";

/** The predictions whose stated probability lies in [low, high); the last bin holds 1 too. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  /** Predictions in the bin, at least one. */
  readonly count: number;
  /** Mean stated probability. */
  readonly stated: number;
  /** Share that came true, with its 95% Wilson interval. */
  readonly observed: number;
  readonly interval: Interval;
}

export interface Calibration {
  /** Bins that hold predictions, ascending; empty ones are left out. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean over predictions of |stated − observed| of their bin (Naeini, Cooper & Hauskrecht 2015, equal-width bins). */
  readonly expectedError: number;
  /** Mean of (probability − outcome)² (Brier 1950). */
  readonly brierScore: number;
}

export interface Predictions {
  /** Stated probabilities, 0 to 1. */
  readonly probabilities: Numbers;
  /** Whether each came true. */
  readonly outcomes: readonly boolean[];
  /** Equal-width bins. Default 10. */
  readonly bins?: number;
}

/** Throws `invalid-data` on no predictions or a probability outside 0 to 1, `shape-mismatch` on unequal lengths. */
export function calibrationTable({ probabilities, outcomes, bins = 10 }: Predictions): Calibration {
  requireFinite(probabilities, "stated probabilities");
  requireBetween(bins, { what: "the number of reliability bins", low: 1, high: 1000 });
  if (probabilities.length !== outcomes.length) {
    throw new MesascopeError(
      "shape-mismatch",
      `${probabilities.length} probabilities and ${outcomes.length} outcomes given; expected as many of both.`,
    );
  }
  const sums = Array.from({ length: bins }, () => ({ count: 0, stated: 0, successes: 0 }));
  let squares = 0;
  for (const [i, outcome] of outcomes.entries()) {
    const probability = probabilities[i]!;
    requireBetween(probability, { what: "a stated probability", low: 0, high: 1 });
    const bin = sums[Math.min(bins - 1, Math.floor(probability * bins))]!;
    bin.count++;
    bin.stated += probability;
    if (outcome) bin.successes++;
    squares += (probability - Number(outcome)) ** 2;
  }
  const table = sums.flatMap(({ count, stated, successes }, i): ReliabilityBin[] => {
    if (count === 0) return [];
    const interval = wilsonInterval({ successes, trials: count });
    return [{ low: i / bins, high: (i + 1) / bins, count, stated: stated / count, observed: successes / count, interval }];
  });
  let gaps = 0;
  for (const bin of table) gaps += bin.count * Math.abs(bin.stated - bin.observed);
  return { bins: table, expectedError: gaps / outcomes.length, brierScore: squares / outcomes.length };
}
