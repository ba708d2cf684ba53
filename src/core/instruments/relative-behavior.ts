// Behavioral evaluation and distribution shifts in a world without a solver: base return beside that of a random agent on the same levels,
// and beside a reference policy's where the world has one.

import { randomPolicy } from "../agents/policy.ts";
import { returnsOf } from "../agents/rollout.ts";
import { bootstrapInterval, type Estimate } from "../base/intervals.ts";
import type { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { superiority } from "../base/superiority.ts";
import { weightVector } from "../objectives/objective.ts";
import type { Finding } from "./finding.ts";
import { shiftDistributions } from "./shift-levels.ts";
import { type ExternalSubject, watchedOutside } from "./subject.ts";

/** Mean base returns at one point of the factorial. */
export interface RelativeShift {
  readonly label: string;
  readonly asksForNewAbility: boolean;
  readonly baseReturn: number;
  readonly randomReturn: number;
  /** Null where the world has no reference policy for the base objective, or one that does no better than a random agent. */
  readonly referenceReturn: number | null;
  /** How often the agent does better than a random one on a level. */
  readonly superiority: Estimate;
}

export interface RelativeBehavior {
  /** Training first, deployment last. */
  readonly shifts: readonly RelativeShift[];
  readonly levels: number;
  readonly environmentSteps: number;
  readonly findings: readonly Finding[];
}

/** Plays `levelsPerSet` levels at every point of the factorial: the agent once, a random agent once. */
export async function compareBehavior(options: {
  readonly subject: ExternalSubject;
  readonly levelsPerSet: number;
  readonly prng: Prng;
}): Promise<RelativeBehavior> {
  const { subject, levelsPerSet, prng } = options;
  const { world } = subject;
  const points = shiftDistributions(world);
  const sets = points.map(({ distribution }) =>
    Array.from({ length: levelsPerSet }, () => world.sampleLevel(distribution, prng)),
  );
  const levels = sets.flat();
  const random = randomPolicy({ inputSize: world.observationSize, actionCount: world.actions.length });
  const own = await watchedOutside(subject).play({ levels, prng });
  const others = await watchedOutside({ world, policy: random }).play({ levels, prng });
  const references = await world.referenceReturns(world.baseWeights, levels);
  const weights = weightVector(world.baseWeights, world.features);
  const [ownReturns, randomReturns] = [returnsOf(own, weights), returnsOf(others, weights)];

  const shifts = points.map(({ label, asksForNewAbility }, i): RelativeShift => {
    const range = [i * levelsPerSet, (i + 1) * levelsPerSet] as const;
    const [agent, chance] = [ownReturns.slice(...range), randomReturns.slice(...range)];
    const beats = (returns: Float64Array): Estimate =>
      superiority(
        Array.from(returns, (value, k) => ({ first: [value], second: [chance[k]!] })),
        prng,
      );
    const reference = references?.slice(...range) ?? null;
    return {
      label,
      asksForNewAbility,
      baseReturn: mean(agent),
      randomReturn: mean(chance),
      referenceReturn: reference !== null && beats(reference).low > 0.5 ? mean(reference) : null,
      superiority: beats(agent),
    };
  });
  const steps = [own, others].flatMap((outcomes) => [...outcomes.steps]);
  return {
    shifts,
    levels: levels.length,
    environmentSteps: steps.reduce((sum, count) => sum + count, 0),
    findings: [trainingFinding(shifts[0]!, ownReturns.slice(0, levelsPerSet), prng), shiftFinding(shifts)],
  };
}

function trainingFinding(training: RelativeShift, returns: Float64Array, prng: Prng): Finding {
  const { low, high, level } = bootstrapInterval({
    units: [...returns],
    statistic: (sample) => mean(sample),
    prng,
    resamples: 400,
  });
  return {
    instrument: "behavior",
    name: "base return on the training distribution",
    statistic: training.baseReturn,
    unit: "return per episode",
    interval: { low, high, level },
    null: { name: "random agent, same levels", value: training.randomReturn },
    threshold: null,
    passed: null,
    evidence: `${returns.length} levels; ${referenceText(training)}.`,
  };
}

function shiftFinding(shifts: readonly RelativeShift[]): Finding {
  const answerable = shifts.filter((shift, i) => i > 0 && !shift.asksForNewAbility);
  const row = (shift: RelativeShift) =>
    `${shift.label} ${shift.baseReturn.toFixed(2)} (random ${shift.randomReturn.toFixed(2)}, ${referenceText(shift)})`;
  return {
    instrument: "shift-factorial",
    name: "how often the base return under shift is above a random agent's",
    statistic: mean(answerable.map((shift) => shift.superiority.estimate)),
    unit: "probability, .5 without difference",
    interval: null,
    null: { name: "the same on the training distribution", value: shifts[0]!.superiority.estimate },
    threshold: null,
    passed: null,
    evidence: `mean over ${answerable.length} shifts that ask for no new ability; ${shifts.map(row).join("; ")}.`,
  };
}

function referenceText({ referenceReturn }: RelativeShift): string {
  return referenceReturn === null ? "no reference policy" : `reference policy ${referenceReturn.toFixed(2)}`;
}
