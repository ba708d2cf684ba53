// A world made trainable: a batch of environments that start new episodes by themselves and are scored under one objective.
// What is learned from them is the base optimizer's matter.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import type { Objective } from "../objectives/objective.ts";
import { requireKnownCues, weightsFor, weightVector } from "../objectives/objective.ts";
import type { Batch, Encoder, LevelDistribution, World } from "../worlds/world.ts";

export interface EnvironmentOptions<Level> {
  readonly world: World<Level>;
  readonly encoder: Encoder<Level>;
  /** What is rewarded. */
  readonly objective: Objective;
  readonly distribution: LevelDistribution;
  readonly numEnvs: number;
  readonly prng: Prng;
}

const snapshotSchema = z.strictObject({ batch: z.unknown(), prng: prngStateSchema, returns: z.array(z.number()) });

/** Totals over the episodes that ended since the totals were last taken. */
export interface EpisodeTotals {
  readonly episodes: number;
  /** Sum of undiscounted returns under the objective. */
  readonly returnSum: number;
}

/** Owns its arrays and mutates them; they stay the same objects. */
export class TrainingEnvironment<Level> {
  readonly numEnvs: number;
  readonly encoder: Encoder<Level>;
  /** Reward of the last step, `[numEnvs]`. */
  readonly rewards: Float32Array;
  /** 1 where the last step ended an episode, `[numEnvs]`. The environment then already stands in a new one. */
  readonly ended: Uint8Array;

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
    this.encoder = options.encoder;
    this.#batch = options.world.createBatch(options.numEnvs);
    this.#prng = options.prng;
    this.rewards = new Float32Array(options.numEnvs);
    this.ended = new Uint8Array(options.numEnvs);
    this.#returns = new Float64Array(options.numEnvs);
    this.#weights = new Float32Array(options.numEnvs * options.world.features.length);
    for (let env = 0; env < options.numEnvs; env++) this.#startEpisode(env);
  }

  /** Writes the places of the ones of every observation into `out`, `[numEnvs, encoder.maxActive]`. */
  observe(out: Int32Array): void {
    this.encoder.writeActive(this.#batch, out);
  }

  /** Steps all environments, fills `rewards` and `ended`, and starts a new episode where one ended. */
  step(actions: Int32Array): void {
    this.#batch.step(actions);
    const { features, done } = this.#batch;
    const featureCount = this.#options.world.features.length;
    for (let env = 0; env < this.numEnvs; env++) {
      let reward = 0;
      for (let f = 0; f < featureCount; f++) reward += this.#weights[env * featureCount + f]! * features[env * featureCount + f]!;
      this.rewards[env] = reward;
      this.#returns[env]! += reward;
      this.ended[env] = done[env] === 0 ? 0 : 1;
      if (done[env] === 0) continue;
      this.#totals.episodes++;
      this.#totals.returnSum += this.#returns[env]!;
      this.#startEpisode(env);
    }
  }

  /** Returns the totals and starts them anew. */
  takeTotals(): EpisodeTotals {
    const totals = this.#totals;
    this.#totals = { episodes: 0, returnSum: 0 };
    return totals;
  }

  /** Everything needed to continue bit for bit: plain data. */
  snapshot(): unknown {
    return { batch: this.#batch.snapshot(), prng: this.#prng.state(), returns: [...this.#returns] };
  }

  /** Continues from `snapshot`; the totals start anew. Throws `invalid-checkpoint` for anything that `snapshot` of such an environment did not give. */
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
