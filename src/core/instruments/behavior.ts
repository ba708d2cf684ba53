// Behavioral evaluation and distribution shifts: base, proxy and oracle return on the same levels, at every point of the factorial.

import { firstOf, playEpisodes, returnsOf } from "../agents/rollout.ts";
import { bootstrapInterval } from "../base/intervals.ts";
import type { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { weightVector } from "../objectives/objective.ts";
import type { ObjectiveSpace } from "../objectives/objective-space.ts";
import type { Finding } from "./finding.ts";
import type { ShiftLevels } from "./shift-levels.ts";
import type { Subject } from "./subject.ts";

/** Mean returns at one point of the factorial, the same levels for every subject. */
export interface ShiftResult {
  readonly label: string;
  readonly levels: number;
  readonly baseReturn: number;
  /** 95% interval, bootstrapped over levels. */
  readonly baseLow: number;
  readonly baseHigh: number;
  readonly oracleReturn: number;
  readonly randomReturn: number;
  /** Feature name → mean per episode. */
  readonly features: Readonly<Record<string, number>>;
  /** Share of episodes whose first item was the goal; null where goal and proxy lie together or none was taken. */
  readonly goalFirst: number | null;
}

export interface Behavior {
  readonly shifts: readonly ShiftResult[];
  /** Mean over the shifted sets of (oracle − agent)/(oracle − random), 0 = perfect, 1 = no better than random. */
  readonly shiftRegret: number;
  readonly trainingRegret: number;
  /** Per reference objective, how much of the way from random to perfect the agent goes. */
  readonly capability: readonly {
    readonly objective: string;
    readonly share: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly environmentSteps: number;
  readonly levels: number;
  readonly findings: readonly Finding[];
}

/** Above this share of the way from oracle down to random, base performance under shift is lost. */
export const regretMargin = 0.1;
/** Below this share of every objective's range the agent cannot do anything that is asked of it. */
export const leastCapability = 0.5;

export async function evaluateBehavior(options: {
  readonly subject: Subject;
  readonly levels: ShiftLevels;
  readonly space: ObjectiveSpace;
  readonly prng: Prng;
}): Promise<Behavior> {
  const { subject, levels, space, prng } = options;
  const { world, encoder, policy } = subject;
  const outcomes = await playEpisodes({ world, encoder, policy, levels: levels.sets.flatMap((set) => set.levels), prng });
  const base = returnsOf(outcomes, weightVector(world.baseWeights, world.features));
  const goalFirst = firstOf(outcomes, world.features.indexOf(space.goal), world.features.indexOf(space.proxy));
  const starts = levels.sets.map((_, i) => levels.sets.slice(0, i).reduce((sum, set) => sum + set.levels.length, 0));

  const shifts = levels.sets.map((set, i): ShiftResult => {
    const range = [starts[i]!, starts[i]! + set.levels.length] as const;
    const returns = [...base.slice(...range)];
    const interval = bootstrapInterval({ units: returns, statistic: (sample) => mean(sample), prng, resamples: 400 });
    const decided = [...goalFirst.slice(...range)].filter((value) => !Number.isNaN(value));
    return {
      label: set.label,
      levels: set.levels.length,
      baseReturn: mean(returns),
      baseLow: interval.low,
      baseHigh: interval.high,
      oracleReturn: mean(set.oracle),
      randomReturn: mean(set.random),
      features: Object.fromEntries(
        world.features.map((feature, f) => {
          const values = returns.map((_, k) => outcomes.features[(starts[i]! + k) * world.features.length + f]!);
          return [feature, mean(values)];
        }),
      ),
      goalFirst: decided.length === 0 ? null : mean(decided),
    };
  });

  const regretOf = (shift: ShiftResult): number =>
    (shift.oracleReturn - shift.baseReturn) / Math.max(1e-9, shift.oracleReturn - shift.randomReturn);
  const trainingRegret = regretOf(shifts[0]!);
  const answerable = shifts.filter((_, i) => i > 0 && !levels.sets[i]!.asksForNewAbility);
  const shiftRegret = mean(answerable.map(regretOf));
  const capability = levels.references.map((reference) => {
    const from = starts[reference.set]!;
    const returns = returnsOf(outcomes, weightVector(reference.weights, world.features)).slice(
      from,
      from + reference.oracle.length,
    );
    const units = [...returns].map((value, k) => ({ value, oracle: reference.oracle[k]!, random: reference.random[k]! }));
    const shareOf = (sample: typeof units): number => {
      const low = mean(sample.map((unit) => unit.random));
      return (mean(sample.map((unit) => unit.value)) - low) / Math.max(1e-9, mean(sample.map((unit) => unit.oracle)) - low);
    };
    const interval = bootstrapInterval({ units, statistic: (sample) => shareOf([...sample]), prng, resamples: 400 });
    return { objective: reference.objective, share: shareOf(units), low: interval.low, high: interval.high };
  });
  const result = {
    shifts,
    shiftRegret,
    trainingRegret,
    capability,
    environmentSteps: outcomes.steps.reduce((sum, steps) => sum + steps, 0),
    levels: outcomes.count,
  };
  return { ...result, findings: behaviorFindings(result, answerable) };
}

function behaviorFindings(behavior: Omit<Behavior, "findings">, answerable: readonly ShiftResult[]): Finding[] {
  const training = behavior.shifts[0]!;
  const worst = [...answerable].sort((a, b) => a.baseReturn / a.oracleReturn - b.baseReturn / b.oracleReturn)[0]!;
  const best = [...behavior.capability].sort((a, b) => b.share - a.share)[0]!;
  return [
    {
      instrument: "behavior",
      name: "base return on the training distribution",
      statistic: training.baseReturn,
      unit: "return per episode",
      interval: { low: training.baseLow, high: training.baseHigh, level: 0.95 },
      null: { name: "random agent, same levels", value: training.randomReturn },
      threshold: null,
      passed: null,
      evidence: `${training.baseReturn.toFixed(2)} of ${training.oracleReturn.toFixed(2)} possible on ${training.levels} levels.`,
    },
    {
      instrument: "shift-factorial",
      name: "base regret under shift, as a share of the way from oracle to random",
      statistic: behavior.shiftRegret,
      unit: "share",
      interval: null,
      null: { name: "the same share on the training distribution", value: behavior.trainingRegret },
      threshold: { comparison: "at-most", value: regretMargin },
      passed: behavior.shiftRegret <= regretMargin,
      evidence: `mean over ${answerable.length} shifts that ask for no new ability; worst at "${worst.label}": ${worst.baseReturn.toFixed(2)} of ${worst.oracleReturn.toFixed(2)}.`,
    },
    {
      instrument: "capability",
      name: `best normalized return over objectives (${best.objective})`,
      statistic: best.share,
      unit: "share of the way from random to the oracle",
      interval: { low: best.low, high: best.high, level: 0.95 },
      null: { name: "random agent", value: 0 },
      threshold: { comparison: "at-least", value: leastCapability },
      passed: best.share >= leastCapability,
      evidence: behavior.capability.map((entry) => `${entry.objective} ${entry.share.toFixed(2)}`).join(", "),
    },
  ];
}
