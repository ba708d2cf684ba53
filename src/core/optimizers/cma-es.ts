// The covariance matrix adaptation evolution strategy (Hansen 2016, "The CMA evolution strategy: a tutorial", arXiv:1604.00772), told from
// top to bottom, on vectors of numbers: ask for candidates, tell what they are worth. What is searched is told elsewhere.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { euclideanNorm } from "../base/euclidean-norm.ts";
import { Prng, type PrngState } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import { symmetricEigen } from "../base/symmetric-eigen.ts";

/** `full` learns every correlation, n² numbers; `diagonal` the scale of each coordinate alone (Ros and Hansen 2008, sep-CMA-ES). */
export type CovarianceForm = "full" | "diagonal";

export interface CmaEsOptions {
  /** Where the search begins, `[n]`. */
  readonly mean: ArrayLike<number>;
  /** σ at the beginning, about a third of the distance over which the optimum is looked for. */
  readonly stepSize: number;
  /** λ, at least 4; by default `defaultPopulationSize(n)`. */
  readonly populationSize?: number;
  readonly covariance: CovarianceForm;
  readonly prng: Prng;
}

/** Everything needed to continue bit for bit: float64 vectors by name, and plain data. */
export interface CmaEsSnapshot {
  readonly tensors: Readonly<Record<string, Float64Array>>;
  readonly state: CmaEsState;
}

interface CmaEsState {
  readonly stepSize: number;
  readonly generation: number;
  /** The generation after which the covariance was taken apart last. */
  readonly decomposedAt: number;
  readonly prng: PrngState;
}

export const cmaEsStateSchema: z.ZodType<CmaEsState> = z.strictObject({
  stepSize: z.number().positive(),
  generation: z.int().min(0),
  decomposedAt: z.int().min(0),
  prng: prngStateSchema,
});

/** A covariance whose axes differ by more than this factor in variance is no longer told apart from a singular one. */
const worstCondition = 1e14;

/** λ for n parameters: 4 + ⌊3 ln n⌋ (table 1). */
export function defaultPopulationSize(dimension: number): number {
  return 4 + Math.floor(3 * Math.log(dimension));
}

/** What table 1 of the tutorial sets from n and λ, with positive weights only. */
interface Constants {
  /** Of the best μ = ⌊λ/2⌋ candidates, best first; they sum to 1. */
  readonly weights: Float64Array;
  /** μ_eff, the number of equally weighted parents that would be as informative. */
  readonly effectiveParents: number;
  /** c_σ, d_σ: backward time horizon and damping of the step size's path. */
  readonly stepRate: number;
  readonly stepDamping: number;
  /** c_c, of the covariance's path. */
  readonly pathRate: number;
  /** c₁ and c_μ, of the covariance. */
  readonly rankOneRate: number;
  readonly rankMuRate: number;
  /** E‖N(0, 1)‖ in n dimensions. */
  readonly expectedNorm: number;
  /** Generations from one decomposition of the covariance to the next. */
  readonly decompositionGap: number;
}

