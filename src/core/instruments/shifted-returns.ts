// Mean returns on levels shifted to given points, by every objective of the world: how far a policy serves each, away from training.

import { type EpisodeOutcomes, returnsOf } from "../agents/rollout.ts";
import { pairedDifference } from "../base/intervals.ts";
import { Prng } from "../base/prng.ts";
import { weightVector } from "../objectives/objective.ts";
import type { ShiftPoint, World } from "../worlds/world.ts";
import type { Watched } from "./subject.ts";

/** Episodes side by side: more would only take memory. */
const mostEpisodes = 512;

/** A mean per episode with its 95% interval over levels. */
export interface MeanEstimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface ShiftedReturns {
  readonly point: ShiftPoint;
  /** By objective of the world; undiscounted, also where the objective discounts. */
  readonly returns: Readonly<Record<string, MeanEstimate>>;
  /** By feature of the world. */
  readonly features: Readonly<Record<string, MeanEstimate>>;
}

export interface ShiftedReturnsOptions {
  readonly world: Pick<World, "objectives">;
  readonly subject: Watched;
  readonly points: readonly ShiftPoint[];
  /** At each point, at least 2. */
  readonly levels: number;
  readonly seed: number;
  /** Called between groups of episodes, `share` from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Plays one episode on each level, actions sampled. A point's levels are drawn from the seed and the point alone: they are the same for
 * every policy, and whatever other points are asked for. Intervals are Student's t over levels. Throws `usage` for an axis or value that
 * the world does not have, `invalid-data` for fewer than two levels.
 */
export async function measureShiftedReturns(options: ShiftedReturnsOptions): Promise<readonly ShiftedReturns[]> {
  const { points, levels, onProgress } = options;
  const measured: ShiftedReturns[] = [];
  for (const [index, point] of points.entries()) {
    const playing = (done: number) => onProgress?.((index + done / levels) / points.length);
    measured.push(await measurePoint(point, { ...options, onProgress: playing }));
  }
  onProgress?.(1);
  return measured;
}

async function measurePoint(point: ShiftPoint, options: ShiftedReturnsOptions): Promise<ShiftedReturns> {
  const { world, subject, levels, seed, onProgress } = options;
  const { features } = subject.world;
  const prng = Prng.fromSeed(seed).fork(nameOf(point));
  const [levelPrng, playPrng] = [prng.fork("levels"), prng.fork("episodes")];
  const returns = world.objectives.map(() => new Float64Array(levels));
  const sums = features.map(() => new Float64Array(levels));
  for (let first = 0; first < levels; first += mostEpisodes) {
    onProgress?.(first);
    const count = Math.min(mostEpisodes, levels - first);
    const drawn = Array.from({ length: count }, () => subject.world.sampleLevel({ kind: "shift", point }, levelPrng));
    const outcomes: EpisodeOutcomes = await subject.play({ levels: drawn, prng: playPrng });
    for (const [o, { weights }] of world.objectives.entries())
      returns[o]!.set(returnsOf(outcomes, weightVector(weights, features)), first);
    for (const f of features.keys())
      for (let i = 0; i < count; i++) sums[f]![first + i] = outcomes.features[i * features.length + f]!;
  }
  return {
    point,
    returns: Object.fromEntries(world.objectives.map(({ name }, o) => [name, meanOf(returns[o]!)])),
    features: Object.fromEntries(features.map((name, f) => [name, meanOf(sums[f]!)])),
  };
}

/** The same for the same point, in whatever order its axes are named. */
function nameOf(point: ShiftPoint): string {
  return JSON.stringify(Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function meanOf(values: Float64Array): MeanEstimate {
  const { difference, low, high } = pairedDifference({ first: values, second: new Float64Array(values.length) });
  return { mean: difference, low, high };
}
