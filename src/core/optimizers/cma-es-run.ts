// CMA-ES as a base optimizer: its candidates are policies, and what they are worth is their return. The algorithm is in cma-es.ts.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import { mean } from "../base/statistics.ts";
import type { Engine } from "../engine/engine.ts";
import { initializeParameters } from "../nets/parameters.ts";
import type { PolicyNetwork } from "../nets/policy-shape.ts";
import { type BaseOptimizer, type OptimizerSnapshot, readSnapshot, type UpdateMetrics } from "./base-optimizer.ts";
import { CmaEs, type CovarianceForm, cmaEsStateSchema } from "./cma-es.ts";
import { readSearched, type SearchSpace, searchSpaceOf, withSearched } from "./population-policy.ts";
import { PopulationReturns, type PopulationTask } from "./population-returns.ts";

export interface CmaEsConfig {
  /** Environment steps of all members; the generation that reaches them is the last. */
  readonly totalTimesteps: number;
  /** λ, policies played in a generation. Returns are noisy: many times the `defaultPopulationSize` of the algorithm pay. */
  readonly populationSize: number;
  /** Episodes of each policy in a generation, the same for all. */
  readonly episodesPerMember: number;
  /** σ at the beginning, the standard deviation of each parameter among the first policies. */
  readonly initialStepSize: number;
  /** `automatic` is full up to 500 searched parameters, and diagonal above, where n² numbers take too long to learn and n³ to decompose. */
  readonly covariance: CovarianceForm | "automatic";
}

const largestFullDimension = 500;
/** Beyond, two matrices of n² numbers and their decomposition take hours and gigabytes. */
const mostFullDimension = 4000;

export interface CmaEsRunOptions<Level> {
  readonly engine: Engine;
  readonly task: PopulationTask<Level>;
  readonly network: PolicyNetwork;
  readonly config: CmaEsConfig;
  readonly prng: Prng;
}

const stateSchema = z.strictObject({
  update: z.int().min(0),
  environmentSteps: z.int().min(0),
  prng: prngStateSchema,
  search: cmaEsStateSchema,
});

/**
 * A run of CMA-ES. `parameters` holds the mean of the search, which is better than most of its members and, where returns are noisy, than
 * the one that did best; the value output stays as it was initialized. Holds an engine session.
 */
export class CmaEsRun<Level> implements BaseOptimizer {
  readonly #config: CmaEsConfig;
  readonly #space: SearchSpace;
  readonly #population: PopulationReturns<Level>;
  readonly #search: CmaEs;
  #prng: Prng;
  #parameters: Float32Array;
  #update = 0;
  #environmentSteps = 0;

  private constructor(options: CmaEsRunOptions<Level>, space: SearchSpace, population: PopulationReturns<Level>) {
    const { config, network, prng } = options;
    this.#config = config;
    this.#space = space;
    this.#population = population;
    this.#prng = prng;
    this.#parameters = initializeParameters(network.parameters, prng.fork("parameters"));
    const automatic = space.dimension <= largestFullDimension ? "full" : "diagonal";
    this.#search = new CmaEs({
      mean: readSearched(space, this.#parameters),
      stepSize: config.initialStepSize,
      populationSize: config.populationSize,
      covariance: config.covariance === "automatic" ? automatic : config.covariance,
      prng: prng.fork("search"),
    });
  }

  /** Throws `usage` for a population of fewer than four, and for full covariance of too many parameters. */
  static async create<Level>(options: CmaEsRunOptions<Level>): Promise<CmaEsRun<Level>> {
    const { engine, task, network, config } = options;
    const { populationSize: members, episodesPerMember } = config;
    const space = searchSpaceOf(network);
    if (config.covariance === "full" && space.dimension > mostFullDimension) {
      throw new MesascopeError(
        "usage",
        `full covariance of ${space.dimension} searched parameters given; expected at most ${mostFullDimension}. Choose covariance "diagonal" or a smaller network.`,
      );
    }
    const population = await PopulationReturns.create({ engine, task, network, space, members, episodesPerMember });
    return new CmaEsRun(options, space, population);
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

  /** One generation: ask, play, tell. */
  async update(): Promise<UpdateMetrics> {
    const { populationSize, episodesPerMember } = this.#config;
    const candidates = Float32Array.from(this.#search.ask());
    const { returns, environmentSteps } = await this.#population.play(candidates, this.#prng);
    this.#search.tell(returns);
    this.#update++;
    this.#environmentSteps += environmentSteps;
    this.#parameters = withSearched(this.#space, this.#parameters, this.#search.mean);
    if (!this.#parameters.every(Number.isFinite)) {
      throw new MesascopeError(
        "unconverged",
        `parameters that are no finite numbers after update ${this.#update}. Lower initialStepSize and train again.`,
      );
    }
    return {
      update: this.#update,
      environmentSteps: this.#environmentSteps,
      episodes: populationSize * episodesPerMember,
      meanReturn: mean(returns),
      values: {
        bestReturn: Math.max(...returns),
        stepSize: this.#search.stepSize,
        condition: this.#search.condition,
      },
    };
  }

  snapshot(): OptimizerSnapshot {
    const search = this.#search.snapshot();
    return {
      tensors: { parameters: this.#parameters, ...search.tensors },
      state: {
        update: this.#update,
        environmentSteps: this.#environmentSteps,
        prng: this.#prng.state(),
        search: search.state,
      },
    };
  }

  restore(snapshot: OptimizerSnapshot): void {
    const expected = { parameters: this.#parameters.length };
    const { tensors, state } = readSnapshot(snapshot, { state: stateSchema, tensors: expected });
    const own = Object.entries(snapshot.tensors).filter(
      (entry): entry is [string, Float64Array] => entry[1] instanceof Float64Array,
    );
    this.#search.restore({ tensors: Object.fromEntries(own), state: state.search });
    this.#parameters = tensors.parameters.slice();
    this.#update = state.update;
    this.#environmentSteps = state.environmentSteps;
    this.#prng = Prng.fromState(state.prng);
  }

  async release(): Promise<void> {
    await this.#population.release();
  }
}
