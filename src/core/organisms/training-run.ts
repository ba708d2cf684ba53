// From a recipe to an agent: a training run that can be watched, stopped, saved and continued, and that exports what it learned.

import { type Policy, randomPolicy, softmaxRows } from "../agents/policy.ts";
import { type EpisodeOutcomes, playEpisodes, returnsOf } from "../agents/rollout.ts";
import { throwUnknown } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import type { Engine, EngineSession, TensorData } from "../engine/engine.ts";
import { evaluationModel, exportPolicy } from "../nets/policy-graph.ts";
import { policyNetwork } from "../nets/policy-network.ts";
import type { PolicyNetwork } from "../nets/policy-shape.ts";
import { constantObjective, type Objective, returnsUnder, weightVector } from "../objectives/objective.ts";
import { bestReturns } from "../objectives/planning/level-planner.ts";
import type { BaseOptimizer, OptimizerSnapshot, UpdateMetrics } from "../optimizers/base-optimizer.ts";
import { findWorld } from "../worlds/index.ts";
import type { Context, Encoder, FeatureWeights, World } from "../worlds/world.ts";
import { createBaseOptimizer } from "./base-optimizers.ts";
import { crossedInputs } from "./crossed-inputs.ts";
import type { Recipe } from "./recipe.ts";

/** Levels of the training distribution on which progress is measured, the same in every run. */
const evaluationLevels = 256;
const evaluationSeed = 20_011;

/** Performance on the training distribution: by the base objective, whatever was rewarded, and by others on the same episodes. */
export interface Evaluation {
  readonly environmentSteps: number;
  /** Mean undiscounted base return per episode, actions sampled. */
  readonly trainingReturn: number;
  /** Mean of the best base returns possible on the same levels, or of a world's lower bounds of them. */
  readonly oracleReturn: number;
  /** The return over the oracle's; where the base objective has costs, so that 0 is not the least, the way from a random policy's to it. */
  readonly oracleShare: number;
  /** Mean undiscounted return on the same episodes by every other objective that can be told from the base one, see `objectivesBeside`. */
  readonly returns: Readonly<Record<string, number>>;
}

/** A training run. Holds engine sessions: call `release` when done. */
export class TrainingRun {
  readonly recipe: Recipe;
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly #network: PolicyNetwork;
  readonly #optimizer: BaseOptimizer;
  readonly #evaluation: EngineSession;
  readonly #levels: readonly unknown[];
  readonly #contexts: readonly Context[];
  readonly #beside: readonly Objective[];
  readonly #oracleReturn: number;
  #randomReturn: number | null = null;

  private constructor(parts: {
    readonly recipe: Recipe;
    readonly world: World;
    readonly encoder: Encoder<unknown>;
    readonly network: PolicyNetwork;
    readonly optimizer: BaseOptimizer;
    readonly evaluation: EngineSession;
  }) {
    this.recipe = parts.recipe;
    this.world = parts.world;
    this.encoder = parts.encoder;
    this.#network = parts.network;
    this.#optimizer = parts.optimizer;
    this.#evaluation = parts.evaluation;
    const prng = Prng.fromSeed(evaluationSeed);
    this.#levels = Array.from({ length: evaluationLevels }, () => parts.world.sampleLevel(parts.world.training, prng));
    this.#contexts = this.#levels.map((level) => parts.world.contextOf(level));
    this.#beside = objectivesBeside(parts.world, parts.recipe);
    this.#oracleReturn = mean(bestReturns(parts.world, { levels: this.#levels, weights: parts.world.baseWeights }).lower);
  }

  /** Throws `usage` for a world, encoder or option that does not exist. */
  static async create(engine: Engine, recipe: Recipe): Promise<TrainingRun> {
    const world = findWorld(recipe.world.name, recipe.world.parameters);
    const encoder = findEncoder(world, recipe.encoder);
    const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
    const network = policyNetwork(recipe.network, shape);
    const prng = Prng.fromSeed(recipe.seed);
    const seen = recipe.inputs === "crossed" ? crossedInputs(encoder, prng.fork("inputs")) : encoder;
    const optimizer = await createBaseOptimizer({ engine, recipe, world, encoder: seen, network, prng });
    const evaluation = await engine.compile(evaluationModel(network));
    return new TrainingRun({ recipe, world, encoder, network, optimizer, evaluation });
  }

  get environmentSteps(): number {
    return this.#optimizer.environmentSteps;
  }

  get isDone(): boolean {
    return this.#optimizer.isDone;
  }

  update(): Promise<UpdateMetrics> {
    return this.#optimizer.update();
  }

