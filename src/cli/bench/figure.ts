// What a figure of the benchmark is: a name, a goal, and a way to measure it.

import { quantile } from "../../core/base/statistics.ts";
import type { Engine } from "../../core/engine/engine.ts";

export interface MeasureOptions {
  readonly engine: Engine;
  /** Fewer repeats, for a look; results are labeled. */
  readonly isQuick: boolean;
  readonly seed: number;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Throws the signal's reason when it has aborted. */
  readonly onProgress: (text: string) => void;
}

export interface Measurement {
  /** Null when it was not reached at all. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** What else was seen, for the reader. */
  readonly note?: string;
  /** Why it could not be measured here; the value is then null. */
  readonly skipped?: string;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What is measured and what low and high are, in a sentence or two. */
  readonly definition: string;
  readonly goal: { readonly comparison: "at-least" | "at-most"; readonly reach: number; readonly aim: number } | null;
  measure(options: MeasureOptions): Promise<Measurement>;
}

/**
 * The median of repeats. Low and high are order statistics that enclose the median of the population with at least 95% probability
 * where there are six repeats or more (of ten: the second and the ninth, 97.9%), else the smallest and the largest.
 */
export function medianOf(values: readonly number[]): Measurement {
  const sorted = [...values].sort((a, b) => a - b);
  let rank = 0;
  while (coverageOf(sorted.length, rank + 1) >= 0.95) rank++;
  return { value: quantile(sorted, 0.5), low: sorted[rank]!, high: sorted[sorted.length - 1 - rank]! };
}

/** Probability that the median lies between the order statistics `rank` from below and from above (0 = the extremes), binomial. */
function coverageOf(count: number, rank: number): number {
  let outside = 0;
  let term = 0.5 ** count;
  for (let k = 0; k <= rank; k++) {
    outside += 2 * term;
    term *= (count - k) / (k + 1);
  }
  return 1 - outside;
}
