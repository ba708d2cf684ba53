// The levels on which behavior is measured: the training distribution, every shift axis alone, and pairs of axes. Made and solved once.

import { randomPolicy } from "../agents/policy.ts";
import { playEpisodes, returnsOf } from "../agents/rollout.ts";
import type { Prng } from "../base/prng.ts";
import { HorizonBuffers, optimalReturn } from "../objectives/finite-horizon.ts";
import { weightVector } from "../objectives/objective.ts";
import type { ObjectiveSpace } from "../objectives/objective-space.ts";
import type { CollectionWorld } from "../worlds/grid/collection.ts";
import type { Encoder, FeatureWeights, LevelDistribution, ShiftAxis, ShiftPoint, WorldOutline } from "../worlds/world.ts";

/** Levels of one distribution. All arrays are per level. */
export interface ShiftSet<Level = unknown> {
  /** `training`, `apart`, `apart + lamp=deployment`, `deployment`. */
  readonly label: string;
  readonly levels: readonly Level[];
  /** Whether failing here shows no aim (see `ShiftAxis`). */
  readonly asksForNewAbility: boolean;
  /** Best base return. */
  readonly oracle: Float64Array;
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
  readonly world: CollectionWorld;
  readonly encoder: Encoder<unknown>;
  readonly space: ObjectiveSpace;
  readonly levelsPerSet: number;
  readonly prng: Prng;
}

export async function createShiftLevels(options: ShiftLevelsOptions): Promise<ShiftLevels> {
  const { world, encoder, space, levelsPerSet, prng } = options;
  const buffers = new HorizonBuffers();
  const oracleOf = (levels: readonly unknown[], weights: FeatureWeights): Float64Array =>
    Float64Array.from(levels, (level) => optimalReturn(world.collection(level), { weights, buffers }));
  const distributions = shiftDistributions(world);
  const drawn = distributions.map(({ label, distribution, asksForNewAbility }) => {
    const levels = Array.from({ length: levelsPerSet }, () => world.sampleLevel(distribution, prng));
    return { label, levels, asksForNewAbility };
  });
  const shape = { inputSize: encoder.size, actionCount: world.actions.length };
  const outcomes = await playEpisodes({
    world,
    encoder,
    policy: randomPolicy(shape),
    levels: drawn.flatMap(({ levels }) => levels),
    prng,
  });
  const randomReturns = (weights: FeatureWeights, set: number): Float64Array =>
    returnsOf(outcomes, weightVector(weights, world.features)).slice(set * levelsPerSet, (set + 1) * levelsPerSet);
  const sets = drawn.map(({ label, levels, asksForNewAbility }, i) => ({
    label,
    levels,
    asksForNewAbility,
    oracle: oracleOf(levels, world.baseWeights),
    random: randomReturns(world.baseWeights, i),
  }));
  const apart = distributions.findIndex(({ isSeparating }) => isSeparating);
  const references = [
    { objective: space.goal, weights: { [space.goal]: 1 } },
    { objective: space.proxy, weights: { [space.proxy]: 1 } },
    { objective: `${space.goal} and ${space.proxy}`, weights: { [space.goal]: 1, [space.proxy]: 1 } },
  ].map(({ objective, weights }) => ({
    objective,
    weights,
    set: apart,
    oracle: oracleOf(sets[apart]!.levels, weights),
    random: randomReturns(weights, apart),
  }));
  return { sets, separatingSet: apart, references, intended: null };
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
