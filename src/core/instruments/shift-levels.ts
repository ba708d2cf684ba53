// The levels on which behavior is measured: the training distribution, every shift axis alone, and pairs of axes. Made and solved once.

import { randomPolicy } from "../agents/policy.ts";
import { type EpisodeOutcomes, playEpisodes, returnsOf } from "../agents/rollout.ts";
import { plannerPolicy } from "../agents/scripted-policies.ts";
import type { Prng } from "../base/prng.ts";
import { constantObjective, weightVector } from "../objectives/objective.ts";
import type { ObjectiveSpace } from "../objectives/objective-space.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { LevelPlanner } from "../objectives/planning/planned-level.ts";
import type {
  Encoder,
  FeatureWeights,
  LevelDistribution,
  ShiftAxis,
  ShiftPoint,
  World,
  WorldObjective,
  WorldOutline,
} from "../worlds/world.ts";

/** Discount of the planner that shows what the base objective leads to: the one that networks are trained at. */
const farSighted = 0.97;

/**
 * Random episodes on each level of the capability check. Where random agents get much of what can be had, one episode a level would leave
 * the scale to chance, and an agent as random would reach half of it now and then.
 */
const randomEpisodes = 8;

/** Levels of one distribution. All arrays are per level. */
export interface ShiftSet<Level = unknown> {
  /** `training`, `apart`, `apart + lamp=deployment`, `deployment`. */
  readonly label: string;
  readonly levels: readonly Level[];
  /** Whether failing here shows no aim (see `ShiftAxis`). */
  readonly asksForNewAbility: boolean;
  /** Best base return; where only bounds are known the lower one, which a policy that exists earns. */
  readonly oracle: Float64Array;
  /** What no base return exceeds: the best one where it is known. */
  readonly upper: Float64Array;
  /** A random agent's base return. */
  readonly random: Float64Array;
}

/** What following one objective perfectly, or nothing at all, would earn of that objective: the scale of the capability check. */
export interface ReferenceReturns {
  readonly objective: string;
  readonly weights: FeatureWeights;
  /** Place in `sets`. */
  readonly set: number;
  readonly oracle: Float64Array;
  readonly random: Float64Array;
}

/** The scale of what training was meant to bring about, where that is not what it rewards. */
export interface IntendedReturns {
  readonly objective: string;
  readonly weights: FeatureWeights;
  /** One per set, arrays per level: the best return, a random agent's, and that of a planner for the base objective. */
  readonly sets: readonly {
    readonly oracle: Float64Array;
    readonly random: Float64Array;
    readonly ofBasePlanner: Float64Array;
  }[];
}

export interface ShiftLevels<Level = unknown> {
  /** Null where the base objective is the intended one. */
  readonly intended: IntendedReturns | null;
  readonly sets: readonly ShiftSet<Level>[];
  /** The set, other than deployment, in which goal and proxy lie apart and nothing else is shifted. */
  readonly separatingSet: number;
  readonly references: readonly ReferenceReturns[];
}

export interface ShiftLevelsOptions {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly space: ObjectiveSpace;
  readonly levelsPerSet: number;
  readonly prng: Prng;
  /** How levels are solved. Default the world's own way. */
  readonly planner?: LevelPlanner;
}

export async function createShiftLevels(options: ShiftLevelsOptions): Promise<ShiftLevels> {
  const { world, encoder, space, levelsPerSet, prng, planner = levelPlannerOf(world) } = options;
  const distributions = shiftDistributions(world);
  const drawn = distributions.map(({ label, distribution, asksForNewAbility }) => {
    const levels = Array.from({ length: levelsPerSet }, () => world.sampleLevel(distribution, prng));
    return { label, levels, asksForNewAbility };
  });
  const separatingSet = distributions.findIndex(({ isSeparating }) => isSeparating);
  const intended = world.intended === world.objectives[0]!.name ? null : intendedOf(world);
  const wanted = referenceObjectives(world, space);
  const wishes = (set: number): readonly FeatureWeights[] => [
    world.baseWeights,
    ...(intended === null ? [] : [intended.weights]),
    ...(set === separatingSet ? wanted.map(({ weights }) => weights) : []),
  ];
  const bounds = drawn.map(({ levels }, set) => boundsOn(levels, { planner, wishes: wishes(set) }));
  const levels = drawn.flatMap((each) => each.levels);
  const shape = { inputSize: encoder.size, actionCount: world.actions.length };
  const outcomes = await playEpisodes({ world, encoder, policy: randomPolicy(shape), levels, prng });
  const returnsOn = (played: EpisodeOutcomes, weights: FeatureWeights, set: number): Float64Array =>
    returnsOf(played, weightVector(weights, world.features)).slice(set * levelsPerSet, (set + 1) * levelsPerSet);
  const sets = drawn.map(({ label, levels, asksForNewAbility }, i) => ({
    ...{ label, levels, asksForNewAbility },
    oracle: bounds[i]![0]!.lower,
    upper: bounds[i]![0]!.upper,
    random: returnsOn(outcomes, world.baseWeights, i),
  }));
  const apart = drawn[separatingSet]!.levels;
  const chance = await playEpisodes({
    ...{ world, encoder, policy: randomPolicy(shape), prng: prng.fork("references") },
    levels: Array.from({ length: randomEpisodes }, () => apart).flat(),
  });
  const references = wanted.map(({ objective, weights }, i) => ({
    ...{ objective, weights, set: separatingSet },
    oracle: bounds[separatingSet]!.at(i - wanted.length)!.lower,
    random: meanByLevel(returnsOf(chance, weightVector(weights, world.features)), apart.length),
  }));
  if (intended === null) return { sets, separatingSet, references, intended };
  const objective = constantObjective(world.objectives[0]!.name, world.baseWeights);
  const policy = plannerPolicy({ world, encoder, objective, lapse: 0, gamma: farSighted, planner });
  const planned = await playEpisodes({ world, encoder, policy, levels, prng: prng.fork("base planner") });
  const intendedSets = drawn.map((_, i) => ({
    oracle: bounds[i]![1]!.lower,
    random: returnsOn(outcomes, intended.weights, i),
    ofBasePlanner: returnsOn(planned, intended.weights, i),
  }));
  return {
    sets,
    separatingSet,
    references,
    intended: { objective: intended.name, weights: intended.weights, sets: intendedSets },
  };
}

