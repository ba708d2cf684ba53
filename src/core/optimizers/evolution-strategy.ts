// Evolution strategies (Salimans et al. 2017, "Evolution strategies as a scalable alternative to reinforcement learning",
// arXiv:1703.03864), told from top to bottom. Nothing is differentiated: the gradient comes from what perturbed policies earn.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { euclideanNorm } from "../base/euclidean-norm.ts";
import { Prng, type PrngState } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import { mean } from "../base/statistics.ts";
import type { Engine } from "../engine/engine.ts";
import { initializeParameters } from "../nets/parameters.ts";
import type { PolicyNetwork } from "../nets/policy-shape.ts";
import { type BaseOptimizer, type OptimizerSnapshot, readSnapshot, type UpdateMetrics } from "./base-optimizer.ts";
import { readSearched, type SearchSpace, searchSpaceOf, withSearched } from "./population-policy.ts";
import { PopulationReturns, type PopulationTask } from "./population-returns.ts";
import { scheduledShare } from "./schedule.ts";

export interface EvolutionStrategyConfig {
  /** Environment steps of all members; the generation that reaches them is the last. */
  readonly totalTimesteps: number;
  /** Policies played in a generation, in pairs θ + σε and θ − σε: even. */
  readonly populationSize: number;
  /** Episodes of each policy in a generation, the same for all. */
  readonly episodesPerMember: number;
  /** σ, the standard deviation of what is added to each parameter. */
  readonly noiseDeviation: number;
  readonly learningRate: number;
  /** The learning rate falls linearly to this share of itself. */
  readonly finalLearningRateShare: number;
  /** This share of the parameters is taken off the estimated gradient; 0 for none. */
  readonly weightDecay: number;
  /** What follows the gradient: `adam` with β₁ .9 and β₂ .999, or `sgd` with momentum .9. */
  readonly gradientStep: "adam" | "sgd";
}

export interface EvolutionStrategyOptions<Level> {
  readonly engine: Engine;
  readonly task: PopulationTask<Level>;
  readonly network: PolicyNetwork;
  readonly config: EvolutionStrategyConfig;
  readonly prng: Prng;
}

const stateSchema = z.strictObject({
  update: z.int().min(0),
  environmentSteps: z.int().min(0),
  prng: prngStateSchema,
  noise: prngStateSchema,
});

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;
/** The table of noise has at least so many numbers, and at least so many times those of one perturbation. */
const smallestTable = 2 ** 20;
const perturbationsInTable = 8;

/** A run of evolution strategies. `parameters` is θ; the value output stays as it was initialized. Holds an engine session. */
export class EvolutionStrategy<Level> implements BaseOptimizer {
  readonly #config: EvolutionStrategyConfig;
  readonly #space: SearchSpace;
  readonly #population: PopulationReturns<Level>;
  readonly #candidates: Float32Array;
  #prng: Prng;
  #noise: NoiseTable;
  #parameters: Float32Array;
  /** θ without what the policy does not read, `[n]`, and the two running means of its gradient. */
  #theta: Float32Array;
  #firstMoment: Float32Array;
  #secondMoment: Float32Array;
  #update = 0;
  #environmentSteps = 0;

  private constructor(options: EvolutionStrategyOptions<Level>, space: SearchSpace, population: PopulationReturns<Level>) {
    const { config, network, prng } = options;
    this.#config = config;
    this.#space = space;
    this.#population = population;
    this.#candidates = new Float32Array(config.populationSize * space.dimension);
    this.#prng = prng;
    this.#noise = new NoiseTable(prng.fork("noise").state(), space.dimension);
    this.#parameters = initializeParameters(network.parameters, prng.fork("parameters"));
    this.#theta = readSearched(space, this.#parameters);
    this.#firstMoment = new Float32Array(space.dimension);
    this.#secondMoment = new Float32Array(space.dimension);
  }

