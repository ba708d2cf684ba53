// The probability of superiority: how often one thing does better than another, on a scale that needs no units and no best possible value.

import { bootstrapInterval, type Estimate } from "./intervals.ts";
import type { Prng } from "./prng.ts";
import { mean, requireFinite } from "./statistics.ts";

/** What two things got on one level, in as many trials as there are. */
export interface LevelScores {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/**
 * P(first > second) + P(first = second)/2 within levels, averaged over levels; .5 where neither does better, 1 where the first always
 * does. The effect size A of Vargha & Delaney 2000, "A critique and improvement of the CL common language effect size", paired by level,
 * with a 95% interval bootstrapped over levels. Throws `invalid-data` on fewer than two levels, no trials or a score that is not finite.
 */
export function superiority(levels: readonly LevelScores[], prng: Prng): Estimate {
  const units = levels.map(({ first, second }) => {
    requireFinite(first, "scores of a level");
    requireFinite(second, "scores of a level");
    let wins = 0;
    for (let i = 0; i < first.length; i++) {
      for (let j = 0; j < second.length; j++) wins += first[i]! > second[j]! ? 1 : first[i]! === second[j]! ? 0.5 : 0;
    }
    return wins / (first.length * second.length);
  });
  return bootstrapInterval({ units, statistic: (sample) => mean(sample), prng, resamples: 400 });
}
