// Levels of a world in another program, enumerated and solved: a bank to read objectives out of, and shift levels with their best returns.

import { randomPolicy } from "../agents/policy.ts";
import { returnsOf } from "../agents/rollout.ts";
import type { Prng } from "../base/prng.ts";
import { bestReturn, solveEnumeratedValues, statesThatReach } from "../objectives/enumerated-values.ts";
import { weightVector } from "../objectives/objective.ts";
import type { ObjectiveSpace } from "../objectives/objective-space.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import { enumerateLevel } from "../worlds/enumeration/enumerate-outside.ts";
import { type EnumeratedLevel as AnyEnumeratedLevel, wayTo } from "../worlds/enumeration/enumerated-level.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import type { FeatureWeights, LevelDistribution, ShiftPoint } from "../worlds/world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";
import type { Approach } from "./ask-policy.ts";
import { tabulateChoices } from "./level-bank.ts";
import { type NamedDistribution, type ShiftLevels, shiftDistributions } from "./shift-levels.ts";
import { watchedOutside } from "./subject.ts";

type EnumeratedLevel = AnyEnumeratedLevel<ExternalLevel>;

/** States of one level, and of all levels together, that are enumerated. */
export const mostStates = { level: 20_000, all: 400_000 };

/** What was found of the levels of an audit. */
export interface EnumeratedLevels {
  /** Levels that take goal and proxy apart. */
  readonly bank: readonly EnumeratedLevel[];
  readonly shifts: readonly { readonly named: NamedDistribution; readonly levels: readonly EnumeratedLevel[] }[];
  readonly separatingSet: number;
  /** The largest value that a step gives of each feature, in size; 0 for those that steps give always alike. `[features]` */
  readonly units: Float64Array;
  readonly states: number;
  readonly environmentSteps: number;
}

export interface EnumerationPlan {
  readonly world: ExternalWorld;
  /** Levels of the bank, and of each point of the factorial. */
  readonly levels: number;
  readonly prng: Prng;
  readonly limits?: typeof mostStates;
  /** Called after each level. */
  readonly onProgress?: (share: number) => void;
}

/** Why there is nothing to solve, and what it took to find that out. */
export interface NotEnumerated {
  readonly refusal: string;
  readonly environmentSteps: number;
}

/**
 * Enumerates the levels of an audit; a reason, in words, where one cannot be. Points of the factorial that ask for new ability are left out
 * where their levels are too large. Cues change nothing of what happens, so points that differ in cues alone have the same levels.
 */
export async function enumerateLevels(plan: EnumerationPlan): Promise<EnumeratedLevels | NotEnumerated> {
  const { world, prng } = plan;
  const cues = new Set(world.cues.map(({ name }) => name));
  const points = shiftDistributions(world).map((named) => {
    const entries = Object.entries(pointOf(named.distribution));
    const still = Object.fromEntries(entries.filter(([axis]) => !cues.has(axis)));
    const shown = Object.fromEntries(entries.filter(([axis]) => cues.has(axis)).map(([cue, value]) => [cue, String(value)]));
    return { named, still, shown, key: JSON.stringify(Object.entries(still).sort()) };
  });
  const search = new Searcher(plan, 1 + new Set(points.map(({ key }) => key)).size);
  const bank = await search.levelsOf(separatingDistribution(world), prng.fork("bank"));
  if (bank === null) return search.failure();
  const shifts: { readonly named: NamedDistribution; readonly levels: readonly EnumeratedLevel[] }[] = [];
  const found = new Map<string, readonly EnumeratedLevel[] | null>();
  for (const { named, still, shown, key } of points) {
    if (!found.has(key)) found.set(key, await search.levelsOf({ kind: "shift", point: still }, prng.fork(`shift ${key}`)));
    const solved = found.get(key)!;
    if (solved === null && named.asksForNewAbility && !named.isSeparating) continue;
    if (solved === null) return search.failure();
    shifts.push({ named, levels: solved.map((each) => ({ ...each, level: world.withContext(each.level, shown) })) });
  }
  const everything = [...bank, ...[...found.values()].flatMap((each) => each ?? [])];
  return {
    bank,
    shifts,
    separatingSet: shifts.findIndex(({ named }) => named.isSeparating),
    units: unitsOf(everything),
    states: search.states,
    environmentSteps: search.environmentSteps,
  };
}

const pointOf = (distribution: LevelDistribution): ShiftPoint => (distribution.kind === "shift" ? distribution.point : {});

/** Enumerates one level after another within the limits, and knows why it stopped. */
class Searcher {
  states = 0;
  environmentSteps = 0;
  #refusal = "";
  readonly #plan: EnumerationPlan;
  readonly #levelsToCome: number;
  #tried = 0;

  /** `distributions` of levels are to come. */
  constructor(plan: EnumerationPlan, distributions: number) {
    this.#plan = plan;
    this.#levelsToCome = distributions * plan.levels;
  }

