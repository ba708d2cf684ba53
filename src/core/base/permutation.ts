// Sign-flip permutation tests over levels, and the adjustment for testing many things at once.

import type { Prng } from "./prng.ts";
import { mean, type Numbers, requireBetween, requireFinite } from "./statistics.ts";

/** Up to this many levels all 2^n sign patterns are counted (4,096 at most). */
const EXACT_LIMIT = 12;

export interface SignFlip {
  /** One difference per independent unit (level), e.g. with the cue − without. At least two. */
  readonly differences: Numbers;
  readonly prng: Prng;
  /** What counts as extreme: a mean far from zero (default) or far above it. */
  readonly alternative?: "two-sided" | "greater";
  /** Random sign patterns where there are too many to count. Default 9999. */
  readonly draws?: number;
}

export interface SignFlipResult {
  /** The mean difference. */
  readonly statistic: number;
  readonly pValue: number;
  /** Whether every sign pattern was counted. */
  readonly exact: boolean;
  /** Sign patterns counted or drawn. */
  readonly patterns: number;
}

/**
 * Is the mean difference zero? Under the null each level's difference is as likely to have either sign (Fisher 1935, "The design of
 * experiments", section 21). Exact up to 12 levels; beyond, p = (1 + extreme) / (1 + draws), which is valid for any number of draws
 * (Phipson & Smyth 2010). The least exact p, two-sided, is 2^(1−n): five levels cannot reach .05. Throws `invalid-data` on fewer than
 * two differences or one that is not finite.
 */
export function signFlipTest(test: SignFlip): SignFlipResult {
  const { differences, prng, alternative = "two-sided", draws = 9999 } = test;
  requireFinite(differences, "differences of a sign-flip test", 2);
  requireBetween(draws, { what: "the draws of a sign-flip test", low: 1, high: 2 ** 32 });
  const measure = (sum: number) => (alternative === "two-sided" ? Math.abs(sum) : sum);
  let sum = 0;
  let size = 0;
  for (let i = 0; i < differences.length; i++) {
    sum += differences[i]!;
    size += Math.abs(differences[i]!);
  }
  // Patterns equal to the observed one up to rounding count as extreme.
  const bar = measure(sum) - 1e-12 * size;
  const statistic = mean(differences);
  if (differences.length <= EXACT_LIMIT) {
    const patterns = 2 ** differences.length;
    let extreme = 0;
    for (let signs = 0; signs < patterns; signs++) if (measure(flippedSum(differences, () => signs)) >= bar) extreme++;
    return { statistic, pValue: extreme / patterns, exact: true, patterns };
  }
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) if (measure(flippedSum(differences, () => prng.nextUint32())) >= bar) extreme++;
  return { statistic, pValue: (1 + extreme) / (1 + draws), exact: false, patterns: draws };
}

/** The sum with the sign of each difference flipped where its bit is set; `nextBits` gives 32 bits at a time. */
function flippedSum(differences: Numbers, nextBits: () => number): number {
  let bits = 0;
  let sum = 0;
  for (let i = 0; i < differences.length; i++) {
    if (i % 32 === 0) bits = nextBits();
    sum += (bits >>> (i % 32)) & 1 ? -differences[i]! : differences[i]!;
  }
  return sum;
}

/**
 * P values adjusted for being tested together (Holm 1979), in the order given: rejecting where the adjusted value is at most α keeps
 * the chance of any false rejection at α. Throws `invalid-data` on none or on a value outside 0 to 1.
 */
export function holmAdjust(pValues: Numbers): Float64Array {
  requireFinite(pValues, "p values to adjust");
  const order = Array.from(pValues, (_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const adjusted = new Float64Array(pValues.length);
  let greatest = 0;
  for (const [rank, index] of order.entries()) {
    requireBetween(pValues[index]!, { what: "a p value", low: 0, high: 1 });
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = greatest;
  }
  return adjusted;
}
