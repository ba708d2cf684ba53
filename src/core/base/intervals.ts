// Intervals and the tests that go with them: a share, a statistic over levels, a paired difference, equivalence within a margin.

import { MesascopeError } from "./errors.ts";
import type { Prng } from "./prng.ts";
import { mean, type Numbers, quantile, requireBetween, requireFinite, variance } from "./statistics.ts";
import { studentTQuantile, studentTUpperTail } from "./student-t.ts";

/** `level` is the nominal coverage, e.g. 0.95. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

export interface Estimate extends Interval {
  readonly estimate: number;
}

/**
 * The interval of a share of `trials` by inversion of the score test (Wilson 1927, "Probable inference", without continuity
 * correction). Inside 0 to 1, and not empty at 0 or all successes. Throws `invalid-data` on no trials or a count that is none.
 */
export function wilsonInterval(count: { readonly successes: number; readonly trials: number }, level = 0.95): Interval {
  const { successes, trials } = count;
  if (!(Number.isInteger(successes) && Number.isInteger(trials) && trials > 0 && successes >= 0 && successes <= trials)) {
    throw new MesascopeError(
      "invalid-data",
      `${successes} successes of ${trials} trials given; expected whole numbers, at least one trial and no more successes than trials.`,
    );
  }
  requireLevel(level);
  const z = normalReach(level);
  const share = successes / trials;
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const center = share + (z * z) / (2 * trials);
  const scale = 1 + (z * z) / trials;
  return {
    low: successes === 0 ? 0 : (center - spread) / scale,
    high: successes === trials ? 1 : (center + spread) / scale,
    level,
  };
}

/** What a bootstrap resamples, and how. */
export interface Bootstrap<Unit> {
  /** The independent units: levels, tasks or seeds, never time steps. At least two. */
  readonly units: readonly Unit[];
  /** Must not change the sample, which is reused. */
  readonly statistic: (sample: readonly Unit[]) => number;
  readonly prng: Prng;
  /** Default 2000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * The percentile interval of a statistic (Efron 1979): its quantiles over resamples of the units with replacement. Throws
 * `invalid-data` on fewer than two units, or when the statistic of any resample is not finite.
 */
export function bootstrapInterval<Unit>(bootstrap: Bootstrap<Unit>): Estimate {
  const { units, statistic, prng, resamples = 2000, level = 0.95 } = bootstrap;
  requireLevel(level);
  requireBetween(units.length, { what: "the number of units to resample", low: 2, high: 2 ** 32 });
  const estimate = statistic(units);
  requireFinite([estimate], "the statistic of a bootstrap");
  const sample = [...units];
  const statistics = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < sample.length; i++) sample[i] = units[prng.integer(units.length)]!;
    statistics[r] = statistic(sample);
  }
  requireFinite(statistics, "the statistics of bootstrap resamples");
  return {
    estimate,
    low: quantile(statistics, (1 - level) / 2),
    high: quantile(statistics, (1 + level) / 2),
    level,
  };
}

/** Two measurements of each unit (level), in the same order. */
export interface Pairs {
  readonly first: Numbers;
  readonly second: Numbers;
}

export interface PairedDifference {
  /** Mean of first − second. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * The mean of `first − second` over pairs with its t interval. Throws `invalid-data` on fewer than two pairs or a value that is not
 * finite, `shape-mismatch` on unequal lengths.
 */
export function pairedDifference(pairs: Pairs, level = 0.95): PairedDifference {
  requireLevel(level);
  const differences = pairDifferences(pairs);
  const difference = mean(differences);
  const standardError = Math.sqrt(variance(differences) / differences.length);
  const degreesOfFreedom = differences.length - 1;
  const reach = studentTQuantile(0.5 + level / 2, degreesOfFreedom) * standardError;
  return { difference, low: difference - reach, high: difference + reach, level, standardError, degreesOfFreedom };
}

/**
 * The ratio of two means over pairs, mean of `first` / mean of `second`, with its t interval: the standard error is that of the residuals
 * `first − ratio · second` (the linearized ratio estimator; Cochran 1977, "Sampling techniques", equation 6.13). It has quantiles as far out
 * as any level asks for, where a percentile bootstrap of a few dozen units has none. Throws as `pairedDifference`, and `invalid-data`
 * unless the mean of `second` is above 0.
 */
export function ratioOfMeans(pairs: Pairs, level = 0.95): Estimate {
  const below = mean(pairs.second);
  requireBetween(below, { what: "the mean below a ratio", low: Number.MIN_VALUE, high: Number.MAX_VALUE });
  const estimate = mean(pairs.first) / below;
  const scaled = Float64Array.from(pairs.second, (value) => estimate * value);
  const { standardError, degreesOfFreedom } = pairedDifference({ first: pairs.first, second: scaled }, level);
  const reach = (studentTQuantile(0.5 + level / 2, degreesOfFreedom) * standardError) / below;
  return { estimate, low: estimate - reach, high: estimate + reach, level };
}

export interface Equivalence extends Interval {
  /** Mean of first − second. */
  readonly difference: number;
  /** The greater of the two one-sided p values. */
  readonly pValue: number;
  readonly equivalent: boolean;
}

/**
 * Two one-sided t tests over pairs (Schuirmann 1987): is the mean difference inside (−margin, margin)? The interval has coverage
 * 1 − 2·alpha (90% by default) and lies within the margin exactly when the test passes. Where all differences are the same number,
 * p is 0 inside the margin and 1 outside. Throws as `pairedDifference`, and `invalid-data` unless the margin is above 0.
 */
export function equivalenceTest(test: Pairs & { readonly margin: number; readonly alpha?: number }): Equivalence {
  const { margin, alpha = 0.05 } = test;
  requireBetween(margin, { what: "the margin of an equivalence test", low: Number.MIN_VALUE, high: Number.MAX_VALUE });
  const paired = pairedDifference(test, 1 - 2 * alpha);
  const room = margin - Math.abs(paired.difference);
  let pValue = room > 0 ? 0 : 1;
  if (paired.standardError > 0) pValue = studentTUpperTail(room / paired.standardError, paired.degreesOfFreedom);
  return {
    difference: paired.difference,
    low: paired.low,
    high: paired.high,
    level: paired.level,
    pValue,
    equivalent: pValue < alpha,
  };
}

function pairDifferences(pairs: Pairs): Float64Array {
  const { first, second } = pairs;
  if (first.length !== second.length) {
    throw new MesascopeError(
      "shape-mismatch",
      `${first.length} and ${second.length} values given as pairs; expected one of each per level.`,
    );
  }
  const differences = Float64Array.from(first, (value, i) => value - second[i]!);
  requireFinite(differences, "paired differences", 2);
  return differences;
}

function requireLevel(level: number): void {
  requireBetween(level, { what: "the coverage of an interval", low: Number.EPSILON, high: 1 - Number.EPSILON });
}

/**
 * The z that a standard normal deviate stays within with probability `coverage`, by bisection on
 * P(|Z| ≤ z) = 2φ(z)·(z + z³/3 + z⁵/(3·5) + …) (Abramowitz & Stegun 26.2.11).
 */
function normalReach(coverage: number): number {
  let low = 0;
  let high = 10;
  for (;;) {
    const z = (low + high) / 2;
    if (z === low || z === high) return z;
    let sum = 0;
    for (let n = 0, term = z; sum + term !== sum; n++) {
      sum += term;
      term *= (z * z) / (2 * n + 3);
    }
    const inside = Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) * sum;
    if (inside < coverage) low = z;
    else high = z;
  }
}