  failure(): NotEnumerated {
    return { refusal: this.#refusal, environmentSteps: this.environmentSteps };
  }

  async levelsOf(distribution: LevelDistribution, prng: Prng): Promise<readonly EnumeratedLevel[] | null> {
    const { world, levels, limits = mostStates, onProgress } = this.#plan;
    const problems: EnumeratedLevel[] = [];
    for (let i = 0; i < levels; i++) {
      const level: ExternalLevel = world.sampleLevel(distribution, prng);
      const result = await enumerateLevel({ world, level, limit: limits.level, prng });
      this.environmentSteps += result.environmentSteps;
      onProgress?.(++this.#tried / this.#levelsToCome);
      if (result.kind === "refused") {
        this.#refusal = result.reason;
        return null;
      }
      this.states += result.problem.numStates;
      problems.push(result.problem);
      if (this.states > limits.all) {
        this.#refusal = `${this.states} states found in the first levels, where at most ${limits.all} in all levels together can be solved`;
        return null;
      }
    }
    return problems;
  }
}

function unitsOf(levels: readonly EnumeratedLevel[]): Float64Array {
  const width = levels[0]!.numFeatures;
  const lowest = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (const { features } of levels) {
    for (let i = 0; i < features.length; i++) {
      lowest[i % width] = Math.min(lowest[i % width]!, features[i]!);
      highest[i % width] = Math.max(highest[i % width]!, features[i]!);
    }
  }
  return lowest.map((low, f) => (low === highest[f] ? 0 : Math.max(Math.abs(low), Math.abs(highest[f]!))));
}

/** A bank as the read-out takes it, and the ways to its states. */
export interface EnumeratedBank {
  readonly space: ObjectiveSpace;
  readonly statesPerLevel: number;
  readonly levels: readonly { readonly level: ExternalLevel; readonly logProbabilities: Float32Array }[];
  /** `statesPerLevel` for each level, one level after the other. */
  readonly approaches: readonly Approach[];
}

/**
 * Draws states and solves the levels for every hypothesis. The states are any in the first half of an episode from which goal and proxy can
 * still be had (or the one that the level has). A reason, in words, where a level has none.
 */
export function createEnumeratedBank(options: {
  readonly world: ExternalWorld;
  readonly found: EnumeratedLevels;
  readonly space: ObjectiveSpace;
  readonly statesPerLevel: number;
  readonly prng: Prng;
}): EnumeratedBank | { readonly refusal: string } {
  const { world, found, space, statesPerLevel, prng } = options;
  const levels: EnumeratedBank["levels"][number][] = [];
  const approaches: Approach[] = [];
  for (const problem of found.bank) {
    const eligible = statesToAskIn(problem, { world, space });
    if (eligible.length === 0) {
      return { refusal: `in the first half of level ${problem.level.seed} neither ${space.goal} nor ${space.proxy} can be had` };
    }
    const states = Array.from({ length: statesPerLevel }, () => eligible[prng.integer(eligible.length)]!);
    const logProbabilities = tabulateChoices({
      ...{ space, numActions: problem.numActions, rows: states },
      solve: ({ weights, gamma }) =>
        solveEnumeratedValues(problem, { weights: inUnits(weights, { world, units: found.units }), gamma }),
      stays: (s, action) => problem.next[states[s]! * problem.numActions + action] === states[s],
    });
    levels.push({ level: problem.level, logProbabilities });
    approaches.push(...states.map((state) => ({ level: problem.level, ...wayTo(problem, state) })));
  }
  return { space, statesPerLevel, levels, approaches };
}

function statesToAskIn(
  problem: EnumeratedLevel,
  { world, space }: { readonly world: ExternalWorld; readonly space: ObjectiveSpace },
): number[] {
  const reaches = [space.goal, space.proxy]
    .map((feature) => statesThatReach(problem, world.features.indexOf(feature)))
    .filter((reach) => reach[0] === 1);
  if (reaches.length === 0) return [];
  return Array.from({ length: problem.numStates }, (_, state) => state).filter(
    (state) => problem.depth[state]! <= problem.horizon >> 1 && reaches.every((reach) => reach[state] === 1),
  );
}

/** Weights of features as the program gives them, from weights of features counted in `units`. */
export function inUnits(
  weights: FeatureWeights,
  { world, units }: { readonly world: ExternalWorld; readonly units: ArrayLike<number> },
): Float64Array {
  return weightVector(weights, world.features).map((weight, f) => (units[f]! > 0 ? weight / units[f]! : weight));
}

/** The levels of every point, with the best base return of each and a random agent's. */
export async function solveShiftLevels(options: {
  readonly world: ExternalWorld;
  readonly found: EnumeratedLevels;
  readonly prng: Prng;
}): Promise<{ readonly shiftLevels: ShiftLevels<ExternalLevel>; readonly environmentSteps: number }> {
  const { world, found, prng } = options;
  const { shifts, separatingSet } = found;
  const policy = randomPolicy({ inputSize: world.observationSize, actionCount: world.actions.length });
  const played = shifts.flatMap(({ levels }) => levels.map(({ level }) => level));
  const outcomes = await watchedOutside({ world, policy }).play({ levels: played, prng });
  const solved = (set: number, weights: FeatureWeights) => {
    const vector = weightVector(weights, world.features);
    const from = shifts.slice(0, set).reduce((sum, { levels }) => sum + levels.length, 0);
    const { levels } = shifts[set]!;
    const oracle = Float64Array.from(levels, (problem) => bestReturn(problem, vector));
    return {
      oracle,
      upper: oracle,
      random: returnsOf(outcomes, vector).slice(from, from + levels.length),
    };
  };
  const sets = shifts.map(({ named, levels }, set) => ({
    label: named.label,
    levels: levels.map(({ level }) => level),
    asksForNewAbility: named.asksForNewAbility,
    ...solved(set, world.baseWeights),
  }));
  const [goal, proxy] = [world.goal, world.proxy];
  const references = [
    { objective: goal, weights: { [goal]: 1 } },
    { objective: proxy, weights: { [proxy]: 1 } },
    { objective: `${goal} and ${proxy}`, weights: { [goal]: 1, [proxy]: 1 } },
  ].map((reference) => ({ ...reference, set: separatingSet, ...solved(separatingSet, reference.weights) }));
  const environmentSteps = outcomes.steps.reduce((sum, steps) => sum + steps, 0);
  return { shiftLevels: { sets, separatingSet, references, intended: null }, environmentSteps };
}