function constantsOf(n: number, lambda: number, form: CovarianceForm): Constants {
  const mu = Math.floor(lambda / 2);
  const raw = Float64Array.from({ length: mu }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const weights = raw.map((weight) => weight / sum);
  const parents = 1 / weights.reduce((total, weight) => total + weight * weight, 0);
  const stepRate = (parents + 2) / (n + parents + 5);
  // The diagonal form has n instead of n²/2 numbers to learn, and learns them faster by (n + 2) / 3 (Ros and Hansen 2008, section 3).
  const speed = form === "diagonal" ? (n + 2) / 3 : 1;
  const rankOneRate = Math.min(1, (speed * 2) / ((n + 1.3) ** 2 + parents));
  const rankMuRate = Math.min(1 - rankOneRate, (speed * 2 * (1 / 4 + parents - 2 + 1 / parents)) / ((n + 2) ** 2 + parents));
  return {
    weights,
    effectiveParents: parents,
    stepRate,
    stepDamping: 1 + 2 * Math.max(0, Math.sqrt((parents - 1) / (n + 1)) - 1) + stepRate,
    pathRate: (4 + parents / n) / (n + 4 + (2 * parents) / n),
    rankOneRate,
    rankMuRate,
    expectedNorm: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
    // As in the reference implementation (purecma) up to n = 100; above, whenever .5% of what the covariance remembers has been renewed,
    // because decompositions would cost several times as much as all the rest.
    decompositionGap: Math.max(1, Math.floor(Math.max(0.5 / n, 0.005) / (rankOneRate + rankMuRate))),
  };
}

/** A search for the vector of the highest worth. Candidates and their worth pass through `ask` and `tell` in turn. */
export class CmaEs {
  readonly dimension: number;
  readonly populationSize: number;
  readonly #form: CovarianceForm;
  readonly #constants: Constants;
  #prng: Prng;
  #mean: Float64Array;
  #stepSize: number;
  #generation = 0;
  #decomposedAt = 0;
  /** p_σ and p_c. */
  #stepPath: Float64Array;
  #covariancePath: Float64Array;
  /** C = Bᵀ D² B with the axes as rows of B and the scales D, since the last decomposition. */
  #covariance: Float64Array;
  #axes: Float64Array;
  #scales: Float64Array;
  /** Steps (x − m)/σ of the candidates that were asked for last, `[λ, n]`. */
  #steps: Float64Array | null = null;

  /** Throws `usage` for a population of fewer than four and a step size that is not positive. */
  constructor(options: CmaEsOptions) {
    const n = options.mean.length;
    const lambda = options.populationSize ?? defaultPopulationSize(n);
    if (!(lambda >= 4 && Number.isInteger(lambda) && options.stepSize > 0 && n > 0)) {
      throw new MesascopeError(
        "usage",
        `${n} parameters, populationSize ${lambda} and stepSize ${options.stepSize} given; expected at least 1 and 4, and a positive number.`,
      );
    }
    this.dimension = n;
    this.populationSize = lambda;
    this.#form = options.covariance;
    this.#constants = constantsOf(n, lambda, options.covariance);
    this.#prng = options.prng;
    this.#mean = Float64Array.from(options.mean);
    this.#stepSize = options.stepSize;
    this.#stepPath = new Float64Array(n);
    this.#covariancePath = new Float64Array(n);
    this.#covariance = this.#form === "full" ? identity(n) : new Float64Array(n).fill(1);
    this.#axes = this.#form === "full" ? identity(n) : new Float64Array(0);
    this.#scales = new Float64Array(n).fill(1);
  }

  /** m, the best guess so far, `[n]`. Treat as read-only. */
  get mean(): Float64Array {
    return this.#mean;
  }

  /** σ. */
  get stepSize(): number {
    return this.#stepSize;
  }

  /** Quotient of the largest and the smallest variance along an axis of the search. */
  get condition(): number {
    return (maximumOf(this.#scales) / minimumOf(this.#scales)) ** 2;
  }

  /** λ candidates m + σ Bᵀ D z with z normal, `[λ, n]` (equations 38 to 40). */
  ask(): Float64Array {
    const n = this.dimension;
    this.#decompose();
    const steps = new Float64Array(this.populationSize * n);
    const z = new Float64Array(n);
    for (let k = 0; k < this.populationSize; k++) {
      for (let i = 0; i < n; i++) z[i] = this.#scales[i]! * this.#prng.normal();
      const step = steps.subarray(k * n, (k + 1) * n);
      if (this.#form === "full") addRows(step, z, this.#axes);
      else step.set(z);
    }
    this.#steps = steps;
    return Float64Array.from(steps, (step, i) => this.#mean[i % n]! + this.#stepSize * step);
  }

  /** Learns from what the candidates that `ask` gave last are worth, `[λ]`, higher is better. Throws `unconverged` when the search breaks down. */
  tell(worth: ArrayLike<number>): void {
    const steps = this.#steps;
    if (!steps || worth.length !== this.populationSize) {
      throw new MesascopeError(
        "usage",
        `${worth.length} numbers told; expected ${this.populationSize} for candidates that were asked for.`,
      );
    }
    for (let k = 0; k < worth.length; k++) {
      if (Number.isNaN(worth[k]!)) {
        throw new MesascopeError("unconverged", `candidate ${k} of ${worth.length} is worth NaN; expected a number.`);
      }
    }
    this.#steps = null;
    this.#generation++;
    const n = this.dimension;
    const { weights } = this.#constants;
    const order = Array.from({ length: worth.length }, (_, k) => k).sort((a, b) => worth[b]! - worth[a]!);
    const parents = Array.from(weights, (_, rank) => steps.subarray(order[rank]! * n, (order[rank]! + 1) * n));
    const meanStep = new Float64Array(n);
    parents.forEach((parent, rank) => {
      for (let i = 0; i < n; i++) meanStep[i]! += weights[rank]! * parent[i]!;
    });
    for (let i = 0; i < n; i++) this.#mean[i]! += this.#stepSize * meanStep[i]!;
    const isStalled = this.#cumulate(meanStep);
    this.#adaptCovariance(parents, isStalled);
    this.#adaptStepSize();
  }

  snapshot(): CmaEsSnapshot {
    return {
      tensors: {
        mean: this.#mean.slice(),
        stepPath: this.#stepPath.slice(),
        covariancePath: this.#covariancePath.slice(),
        covariance: this.#covariance.slice(),
        scales: this.#scales.slice(),
        ...(this.#form === "full" ? { axes: this.#axes.slice() } : {}),
      },
      state: {
        stepSize: this.#stepSize,
        generation: this.#generation,
        decomposedAt: this.#decomposedAt,
        prng: this.#prng.state(),
      },
    };
  }

  /** Continues from a snapshot of a search with the same options, taken between `tell` and `ask`. Throws `invalid-checkpoint`. */
  restore({ tensors, state }: CmaEsSnapshot): void {
    const copyOf = (name: string, length: number): Float64Array => {
      const given = tensors[name];
      if (given?.length === length) return given.slice();
      throw new MesascopeError(
        "invalid-checkpoint",
        `a snapshot with ${given === undefined ? "no" : `${given.length} numbers as`} tensor "${name}" given; expected float64 [${length}]. Start the run again.`,
      );
    };
    const n = this.dimension;
    const isFull = this.#form === "full";
    this.#mean = copyOf("mean", n);
    this.#stepPath = copyOf("stepPath", n);
    this.#covariancePath = copyOf("covariancePath", n);
    this.#covariance = copyOf("covariance", isFull ? n * n : n);
    this.#scales = copyOf("scales", n);
    if (isFull) this.#axes = copyOf("axes", n * n);
    this.#stepSize = state.stepSize;
    this.#generation = state.generation;
    this.#decomposedAt = state.decomposedAt;
    this.#prng = Prng.fromState(state.prng);
    this.#steps = null;
  }

  /** Lengthens both paths by the mean's step (equations 43 and 45). Whether the covariance's path must wait, because the other is too long. */
  #cumulate(meanStep: Float64Array): boolean {
    const { effectiveParents, stepRate, pathRate, expectedNorm } = this.#constants;
    const n = this.dimension;
    const whitened = this.#whiten(meanStep);
    const stepScale = Math.sqrt(stepRate * (2 - stepRate) * effectiveParents);
    for (let i = 0; i < n; i++) this.#stepPath[i] = (1 - stepRate) * this.#stepPath[i]! + stepScale * whitened[i]!;
    const usual = Math.sqrt(1 - (1 - stepRate) ** (2 * this.#generation));
    const isStalled = euclideanNorm(this.#stepPath) / usual >= (1.4 + 2 / (n + 1)) * expectedNorm;
    const pathScale = isStalled ? 0 : Math.sqrt(pathRate * (2 - pathRate) * effectiveParents);
    for (let i = 0; i < n; i++) {
      this.#covariancePath[i] = (1 - pathRate) * this.#covariancePath[i]! + pathScale * meanStep[i]!;
    }
    return isStalled;
  }

  /** C ← (1 − c₁ − c_μ + δ) C + c₁ p_c p_cᵀ + c_μ Σ wᵢ yᵢ yᵢᵀ (equation 47), or its diagonal. */
  #adaptCovariance(parents: readonly Float64Array[], isStalled: boolean): void {
    const { weights, pathRate, rankOneRate, rankMuRate } = this.#constants;
    const n = this.dimension;
    // What the path that waits would have added to the variance is kept instead.
    const kept = isStalled ? rankOneRate * pathRate * (2 - pathRate) : 0;
    const covariance = this.#covariance;
    const keep = 1 - rankOneRate - rankMuRate + kept;
    for (let i = 0; i < covariance.length; i++) covariance[i]! *= keep;
    const addSquare = (vector: Float64Array, weight: number): void => {
      if (this.#form === "diagonal") {
        for (let i = 0; i < n; i++) covariance[i]! += weight * vector[i]! * vector[i]!;
        return;
      }
      for (let i = 0; i < n; i++) {
        const row = i * n;
        const scaled = weight * vector[i]!;
        for (let j = 0; j < n; j++) covariance[row + j]! += scaled * vector[j]!;
      }
    };
    addSquare(this.#covariancePath, rankOneRate);
    parents.forEach((parent, rank) => {
      addSquare(parent, rankMuRate * weights[rank]!);
    });
  }

  /** σ ← σ exp((c_σ/d_σ)(‖p_σ‖/E‖N(0, 1)‖ − 1)) (equation 44). */
  #adaptStepSize(): void {
    const { stepRate, stepDamping, expectedNorm } = this.#constants;
    this.#stepSize *= Math.exp((stepRate / stepDamping) * (euclideanNorm(this.#stepPath) / expectedNorm - 1));
    if (!(this.#stepSize > 0 && this.#stepSize < Number.POSITIVE_INFINITY)) {
      throw new MesascopeError(
        "unconverged",
        `step size ${this.#stepSize} after generation ${this.#generation}; expected a positive number. What is searched has no optimum, or stepSize was far off.`,
      );
    }
  }

  /** C^(−½) y = Bᵀ D⁻¹ B y. */
  #whiten(step: Float64Array): Float64Array {
    const n = this.dimension;
    if (this.#form === "diagonal") return step.map((y, i) => y / this.#scales[i]!);
    const along = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += this.#axes[k * n + i]! * step[i]!;
      along[k] = sum / this.#scales[k]!;
    }
    const whitened = new Float64Array(n);
    addRows(whitened, along, this.#axes);
    return whitened;
  }

  /** Brings axes and scales up to the covariance: of the full form once in some generations, because of what it costs. */
  #decompose(): void {
    if (this.#form === "full") {
      if (this.#generation - this.#decomposedAt < this.#constants.decompositionGap) return;
      const { values, vectors } = symmetricEigen(this.#covariance);
      this.#axes = vectors;
      this.#scales = values.map(Math.sqrt);
    } else this.#scales = this.#covariance.map(Math.sqrt);
    this.#decomposedAt = this.#generation;
    if (!(this.condition <= worstCondition)) {
      throw new MesascopeError(
        "unconverged",
        `condition ${this.condition} of the covariance after generation ${this.#generation}; expected at most ${worstCondition}. Stop earlier, or scale the parameters alike.`,
      );
    }
  }
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** out += Σ_k factors[k] · row k. */
function addRows(out: Float64Array, factors: Float64Array, rows: Float64Array): void {
  const n = out.length;
  for (let k = 0; k < factors.length; k++) {
    const factor = factors[k]!;
    for (let i = 0; i < n; i++) out[i]! += factor * rows[k * n + i]!;
  }
}

function maximumOf(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function minimumOf(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b));
}
