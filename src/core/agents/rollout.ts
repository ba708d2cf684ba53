// Episodes of a policy on given levels: one episode a level, all levels side by side.

import { MesascopeError } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import type { Batch, Encoder, World } from "../worlds/world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";
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

export interface RolloutStep<Level> extends EpisodesStep {
  readonly batch: Batch<Level>;
}

/** A joint step of episodes, wherever they run. */
export interface EpisodesStep {
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
  const { world, encoder, policy, levels, prng, onStep } = options;
  const outcomes = emptyOutcomes(levels.length, world.features.length);
  const batch = world.createBatch(levels.length);
  levels.forEach((level, env) => {
    batch.reset(env, level);
  });
  const observations = new Float32Array(levels.length * encoder.size);
  await playStage({
    stage: {
      batch,
      observations,
      observe: () => encoder.writeDense(batch, observations),
      step: (actions) => batch.step(actions),
      // Every environment of a batch is stepped, those that are done as well: they begin again, and nothing of it counts.
      restart: (env) => batch.reset(env, levels[env]!),
      situationOf: (env) => ({ level: batch.level(env), state: batch.stateOf(env) }),
    },
    policy,
    prng,
    onStep: onStep && ((step) => onStep({ batch, ...step })),
    outcomes,
    first: 0,
  });
  return outcomes;
}

/** A rollout in a world that runs in another program. */
export interface ExternalRolloutOptions {
  readonly world: ExternalWorld;
  readonly policy: Policy;
  readonly levels: readonly ExternalLevel[];
  readonly prng: Prng;
  /** Called before each joint step. Episodes come in groups of at most `world.mostEpisodes`; rows are those of the group. */
  readonly onStep?: (step: EpisodesStep) => void;
}

/** As `playEpisodes`, in another program: as many episodes side by side as it allows, then the next ones. */
export async function playExternalEpisodes(options: ExternalRolloutOptions): Promise<EpisodeOutcomes> {
  const { world, policy, levels, prng, onStep } = options;
  const outcomes = emptyOutcomes(levels.length, world.features.length);
  for (let first = 0; first < levels.length; first += world.mostEpisodes) {
    const group = levels.slice(first, first + world.mostEpisodes);
    const batch = await world.start(group);
    await playStage({
      stage: {
        batch,
        observations: batch.observations,
        observe: () => undefined,
        step: (actions, running) => batch.step(actions, running),
        restart: () => undefined,
        situationOf: (env) => ({ level: group[env]!, state: null }),
      },
      policy,
      prng,
      onStep,
      outcomes,
      first,
    });
  }
  return outcomes;
}

/** Environments side by side, in this process or in another: all that the loop below needs of them. */
interface Stage {
  readonly batch: { readonly features: Float32Array; readonly done: Uint8Array };
  readonly observations: Float32Array;
  /** Brings `observations` up to date. */
  readonly observe: () => void;
  readonly step: (actions: Int32Array, running: Uint8Array) => void | Promise<void>;
  readonly restart: (env: number) => void;
  readonly situationOf: (env: number) => Situation;
}

interface StagePlay {
  readonly stage: Stage;
  readonly policy: Policy;
  readonly prng: Prng;
  readonly onStep: ((step: EpisodesStep) => void) | undefined;
  /** Filled in from row `first` on. */
  readonly outcomes: EpisodeOutcomes;
  readonly first: number;
}

/** Plays one episode in each environment of a stage, from its start to its end. */
async function playStage({ stage, policy, prng, onStep, outcomes, first }: StagePlay): Promise<void> {
  const { batch, observations, situationOf } = stage;
  const count = batch.done.length;
  const width = batch.features.length / count;
  const running = new Uint8Array(count).fill(1);
  const actions = new Int32Array(count);
  const episodes = policy.begin(count);
  let left = count;
  for (let time = 0; left > 0; time++) {
    stage.observe();
    const probabilities = await episodes.probabilities({ observations, running, situationOf });
    requireDistributions(probabilities, { running, columns: policy.actionCount });
    for (let env = 0; env < count; env++)
      actions[env] = sampleRow(probabilities, { row: env, columns: policy.actionCount, prng });
    onStep?.({ time, running, actions, probabilities });
    const pending = stage.step(actions, running);
    if (pending !== undefined) await pending;
    for (let env = 0; env < count; env++) {
      const isDone = batch.done[env] !== 0;
      if (running[env] === 1) {
        for (let f = env * width, at = (first + env) * width; f < (env + 1) * width; f++, at++) {
          const value = batch.features[f]!;
          outcomes.features[at]! += value;
          if (value > 0 && outcomes.firstStep[at]! < 0) outcomes.firstStep[at] = time;
        }
        outcomes.steps[first + env]!++;
        if (isDone) {
          running[env] = 0;
          left--;
        }
      }
      if (isDone) stage.restart(env);
    }
  }
}

function emptyOutcomes(count: number, featureCount: number): EpisodeOutcomes {
  return {
    count,
    features: new Float64Array(count * featureCount),
    firstStep: new Int32Array(count * featureCount).fill(-1),
    steps: new Int32Array(count),
  };
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

/** Throws `invalid-model` unless every row of a running episode is a distribution: one with a NaN would look like a fixed choice. */
function requireDistributions(
  probabilities: Float32Array,
  answers: { readonly running: Uint8Array; readonly columns: number },
): void {
  const { running, columns } = answers;
  for (let row = 0; row < running.length; row++) {
    if (running[row] === 0) continue;
    let sum = 0;
    let least = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      sum += probabilities[i]!;
      if (probabilities[i]! < least) least = probabilities[i]!;
    }
    if (Math.abs(sum - 1) <= 1e-3 && least >= 0) continue;
    const given = Array.from({ length: columns }, (_, i) => probabilities[row * columns + i]).join(", ");
    throw new MesascopeError(
      "invalid-model",
      `the policy answered with the action probabilities ${given}; expected numbers from 0 that sum to 1. It cannot be audited.`,
    );
  }
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
