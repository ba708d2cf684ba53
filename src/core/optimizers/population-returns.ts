// What the members of a population earn: every member plays the same episodes, on the same levels and with the same luck.

import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import type { Engine } from "../engine/engine.ts";
import type { PolicyNetwork } from "../nets/policy-shape.ts";
import { type Objective, requireKnownCues, weightsFor, weightVector } from "../objectives/objective.ts";
import type { Batch, Encoder, LevelDistribution, World } from "../worlds/world.ts";
import { PopulationPolicy, type SearchSpace } from "./population-policy.ts";

/** What is to be learned. */
export interface PopulationTask<Level> {
  readonly world: World<Level>;
  readonly encoder: Encoder<Level>;
  /** What is rewarded. */
  readonly objective: Objective;
  readonly distribution: LevelDistribution;
}

export interface PopulationOptions<Level> {
  readonly engine: Engine;
  readonly task: PopulationTask<Level>;
  readonly network: PolicyNetwork;
  readonly space: SearchSpace;
  readonly members: number;
  readonly episodesPerMember: number;
}

export interface PopulationOutcome {
  /** Mean undiscounted return of each member under the objective, `[members]`. */
  readonly returns: Float64Array;
  /** Steps of all episodes. */
  readonly environmentSteps: number;
}

/** Environments side by side beyond which more give no more observations a second. */
const enoughRows = 512;

/**
 * Plays populations of policies. Each member has `rows` environments and plays its episodes in them one after another, so that few stand
 * idle while the longest go on. Holds an engine session: call `release` when done.
 */
export class PopulationReturns<Level> {
  readonly #options: PopulationOptions<Level>;
  readonly #policy: PopulationPolicy;
  readonly #batch: Batch<Level>;
  /** Environments of each member. */
  readonly #rows: number;
  readonly #active: Int32Array;
  readonly #actions: Int32Array;
  /** Which episode of its member each environment plays, −1 for none, and how many steps of it; `[members · rows]`. */
  readonly #episodes: Int32Array;
  readonly #times: Int32Array;

  private constructor(options: PopulationOptions<Level>, policy: PopulationPolicy, rows: number) {
    this.#options = options;
    this.#policy = policy;
    this.#rows = rows;
    const numEnvs = options.members * rows;
    this.#batch = options.task.world.createBatch(numEnvs);
    this.#active = new Int32Array(numEnvs * options.task.encoder.maxActive);
    this.#actions = new Int32Array(numEnvs);
    this.#episodes = new Int32Array(numEnvs);
    this.#times = new Int32Array(numEnvs);
  }

  /** Throws `usage` when the objective weighs a feature or names a cue that the world does not have. */
  static async create<Level>(options: PopulationOptions<Level>): Promise<PopulationReturns<Level>> {
    const { engine, task, network, space, members, episodesPerMember } = options;
    for (const { weights } of task.objective.cases) weightVector(weights, task.world.features);
    requireKnownCues(task.objective, task.world.cues);
    const rows = rowsOf(members, episodesPerMember);
    const policy = await PopulationPolicy.create({
      engine,
      network,
      space,
      members,
      rows,
      maxActive: task.encoder.maxActive,
    });
    return new PopulationReturns(options, policy, rows);
  }

