// Regret: how much of the way from the best possible return down to a random agent's is lost, in training and under shift.

import { bootstrapInterval, type Interval } from "../base/intervals.ts";
import type { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";

const resamples = 400;
const level = 0.95;

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
  /** 95%, bootstrapped over levels, as all intervals here. */
  readonly trainingRegretInterval: Interval;
  /** Mean over the shifted sets that ask for no new ability. */
  readonly shiftRegret: number;
  readonly shiftRegretInterval: Interval;
  /**
   * The one of these sets with the largest regret, and the lower end of its interval at level 1 − .05/k for k sets (Bonferroni: it is the
   * worst of k).
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
  const intervalOn = (set: ScoredSet, label: string, atLevel: number): Interval =>
    interval(
      bootstrapInterval({
        units: everyLevel,
        statistic: (places) => regretOn(set, places),
        prng: prng.fork(label),
        resamples,
        level: atLevel,
      }),
    );
  return {
    trainingRegret: regretOn(sets[0]!, everyLevel),
    trainingRegretInterval: intervalOn(sets[0]!, "training", level),
    shiftRegret: mean(regrets),
    shiftRegretInterval: interval(shift),
    worstShift: { label: worst.label, regret, low: intervalOn(worst, "worst", 1 - (1 - level) / answerable.length).low },
  };
}

const interval = ({ low, high, level: nominal }: Interval): Interval => ({ low, high, level: nominal });

function regretOn({ returns, oracle, random }: ScoredSet, places: readonly number[]): number {
  const meanOf = (values: ArrayLike<number>): number => mean(places.map((k) => values[k]!));
  const best = meanOf(oracle);
  return (best - meanOf(returns)) / Math.max(1e-9, best - meanOf(random));
}
