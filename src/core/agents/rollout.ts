// Episodes of a policy on given levels: one episode a level, all levels side by side.

import type { Prng } from "../base/prng.ts";
import type { Batch, Encoder, World } from "../worlds/world.ts";
import type { Policy, PolicyStep, Situation } from "./policy.ts";

export interface RolloutOptions<Level> {
  readonly world: World<Level>;
  readonly encoder: Encoder<Level>;
  readonly policy: Policy;
  readonly levels: readonly Level[];
  readonly prng: Prng;
  /** Called before each joint step with the environments that still run, for recording. */
  readonly onStep?: (step: RolloutStep<Level>) => void;
}

export interface RolloutStep<Level> {
  readonly batch: Batch<Level>;
  readonly time: number;
  /** 1 where the episode still runs, `[levels]`. */
  readonly running: Uint8Array;
  /** The actions about to be taken, `[levels]`. */
  readonly actions: Int32Array;
  /** Their distribution, `[levels, actions]`. */
  readonly probabilities: Float32Array;
}

/** One row per level, in the order given. */
export interface EpisodeOutcomes {
  readonly count: number;
  /** Feature sums over the episode, `[count, features]`. */
  readonly features: Float64Array;
  /** Step (from 0) at which each feature was first given, −1 for never, `[count, features]`. */
  readonly firstStep: Int32Array;
  /** Length of each episode, `[count]`. */
  readonly steps: Int32Array;
}

/** Plays one episode per level, actions sampled from the policy. */
export async function playEpisodes<Level>(options: RolloutOptions<Level>): Promise<EpisodeOutcomes> {
  const { world, encoder, policy, levels, prng } = options;
  const count = levels.length;
  const featureCount = world.features.length;
  const batch = world.createBatch(count);
  const outcomes: EpisodeOutcomes = {
    count,
    features: new Float64Array(count * featureCount),
    firstStep: new Int32Array(count * featureCount).fill(-1),
    steps: new Int32Array(count),
  };
  levels.forEach((level, env) => {
    batch.reset(env, level);
  });
  const running = new Uint8Array(count).fill(1);
  const actions = new Int32Array(count);
  const observations = new Float32Array(count * encoder.size);
  const episodes = policy.begin(count);
  const situationOf = (env: number): Situation => ({ level: batch.level(env), state: batch.stateOf(env) });
  let left = count;
  for (let time = 0; left > 0; time++) {
    encoder.writeDense(batch, observations);
    const probabilities = await episodes.probabilities({ observations, running, situationOf });
    for (let env = 0; env < count; env++)
      actions[env] = sampleRow(probabilities, { row: env, columns: policy.actionCount, prng });
    options.onStep?.({ batch, time, running, actions, probabilities });
    batch.step(actions);
    for (let env = 0; env < count; env++) {
      const isDone = batch.done[env] !== 0;
      if (running[env] === 1) {
        for (let f = env * featureCount; f < (env + 1) * featureCount; f++) {
          outcomes.features[f]! += batch.features[f]!;
          if (outcomes.firstStep[f]! < 0 && batch.features[f]! > 0) outcomes.firstStep[f] = time;
        }
        outcomes.steps[env]!++;
        if (isDone) {
          running[env] = 0;
          left--;
        }
      }
      if (isDone) batch.reset(env, levels[env]!);
    }
  }
  return outcomes;
}

/** The policy's answers, `[numEnvs, actions]`, where the environments of `batch` stand, each as if its episode began there. */
export function answersAt<Level>(options: {
  readonly policy: Policy;
  readonly encoder: Encoder<Level>;
  readonly batch: Batch<Level>;
}): Promise<Float32Array> {
  const { policy, encoder, batch } = options;
  return policy.begin(batch.numEnvs).probabilities(stepIn(encoder, batch));
}

/** What a policy is asked where the environments of `batch` stand, all of them running. */
export function stepIn<Level>(encoder: Encoder<Level>, batch: Batch<Level>): PolicyStep {
  const observations = new Float32Array(batch.numEnvs * encoder.size);
  encoder.writeDense(batch, observations);
  return {
    observations,
    running: new Uint8Array(batch.numEnvs).fill(1),
    situationOf: (env) => ({ level: batch.level(env), state: batch.stateOf(env) }),
  };
}

/** Return of each episode under feature weights, `[count]`. */
export function returnsOf(outcomes: EpisodeOutcomes, weights: ArrayLike<number>): Float64Array {
  const returns = new Float64Array(outcomes.count);
  for (let i = 0; i < outcomes.count; i++) {
    for (let f = 0; f < weights.length; f++) returns[i]! += weights[f]! * outcomes.features[i * weights.length + f]!;
  }
  return returns;
}

/** Which of two features each episode gave first: 1 the first, 0 the second, NaN neither or both at once. `[count]` */
export function firstOf(outcomes: EpisodeOutcomes, first: number, second: number): Float64Array {
  const featureCount = outcomes.features.length / outcomes.count;
  return Float64Array.from({ length: outcomes.count }, (_, i) => {
    const a = outcomes.firstStep[i * featureCount + first]!;
    const b = outcomes.firstStep[i * featureCount + second]!;
    if (a === b) return Number.NaN;
    if (b < 0) return 1;
    return a >= 0 && a < b ? 1 : 0;
  });
}

function sampleRow(
  probabilities: Float32Array,
  at: { readonly row: number; readonly columns: number; readonly prng: Prng },
): number {
  let left = at.prng.uniform();
  const start = at.row * at.columns;
  for (let i = 0; i < at.columns - 1; i++) {
    left -= probabilities[start + i]!;
    if (left < 0) return i;
  }
  return at.columns - 1;
}
