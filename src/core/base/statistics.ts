// Descriptive statistics over plain numbers. Missing data (nothing given, NaN, infinities) is an error here, never a number.

import { MesascopeError } from "./errors.ts";

/** Numbers as arrays or typed arrays, read only. */
export type Numbers = ArrayLike<number>;

/** Throws `invalid-data` unless there are at least `least` values and all are finite. `what` names them in the message. */
export function requireFinite(values: Numbers, what: string, least = 1): void {
  if (values.length < least) {
    throw new MesascopeError(
      "invalid-data",
      `${values.length} values given as ${what}; expected at least ${least}. Missing data is no evidence: collect more before testing.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new MesascopeError(
        "invalid-data",
        `${values[i]} given as value ${i} of ${what}; expected finite numbers. Find where it comes from; leaving it out would bias the result.`,
      );
    }
  }
}

/** The arithmetic mean. Throws `invalid-data` on no values or a value that is not finite. */
export function mean(values: Numbers): number {
  requireFinite(values, "the sample of a mean");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The unbiased sample variance (divisor n − 1), in two passes. Throws `invalid-data` on fewer than two values. */
export function variance(values: Numbers): number {
  requireFinite(values, "the sample of a variance", 2);
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2;
  return squares / (values.length - 1);
}

/**
 * The sample quantile at `probability` (0 to 1), linear between order statistics: type 7 of Hyndman & Fan 1996, "Sample quantiles in
 * statistical packages", the default of R and numpy. Throws `invalid-data` on no values or a probability outside 0 to 1.
 */
export function quantile(values: Numbers, probability: number): number {
  requireFinite(values, "the sample of a quantile");
  requireBetween(probability, { what: "the probability of a quantile", low: 0, high: 1 });
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * probability;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}

/** Throws `invalid-data` unless `low ≤ value ≤ high`; NaN fails. */
export function requireBetween(
  value: number,
  bounds: { readonly what: string; readonly low: number; readonly high: number },
): void {
  if (!(value >= bounds.low && value <= bounds.high)) {
    throw new MesascopeError("invalid-data", `${value} given as ${bounds.what}; expected ${bounds.low} to ${bounds.high}.`);
  }
}