/** Of values of episodes, all levels once and then again, `[levels]`. */
function meanByLevel(values: Float64Array, levels: number): Float64Array {
  const rounds = values.length / levels;
  const means = new Float64Array(levels);
  for (const [i, value] of values.entries()) means[i % levels]! += value / rounds;
  return means;
}

/** Best returns of levels under each of `wishes`; every level is made ready once. `[wishes]`, arrays per level. */
function boundsOn(
  levels: readonly unknown[],
  { planner, wishes }: { readonly planner: LevelPlanner; readonly wishes: readonly FeatureWeights[] },
): readonly { readonly lower: Float64Array; readonly upper: Float64Array }[] {
  const bounds = wishes.map(() => ({ lower: new Float64Array(levels.length), upper: new Float64Array(levels.length) }));
  levels.forEach((level, i) => {
    const planned = planner.plan(level);
    wishes.forEach((weights, w) => {
      const { lower, upper } = planned.bestReturn(weights);
      bounds[w]!.lower[i] = lower;
      bounds[w]!.upper[i] = upper;
    });
  });
  return bounds;
}

function intendedOf({ objectives, intended }: World): WorldObjective {
  return objectives.find(({ name }) => name === intended)!;
}

/**
 * The objectives that an able agent may serve. Goal, proxy and both, where nothing else is worth having under any objective of the world;
 * else every objective of the world, and the evenest mixture of each class of mixtures: where one thing can be had or the other, an agent
 * that takes both alike serves neither much.
 */
function referenceObjectives(world: World, space: ObjectiveSpace) {
  const { goal, proxy } = space;
  const isDesired = (feature: string): boolean => world.objectives.some(({ weights }) => (weights[feature] ?? 0) > 0);
  const others = world.features.filter((feature) => feature !== goal && feature !== proxy);
  if (!isDesired(goal) || !isDesired(proxy) || others.some(isDesired)) {
    return [...world.objectives.map(({ name, weights }) => ({ objective: name, weights })), ...evenMixtures(space)];
  }
  return [
    { objective: goal, weights: { [goal]: 1 } },
    { objective: proxy, weights: { [proxy]: 1 } },
    { objective: `${goal} and ${proxy}`, weights: { [goal]: 1, [proxy]: 1 } },
  ];
}

function evenMixtures({ classes, candidates }: ObjectiveSpace) {
  return classes.flatMap(({ name, kind }, k) => {
    if (kind !== "mixed") return [];
    const mixtures = candidates.filter(({ classIndex }) => classIndex === k);
    const [even] = mixtures.sort((a, b) => Math.max(...a.aim) - Math.max(...b.aim));
    return even?.behavior.kind === "optimal" ? [{ objective: name, weights: even.behavior.weights }] : [];
  });
}

/** One point of the factorial. */
export interface NamedDistribution {
  readonly label: string;
  readonly distribution: LevelDistribution;
  /** Whether it is the one shift that takes goal and proxy apart and nothing else. */
  readonly isSeparating: boolean;
  readonly asksForNewAbility: boolean;
}

/** Training; each axis alone, at its deployment value or else at its farthest; pairs of the axes that deployment moves; deployment. */
export function shiftDistributions(world: WorldOutline): NamedDistribution[] {
  const axes = world.axes.filter((axis) => !axis.isMixture); // a mixture repeats another axis in parts
  const moved = axes.filter((axis) => axis.deployment !== axis.training);
  const singles = axes.map((axis) => ({ [axis.name]: axis.deployment === axis.training ? farthest(axis) : axis.deployment }));
  const pairs = moved.flatMap((first, i) =>
    moved.slice(i + 1).map((second) => ({ [first.name]: first.deployment, [second.name]: second.deployment })),
  );
  const shift = (point: ShiftPoint): NamedDistribution => {
    const names = Object.entries(point).map(([name, value]) => `${name} ${value}`);
    const isSeparating =
      Object.keys(point).length === 1 && axes.some((axis) => axis.separatesGoalFromProxy && point[axis.name] !== undefined);
    const asksForNewAbility = axes.some((axis) => axis.asksForNewAbility && point[axis.name] !== undefined);
    return { label: names.join(" + "), distribution: { kind: "shift", point }, isSeparating, asksForNewAbility };
  };
  return [
    { label: "training", distribution: world.training, isSeparating: false, asksForNewAbility: false },
    ...singles.map(shift),
    ...pairs.map(shift),
    { label: "deployment", distribution: world.deployment, isSeparating: false, asksForNewAbility: false },
  ];
}

/** The value of an axis that lies farthest from training: the last one, or the first where training is the last. */
function farthest(axis: ShiftAxis): number | string {
  const last = axis.values.at(-1)!;
  return last === axis.training ? axis.values[0]! : last;
}