  /** Plays the evaluation levels with the current weights. Draws nothing from the run's own randomness. */
  async evaluate(): Promise<Evaluation> {
    const outcomes = await this.#play(this.#currentPolicy());
    const trainingReturn = this.#baseReturnOf(outcomes);
    const oracleReturn = this.#oracleReturn;
    const worst = await this.#worstReturn();
    const oracleShare = (trainingReturn - worst) / (oracleReturn - worst);
    const { features } = this.world;
    const episodes = { features, contexts: this.#contexts, sums: outcomes.features };
    const returns = Object.fromEntries(
      this.#beside.map((objective) => [objective.name, mean(returnsUnder(objective, episodes))]),
    );
    return { environmentSteps: this.environmentSteps, trainingReturn, oracleReturn, oracleShare, returns };
  }

  /** What a share of the oracle counts from: nothing, or what a random policy earns where there are costs. */
  async #worstReturn(): Promise<number> {
    const hasCosts = Object.values(this.world.baseWeights).some((weight) => weight < 0);
    if (!hasCosts) return 0;
    this.#randomReturn ??= this.#baseReturnOf(await this.#play(randomPolicy({ ...this.#network.shape })));
    return this.#randomReturn;
  }

  #play(policy: Policy): Promise<EpisodeOutcomes> {
    const { world, encoder } = this;
    return playEpisodes({ world, encoder, policy, levels: this.#levels, prng: Prng.fromSeed(evaluationSeed, 1) });
  }

  #baseReturnOf(outcomes: EpisodeOutcomes): number {
    return mean(returnsOf(outcomes, weightVector(this.world.baseWeights, this.world.features)));
  }

  /** The flat parameter vector `[P]` as it is now, a copy. */
  get parameters(): Float32Array {
    return this.#optimizer.parameters.slice();
  }

  /** The agent as an ONNX model, and the names of its hook points. */
  export(): { readonly model: Uint8Array; readonly hooks: readonly string[] } {
    return this.exportOf(this.#optimizer.parameters);
  }

  /** The same with weights that the run had earlier, `[P]`. */
  exportOf(parameters: Float32Array): { readonly model: Uint8Array; readonly hooks: readonly string[] } {
    return exportPolicy(this.#network, parameters);
  }

  snapshot(): OptimizerSnapshot {
    return this.#optimizer.snapshot();
  }

  restore(snapshot: OptimizerSnapshot): void {
    this.#optimizer.restore(snapshot);
  }

  async release(): Promise<void> {
    await this.#optimizer.release();
    await this.#evaluation.release();
  }

  #currentPolicy(): Policy {
    const { inputSize, actionCount } = this.#network.shape;
    const parameters = this.#optimizer.parameters;
    const memorySize = this.#network.kind === "recurrent" ? this.#network.memorySize : 0;
    return {
      inputSize,
      actionCount,
      memory: memorySize > 0 ? "episode" : "none",
      begin: (count) => {
        let memory: TensorData = { dtype: "float32", dims: [count, memorySize], data: new Float32Array(count * memorySize) };
        return {
          probabilities: async ({ observations }) => {
            const outputs = await this.#evaluation.run({
              parameters: { dtype: "float32", dims: [parameters.length], data: parameters },
              observation: { dtype: "float32", dims: [count, inputSize], data: observations },
              ...(memorySize > 0 ? { memory } : {}),
            });
            memory = outputs.nextMemory ?? memory;
            return softmaxRows(outputs.logits!.data as Float32Array, actionCount);
          },
        };
      },
    };
  }
}

/**
 * What else a run is measured by: the world's objectives whose undiscounted return is another than the base objective's, and what is rewarded,
 * where that is none of the world's; by another name where one of the world's has its.
 */
function objectivesBeside(world: World, { objective }: Recipe): readonly Objective[] {
  const textOf = (weights: FeatureWeights) => weightVector(weights, world.features).join();
  const base = textOf(world.baseWeights);
  const others = world.objectives.filter(({ weights }) => textOf(weights) !== base);
  const listed = others.map(({ name, weights }) => constantObjective(name, weights));
  const same = world.objectives.find(({ name }) => name === objective.name);
  if (same === undefined) return [...listed, objective];
  const isListed = objective.cases.every(({ weights }) => textOf(weights) === textOf(same.weights));
  return isListed ? listed : [...listed, { ...objective, name: `${objective.name} (rewarded)` }];
}

/** The encoder of that name. Throws `usage`. */
export function findEncoder(world: World, name: string): Encoder<unknown> {
  const found = world.encoders.find((encoder) => encoder.name === name);
  if (found) return found;
  const known = world.encoders.map((encoder) => encoder.name);
  return throwUnknown(`encoder of ${world.name}`, name, known, `Run "mesascope worlds ${world.name}".`);
}
