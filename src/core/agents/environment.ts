// What base optimizers train in, and a world made such: environments side by side that start new episodes by themselves and are scored
// under one objective. What is learned from them is the base optimizer's matter.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import type { Objective } from "../objectives/objective.ts";
import { requireKnownCues, weightsFor, weightVector } from "../objectives/objective.ts";
import type { Batch, Encoder, LevelDistribution, World } from "../worlds/world.ts";

/** Environments side by side. They own their arrays and mutate them; the arrays stay the same objects. */
export interface Environment {
  readonly numEnvs: number;
  /** Places of ones per observation; the places not needed hold the length of the dense observation. */
  readonly maxActive: number;
  /** Reward of the last step, `[numEnvs]`. */
  readonly rewards: Float32Array;
  /**
   * How the last step left the episodes, `[numEnvs]`: 0 running, 1 ended, 2 cut off where they could have gone on. After 1 and 2 the
   * environment already stands in a new one.
   */
  readonly ended: Uint8Array;
  /** What would have been observed next, `[numEnvs, maxActive]`; holds for the episodes that the last step cut off, and for them alone. */
  readonly beyond: Int32Array;
  /** Writes the places of the ones of every observation into `out`, `[numEnvs, maxActive]`. */
  observe(out: Int32Array): void;
  /** Steps all environments with `actions[env]`, fills `rewards`, `ended` and `beyond`, and starts a new episode where one is over. */
  step(actions: Int32Array): void;
  /** Returns the totals and starts them anew. */
  takeTotals(): EpisodeTotals;
  /** Everything needed to continue bit for bit: plain data (JSON). */
  snapshot(): unknown;
  /** Continues from a snapshot; the totals start anew. Throws `invalid-checkpoint` for the snapshot of anything else. */
  restore(snapshot: unknown): void;
}

export interface EnvironmentOptions<Level> {
  readonly world: World<Level>;
  readonly encoder: Encoder<Level>;
  /** What is rewarded. */
  readonly objective: Objective;
  readonly distribution: LevelDistribution;
  readonly numEnvs: number;
  readonly prng: Prng;
  /**
   * What it means that time runs out. `end` (the default): the horizon belongs to the task and nothing is worth anything beyond it, which an
   * agent can only know where the observation shows the time left, as the arcade's does. `cut`: the episode is cut off only to begin
   * another, and counts as going on (Pardo et al. 2018, "Time limits in reinforcement learning", arXiv:1712.00378); for observations
   * that do not show the time.
   */
  readonly timeLimit?: "end" | "cut";
}

const snapshotSchema = z.strictObject({ batch: z.unknown(), prng: prngStateSchema, returns: z.array(z.number()) });

/** Totals over the episodes that ended since the totals were last taken. */
export interface EpisodeTotals {
  readonly episodes: number;
  /** Sum of undiscounted returns under the objective. */
  readonly returnSum: number;
}

/** The environments of a world. */
export class TrainingEnvironment<Level> implements Environment {
  readonly numEnvs: number;
  readonly maxActive: number;
  readonly rewards: Float32Array;
  readonly ended: Uint8Array;
  readonly beyond: Int32Array;

  readonly #options: EnvironmentOptions<Level>;
  readonly #batch: Batch<Level>;
  readonly #returns: Float64Array;
  /** Weight of each feature in the running episode's context, `[numEnvs, features]`. */
  readonly #weights: Float32Array;
  #prng: Prng;
  #totals = { episodes: 0, returnSum: 0 };

  /** Throws `usage` when the objective weighs a feature or names a cue that the world does not have, or has no case for a level's context. */
  constructor(options: EnvironmentOptions<Level>) {
    for (const { weights } of options.objective.cases) weightVector(weights, options.world.features);
    requireKnownCues(options.objective, options.world.cues);
    this.#options = options;
    this.numEnvs = options.numEnvs;
    this.maxActive = options.encoder.maxActive;
    this.#batch = options.world.createBatch(options.numEnvs);
    this.#prng = options.prng;
    this.rewards = new Float32Array(options.numEnvs);
    this.ended = new Uint8Array(options.numEnvs);
    this.beyond = new Int32Array(options.numEnvs * options.encoder.maxActive);
    this.#returns = new Float64Array(options.numEnvs);
    this.#weights = new Float32Array(options.numEnvs * options.world.features.length);
    for (let env = 0; env < options.numEnvs; env++) this.#startEpisode(env);
  }

  observe(out: Int32Array): void {
    this.#options.encoder.writeActive(this.#batch, out);
  }

  step(actions: Int32Array): void {
    this.#batch.step(actions);
    const { features, done } = this.#batch;
    const isCut = this.#options.timeLimit === "cut";
    if (isCut && done.includes(2)) this.#options.encoder.writeActive(this.#batch, this.beyond);
    const featureCount = this.#options.world.features.length;
    for (let env = 0; env < this.numEnvs; env++) {
      let reward = 0;
      for (let f = 0; f < featureCount; f++) reward += this.#weights[env * featureCount + f]! * features[env * featureCount + f]!;
      this.rewards[env] = reward;
      this.#returns[env]! += reward;
      this.ended[env] = done[env] === 2 && !isCut ? 1 : done[env]!;
      if (done[env] === 0) continue;
      this.#totals.episodes++;
      this.#totals.returnSum += this.#returns[env]!;
      this.#startEpisode(env);
    }
  }

  takeTotals(): EpisodeTotals {
    const totals = this.#totals;
    this.#totals = { episodes: 0, returnSum: 0 };
    return totals;
  }

  snapshot(): unknown {
    return { batch: this.#batch.snapshot(), prng: this.#prng.state(), returns: [...this.#returns] };
  }

  restore(snapshot: unknown): void {
    const read = snapshotSchema.safeParse(snapshot);
    if (!read.success || read.data.returns.length !== this.numEnvs) {
      throw new MesascopeError(
        "invalid-checkpoint",
        `something else than the snapshot of ${this.numEnvs} environments given. Start the run again.`,
      );
    }
    this.takeTotals();
    this.#batch.restore(read.data.batch);
    this.#prng = Prng.fromState(read.data.prng);
    this.#returns.set(read.data.returns);
    for (let env = 0; env < this.numEnvs; env++) this.#readWeights(env);
  }

  #startEpisode(env: number): void {
    const { world, distribution } = this.#options;
    this.#batch.reset(env, world.sampleLevel(distribution, this.#prng));
    this.#returns[env] = 0;
    this.#readWeights(env);
  }

  #readWeights(env: number): void {
    const { world, objective } = this.#options;
    const weights = weightsFor(objective, world.contextOf(this.#batch.level(env)));
    world.features.forEach((feature, f) => {
      this.#weights[env * world.features.length + f] = weights[feature] ?? 0;
    });
  }
}