  /** Throws `usage` for a population that is not even. */
  static async create<Level>(options: EvolutionStrategyOptions<Level>): Promise<EvolutionStrategy<Level>> {
    const { engine, task, network, config } = options;
    const { populationSize: members, episodesPerMember } = config;
    if (members < 2 || members % 2 !== 0) {
      throw new MesascopeError("usage", `populationSize ${members} given; expected an even number: perturbations come in pairs.`);
    }
    const space = searchSpaceOf(network);
    const population = await PopulationReturns.create({ engine, task, network, space, members, episodesPerMember });
    return new EvolutionStrategy(options, space, population);
  }

  get parameters(): Float32Array {
    return this.#parameters;
  }

  get environmentSteps(): number {
    return this.#environmentSteps;
  }

  get isDone(): boolean {
    return this.#environmentSteps >= this.#config.totalTimesteps;
  }

  /** One generation: perturb, play, estimate the gradient, and take a step. */
  async update(): Promise<UpdateMetrics> {
    const { populationSize, episodesPerMember, noiseDeviation, weightDecay, learningRate, finalLearningRateShare } = this.#config;
    const progress = this.#environmentSteps / this.#config.totalTimesteps;
    const rate = learningRate * scheduledShare({ kind: "linear", final: finalLearningRateShare }, progress);

    const perturbations = Array.from({ length: populationSize / 2 }, () => this.#noise.draw(this.#prng));
    this.#perturb(perturbations);
    const { returns, environmentSteps } = await this.#population.play(this.#candidates, this.#prng);
    const gradient = estimatedGradient(perturbations, centeredRanks(returns), noiseDeviation);
    for (let i = 0; i < gradient.length; i++) gradient[i]! -= weightDecay * this.#theta[i]!;
    this.#update++;
    this.#step(gradient, rate);
    this.#parameters = withSearched(this.#space, this.#parameters, this.#theta);
    this.#environmentSteps += environmentSteps;

    const gradientNorm = euclideanNorm(gradient);
    const parameterNorm = euclideanNorm(this.#theta);
    if (!Number.isFinite(gradientNorm) || !Number.isFinite(parameterNorm)) {
      throw new MesascopeError(
        "unconverged",
        `a gradient of norm ${gradientNorm} and parameters of norm ${parameterNorm} after update ${this.#update}; expected finite numbers. Lower learningRate and train again.`,
      );
    }
    return {
      update: this.#update,
      environmentSteps: this.#environmentSteps,
      episodes: populationSize * episodesPerMember,
      meanReturn: mean(returns),
      values: { bestReturn: Math.max(...returns), gradientNorm, parameterNorm, learningRate: rate },
    };
  }

  snapshot(): OptimizerSnapshot {
    return {
      // The moments are changed in place by the next update.
      tensors: {
        parameters: this.#parameters,
        firstMoment: this.#firstMoment.slice(),
        secondMoment: this.#secondMoment.slice(),
      },
      state: {
        update: this.#update,
        environmentSteps: this.#environmentSteps,
        prng: this.#prng.state(),
        noise: this.#noise.source,
      },
    };
  }

  restore(snapshot: OptimizerSnapshot): void {
    const { dimension } = this.#space;
    const { tensors, state } = readSnapshot(snapshot, {
      state: stateSchema,
      tensors: { parameters: this.#parameters.length, firstMoment: dimension, secondMoment: dimension },
    });
    this.#parameters = tensors.parameters.slice();
    this.#theta = readSearched(this.#space, this.#parameters);
    this.#firstMoment = tensors.firstMoment.slice();
    this.#secondMoment = tensors.secondMoment.slice();
    this.#update = state.update;
    this.#environmentSteps = state.environmentSteps;
    this.#prng = Prng.fromState(state.prng);
    this.#noise = new NoiseTable(state.noise, dimension);
  }

  async release(): Promise<void> {
    await this.#population.release();
  }

  /** Members 2i and 2i + 1 become θ + σεᵢ and θ − σεᵢ (antithetic sampling, section 2.1 of the paper). */
  #perturb(perturbations: readonly Float32Array[]): void {
    const { dimension } = this.#space;
    const { noiseDeviation } = this.#config;
    perturbations.forEach((noise, pair) => {
      const plus = 2 * pair * dimension;
      const minus = plus + dimension;
      for (let i = 0; i < dimension; i++) {
        const step = noiseDeviation * noise[i]!;
        this.#candidates[plus + i] = this.#theta[i]! + step;
        this.#candidates[minus + i] = this.#theta[i]! - step;
      }
    });
  }

  /** Uphill along `gradient`, by Adam with bias correction (Kingma and Ba 2015, algorithm 1) or with momentum. */
  #step(gradient: Float64Array, rate: number): void {
    const isAdam = this.#config.gradientStep === "adam";
    const first = this.#firstMoment;
    const second = this.#secondMoment;
    const correction = rate / (1 - beta1 ** this.#update);
    const secondCorrection = 1 - beta2 ** this.#update;
    for (let i = 0; i < gradient.length; i++) {
      const slope = gradient[i]!;
      first[i] = beta1 * first[i]! + (1 - beta1) * slope;
      if (isAdam) {
        second[i] = beta2 * second[i]! + (1 - beta2) * slope * slope;
        this.#theta[i]! += (correction * first[i]!) / (Math.sqrt(second[i]! / secondCorrection) + epsilon);
      } else this.#theta[i]! += rate * first[i]!;
    }
  }
}

/**
 * The gradient of what is earned, smoothed by noise of deviation σ: 1/(Mσ) Σ Fⱼ εⱼ over M members (algorithm 1 of the paper). `worth`
 * `[M]` holds those of θ + σεᵢ and θ − σεᵢ at 2i and 2i + 1, `perturbations` the εᵢ.
 */
export function estimatedGradient(perturbations: readonly Float32Array[], worth: Float64Array, deviation: number): Float64Array {
  const gradient = new Float64Array(perturbations[0]!.length);
  perturbations.forEach((noise, pair) => {
    const weight = (worth[2 * pair]! - worth[2 * pair + 1]!) / (worth.length * deviation);
    if (weight !== 0) for (let i = 0; i < gradient.length; i++) gradient[i]! += weight * noise[i]!;
  });
  return gradient;
}

/**
 * Ranks of `returns`, evenly spaced from −½ (the lowest) to ½ (the highest): no outlier counts for more than its place. Equal returns
 * share the mean of their ranks; the paper's code orders them as they come, which on few and whole-numbered returns is noise. Throws
 * `unconverged` for returns that are no numbers.
 */
export function centeredRanks(returns: Float64Array): Float64Array {
  const broken = returns.findIndex(Number.isNaN);
  if (broken >= 0) {
    throw new MesascopeError("unconverged", `member ${broken} of ${returns.length} returned NaN; expected a number.`);
  }
  const order = Array.from(returns.keys()).sort((a, b) => returns[a]! - returns[b]!);
  const ranks = new Float64Array(returns.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && returns[order[to]!] === returns[order[from]!]) to++;
    const rank = (from + to - 1) / 2 / (order.length - 1) - 0.5;
    for (; from < to; from++) ranks[order[from]!] = rank;
  }
  return ranks;
}

/**
 * Normal deviates drawn once; a perturbation is a stretch of them that begins at a random place, so that drawing one costs one number
 * (section 2.1 of the paper). Two perturbations may overlap, but not in step, so they are as good as independent.
 */
class NoiseTable {
  /** The generator that the table was drawn from, as it was before. */
  readonly source: PrngState;
  readonly #table: Float32Array;
  readonly #dimension: number;

  constructor(source: PrngState, dimension: number) {
    this.source = source;
    this.#dimension = dimension;
    this.#table = new Float32Array(Math.max(smallestTable, perturbationsInTable * dimension));
    const prng = Prng.fromState(source);
    for (let i = 0; i < this.#table.length; i++) this.#table[i] = prng.normal();
  }

  draw(prng: Prng): Float32Array {
    const start = prng.integer(this.#table.length - this.#dimension + 1);
    return this.#table.subarray(start, start + this.#dimension);
  }
}
