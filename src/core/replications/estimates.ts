// Numbers over agents with their intervals: seeds are the units, never episodes.

import { MesascopeError } from "../base/errors.ts";
import { wilsonInterval } from "../base/intervals.ts";
import { mean, requireFinite, variance } from "../base/statistics.ts";
import { studentTQuantile } from "../base/student-t.ts";

/** A number over agents. `interval` is null below two agents. */
export interface AgentEstimate {
  readonly mean: number;
  readonly interval: { readonly low: number; readonly high: number; readonly method: "t" | "wilson" } | null;
  /** One per agent that the measure could tell something of. */
  readonly values: readonly number[];
}

/** The mean over agents with its 95% interval: Student's t, or Wilson's for values of 0 and 1 that say yes or no. Throws `invalid-data` for none. */
export function estimateOver(values: readonly number[], kind: "number" | "yes-no"): AgentEstimate {
  requireFinite(values, "the numbers of the agents");
  if (values.length < 2) return { mean: mean(values), interval: null, values };
  if (kind === "yes-no") {
    const successes = values.reduce((sum, value) => sum + value, 0);
    const { low, high } = wilsonInterval({ successes, trials: values.length });
    return { mean: mean(values), interval: { low, high, method: "wilson" }, values };
  }
  const reach = studentTQuantile(0.975, values.length - 1) * Math.sqrt(variance(values) / values.length);
  return { mean: mean(values), interval: { low: mean(values) - reach, high: mean(values) + reach, method: "t" }, values };
}

/**
 * Variance of shares over agents, divided by what chance over each agent's own episodes explains: p (1 − p) times the mean of 1 / n, for
 * the mean share p and shares of n episodes each. About 1 where agents do not differ, 0 where all shares are one. Throws `invalid-data` below two agents, and where it is not known of how many episodes they are shares.
 */
export function overdispersion({
  values,
  counts,
}: {
  readonly values: readonly number[];
  readonly counts: readonly number[] | null;
}): number {
  if (counts === null || counts.length !== values.length) {
    throw new MesascopeError(
      "invalid-data",
      "shares without the number of episodes that each is one of. Give the measure `decided`.",
    );
  }
  const share = mean(values);
  const explained = share * (1 - share) * mean(counts.map((count) => 1 / count));
  const found = variance(values);
  return found === 0 ? 0 : found / explained;
}

/** Mean of the first − mean of the second. */
export interface DifferenceEstimate {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean of `first` − mean of `second` with Welch's 95% interval (Welch 1947; degrees of freedom by Satterthwaite). Where no value differs
 * from its mean the interval is a point. Throws `invalid-data` below two values a side.
 */
export function welchDifference(first: readonly number[], second: readonly number[]): DifferenceEstimate {
  const [a, b] = [variance(first) / first.length, variance(second) / second.length];
  const difference = mean(first) - mean(second);
  if (a + b === 0) return { difference, low: difference, high: difference };
  const degrees = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  const reach = studentTQuantile(0.975, degrees) * Math.sqrt(a + b);
  return { difference, low: difference - reach, high: difference + reach };
}
