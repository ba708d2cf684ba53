// Probabilities and their logarithms: sums in log space, normalization, entropy and divergence, all in nats.

import { MesascopeError } from "./errors.ts";
import type { Numbers } from "./statistics.ts";

/** How far a distribution's sum may lie from 1: room for a softmax in float32. */
const SUM_TOLERANCE = 1e-4;

/**
 * ln Σ exp(x), without overflow. −∞ counts as a weight of zero; all −∞ gives −∞. Throws `invalid-data` on no values, NaN or +∞.
 */
export function logSumExp(values: Numbers): number {
  if (values.length === 0) throw new MesascopeError("invalid-data", "no values given to logSumExp; expected at least one.");
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) {
      throw new MesascopeError("invalid-data", `${value} given as log weight ${i}; expected a number below infinity.`);
    }
    if (value > greatest) greatest = value;
  }
  if (greatest === Number.NEGATIVE_INFINITY) return greatest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - greatest);
  return greatest + Math.log(sum);
}

/** The probabilities proportional to exp(log weight). Throws `invalid-data` as `logSumExp`, and when every weight is zero. */
export function normalizeLogWeights(logWeights: Numbers): Float64Array {
  const total = logSumExp(logWeights);
  if (total === Number.NEGATIVE_INFINITY) {
    throw new MesascopeError(
      "invalid-data",
      "every log weight is −∞: nothing explains the data. Add an alternative with support.",
    );
  }
  return Float64Array.from(logWeights, (value) => Math.exp(value - total));
}

/** Shannon entropy −Σ p ln p in nats. Throws `invalid-data` unless the probabilities are a distribution (sum within 1e-4 of 1). */
export function entropy(probabilities: Numbers): number {
  requireDistribution(probabilities);
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!;
    if (p > 0) sum -= p * Math.log(p);
  }
  return sum;
}

/**
 * Kullback–Leibler divergence KL(p‖q) = Σ p ln(p/q) in nats; +∞ where q is 0 and p is not. Throws `invalid-data` unless both are
 * distributions, `shape-mismatch` unless of equal length.
 */
export function klDivergence(p: Numbers, q: Numbers): number {
  if (p.length !== q.length) {
    throw new MesascopeError("shape-mismatch", `${p.length} and ${q.length} probabilities given; expected as many in both.`);
  }
  requireDistribution(p);
  requireDistribution(q);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i]! > 0) sum += p[i]! * Math.log(p[i]! / q[i]!);
  }
  return sum;
}

function requireDistribution(probabilities: Numbers): void {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!;
    if (!(p >= 0)) throw new MesascopeError("invalid-data", `${p} given as probability ${i}; expected 0 to 1.`);
    sum += p;
  }
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
    throw new MesascopeError("invalid-data", `probabilities given that sum to ${sum}; expected 1. Normalize them first.`);
  }
}