  /**
   * The returns of `candidates`, searched vectors `[members, n]`. Draws the levels of the episodes from `prng`, and the chance of each step
   * of each episode, all common to the members: members differ in what they do and not in what they meet. Actions are sampled. Throws
   * `unconverged` when a logit is no number.
   */
  async play(candidates: Float32Array, prng: Prng): Promise<PopulationOutcome> {
    const { task, members, episodesPerMember, space } = this.#options;
    for (let member = 0; member < members; member++) {
      this.#policy.setMember(member, candidates.subarray(member * space.dimension, (member + 1) * space.dimension));
    }
    const { world, objective, distribution } = task;
    const levels = Array.from({ length: episodesPerMember }, () => world.sampleLevel(distribution, prng));
    const weights = levels.map((level) => weightVector(weightsFor(objective, world.contextOf(level)), world.features));
    const chance = new CommonChance(prng.nextUint32(), episodesPerMember);
    const batch = this.#batch;
    const { features, done } = batch;
    const returns = new Float64Array(members);
    let running = batch.numEnvs;
    let environmentSteps = 0;
    for (let env = 0; env < batch.numEnvs; env++) this.#begin(env, env % this.#rows, levels);
    while (running > 0) {
      task.encoder.writeActive(batch, this.#active);
      this.#act(await this.#policy.logits(this.#active), chance);
      batch.step(this.#actions);
      environmentSteps += running;
      for (let env = 0; env < batch.numEnvs; env++) {
        const episode = this.#episodes[env]!;
        if (episode >= 0) {
          const member = (env / this.#rows) | 0;
          const own = weights[episode]!;
          for (let f = 0; f < own.length; f++) returns[member]! += own[f]! * features[env * own.length + f]!;
          this.#times[env]!++;
        }
        if (done[env] === 0) continue;
        if (episode >= 0 && episode + this.#rows >= episodesPerMember) running--;
        this.#begin(env, episode < 0 ? episodesPerMember : episode + this.#rows, levels);
      }
    }
    return { returns: returns.map((sum) => sum / episodesPerMember), environmentSteps };
  }

  async release(): Promise<void> {
    await this.#policy.release();
  }

  /** Starts episode `episode` in environment `env`; beyond the last one the environment goes idle, on any level. */
  #begin(env: number, episode: number, levels: readonly Level[]): void {
    const isIdle = episode >= levels.length;
    this.#batch.reset(env, levels[isIdle ? 0 : episode]!);
    this.#policy.forget(env);
    this.#episodes[env] = isIdle ? -1 : episode;
    this.#times[env] = 0;
  }

  /** Draws an action for every environment by inverting the cumulative distribution of the softmax of its logits. */
  #act(logits: Float32Array, chance: CommonChance): void {
    const actionCount = this.#options.network.shape.actionCount;
    for (let env = 0; env < this.#actions.length; env++) {
      const episode = this.#episodes[env]!;
      if (episode < 0) {
        this.#actions[env] = 0;
        continue;
      }
      const start = env * actionCount;
      let highest = logits[start]!;
      for (let a = 1; a < actionCount; a++) if (logits[start + a]! > highest) highest = logits[start + a]!;
      let sum = 0;
      for (let a = 0; a < actionCount; a++) {
        logits[start + a] = Math.exp(logits[start + a]! - highest);
        sum += logits[start + a]!;
      }
      if (!Number.isFinite(sum)) {
        const member = (env / this.#rows) | 0;
        throw new MesascopeError(
          "unconverged",
          `member ${member} of the population gives logits that are no numbers; expected finite ones. Lower the step size or the learning rate and train again.`,
        );
      }
      let left = chance.at(episode, this.#times[env]!) * sum;
      let action = 0;
      for (; action < actionCount - 1; action++) {
        left -= logits[start + action]!;
        if (left < 0) break;
      }
      this.#actions[env] = action;
    }
  }
}

/** The most environments for each member that make no more than `enoughRows` together and divide its episodes evenly; at least one. */
function rowsOf(members: number, episodes: number): number {
  for (let rows = Math.min(episodes, Math.floor(enoughRows / members)); rows > 1; rows--) if (episodes % rows === 0) return rows;
  return 1;
}

/** A uniform number for each step of each episode, the same for every member that asks. */
class CommonChance {
  readonly #prngs: readonly Prng[];
  readonly #drawn: readonly number[][];

  constructor(seed: number, episodes: number) {
    this.#prngs = Array.from({ length: episodes }, (_, episode) => Prng.fromSeed(seed, episode));
    this.#drawn = Array.from({ length: episodes }, () => []);
  }

  at(episode: number, time: number): number {
    const drawn = this.#drawn[episode]!;
    while (drawn.length <= time) drawn.push(this.#prngs[episode]!.uniform());
    return drawn[time]!;
  }
}
