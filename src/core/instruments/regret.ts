// Regret: how much of the way from the best possible return down to a random agent's is lost, in training and under shift.

import { bootstrapInterval, type Interval, ratioOfMeans } from "../base/intervals.ts";
import type { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";

const resamples = 400;
const level = 0.95;
/** Ranges from random to oracle are taken for no smaller than this. */
const leastRange = 1e-9;

/** Returns on the levels of one distribution under one objective, all per level. */
export interface ScoredSet {
  readonly label: string;
  readonly asksForNewAbility: boolean;
  readonly returns: ArrayLike<number>;
  readonly oracle: ArrayLike<number>;
  readonly random: ArrayLike<number>;
}

/** Regrets as shares: 0 perfect, 1 no better than random. */
export interface Regrets {
  readonly trainingRegret: number;
  /** 95%, percentiles of a bootstrap over levels, as the other intervals here. */
  readonly trainingRegretInterval: Interval;
  /** Mean over the shifted sets that ask for no new ability. */
  readonly shiftRegret: number;
  readonly shiftRegretInterval: Interval;
  /**
   * The one of these sets with the largest regret, and the lower end of its t interval over levels at level 1 − .05/k for k sets
   * (Bonferroni: it is the worst of k, and a bootstrap of some 40 levels has no quantiles that far out).
   */
  readonly worstShift: { readonly label: string; readonly regret: number; readonly low: number };
}

/** Regrets over `sets`, training first; each has the same number of levels, at least two. */
export function regretsOf(sets: readonly ScoredSet[], prng: Prng): Regrets {
  const answerable = sets.filter((set, i) => i > 0 && !set.asksForNewAbility);
  const everyLevel = Array.from(sets[0]!.returns, (_, k) => k);
  const regrets = answerable.map((set) => regretOn(set, everyLevel));
  const regret = Math.max(...regrets);
  const worst = answerable[regrets.indexOf(regret)]!;
  const shift = bootstrapInterval({
    ...{ units: everyLevel, prng, resamples },
    statistic: (places) => mean(answerable.map((set) => regretOn(set, places))),
  });
  const training = bootstrapInterval({
    ...{ units: everyLevel, prng: prng.fork("training"), resamples },
    statistic: (places) => regretOn(sets[0]!, places),
  });
  return {
    trainingRegret: regretOn(sets[0]!, everyLevel),
    trainingRegretInterval: interval(training),
    shiftRegret: mean(regrets),
    shiftRegretInterval: interval(shift),
    worstShift: { label: worst.label, regret, low: lowEnd(worst, 1 - (1 - level) / answerable.length) },
  };
}

const interval = ({ low, high, level: nominal }: Interval): Interval => ({ low, high, level: nominal });

/** The lower end of the t interval of a set's regret; the regret itself where a random agent is as good as the oracle, and there is nothing to lose. */
function lowEnd({ returns, oracle, random }: ScoredSet, atLevel: number): number {
  const lost = Float64Array.from(oracle, (best, k) => best - returns[k]!);
  const range = Float64Array.from(oracle, (best, k) => best - random[k]!);
  const pairs = { first: lost, second: range };
  return mean(range) < leastRange ? mean(lost) / leastRange : ratioOfMeans(pairs, atLevel).low;
}

function regretOn({ returns, oracle, random }: ScoredSet, places: readonly number[]): number {
  const meanOf = (values: ArrayLike<number>): number => mean(places.map((k) => values[k]!));
  const best = meanOf(oracle);
  return (best - meanOf(returns)) / Math.max(leastRange, best - meanOf(random));
}
