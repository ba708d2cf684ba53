// Proximal policy optimization (Schulman et al. 2017, arXiv:1707.06347), told from top to bottom.
// Follows CleanRL's ppo.py in names and details; the deviations are noted where they stand.

import { z } from "zod";
import type { Environment } from "../agents/environment.ts";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import type { Engine, EngineSession, TensorData } from "../engine/engine.ts";
import { scalar, vector } from "../engine/tensor-data.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph, type Tensor } from "../graph/graph.ts";
import { categoricalEntropy, categoricalLogProb } from "../graph/losses.ts";
import { add, div, maximum, mul, sub } from "../graph/ops/arithmetic.ts";
import { cast } from "../graph/ops/cast.ts";
import { greater } from "../graph/ops/comparison.ts";
import { clip, exp, neg, sqrt, square } from "../graph/ops/elementwise.ts";
import { concat, reshape } from "../graph/ops/layout.ts";
import { reduceMean } from "../graph/ops/reduce.ts";
import { logSoftmax } from "../graph/ops/softmax.ts";
import { adam, clippingScale } from "../graph/optimizers.ts";
import { serialize } from "../graph/serialize.ts";
import { initializeParameters, parameterCount, splitParameters } from "../nets/parameters.ts";
import type { PolicyOutputs, ReactiveNetwork } from "../nets/policy-shape.ts";
import { addValuesBeyond, computeAdvantages } from "./advantages.ts";
import { type BaseOptimizer, type OptimizerSnapshot, readSnapshot, type UpdateMetrics } from "./base-optimizer.ts";
import { scheduledShare } from "./schedule.ts";

/** CleanRL's names in camelCase. */
export interface PpoConfig {
  /** Environment steps over all environments; rounded up to whole updates. */
  readonly totalTimesteps: number;
  readonly numEnvs: number;
  readonly numSteps: number;
  readonly updateEpochs: number;
  readonly minibatchSize: number;
  readonly gamma: number;
  readonly gaeLambda: number;
  readonly learningRate: number;
  /** The learning rate falls linearly to this share of itself. */
  readonly finalLearningRateShare: number;
  readonly clipCoef: number;
  readonly entCoef: number;
  /** The entropy coefficient falls linearly to this share of itself. */
  readonly finalEntCoefShare: number;
  readonly vfCoef: number;
  readonly maxGradNorm: number;
}

/** What is left of a run when its vectors are taken away. */
const stateSchema = z.strictObject({
  update: z.int().min(0),
  gradientSteps: z.int().min(0),
  prng: prngStateSchema,
  environment: z.unknown(),
});

/** Learning rate and entropy coefficient after `environmentSteps`. */
export function annealed(
  config: PpoConfig,
  environmentSteps: number,
): { readonly learningRate: number; readonly entCoef: number } {
  const progress = environmentSteps / config.totalTimesteps;
  return {
    learningRate: config.learningRate * scheduledShare({ kind: "linear", final: config.finalLearningRateShare }, progress),
    entCoef: config.entCoef * scheduledShare({ kind: "linear", final: config.finalEntCoefShare }, progress),
  };
}

export interface PpoOptions {
  readonly engine: Engine;
  readonly environment: Environment;
  readonly network: ReactiveNetwork;
  readonly config: PpoConfig;
  readonly prng: Prng;
}

/** A PPO run. Holds two engine sessions: call `release` when done. */
export class Ppo implements BaseOptimizer {
  readonly #options: PpoOptions;
  readonly #policySession: EngineSession;
  readonly #updateSession: EngineSession;
  readonly #buffer: RolloutBuffer;
  #prng: Prng;
  #parameters: TensorData;
  #firstMoment: TensorData;
  #secondMoment: TensorData;
  #update = 0;
  #gradientSteps = 0;

  private constructor(options: PpoOptions, sessions: { readonly policy: EngineSession; readonly update: EngineSession }) {
    this.#options = options;
    this.#policySession = sessions.policy;
    this.#updateSession = sessions.update;
    this.#prng = options.prng;
    this.#buffer = createRolloutBuffer(options.config, options.environment.maxActive);
    this.#parameters = vector(initializeParameters(options.network.parameters, options.prng.fork("parameters")));
    this.#firstMoment = vector(new Float32Array(parameterCount(options.network.parameters)));
    this.#secondMoment = vector(new Float32Array(parameterCount(options.network.parameters)));
  }

  /** Throws `usage` when the minibatch size does not divide the batch. */
  static async create(options: PpoOptions): Promise<Ppo> {
    const { config, network, engine } = options;
    const batchSize = config.numEnvs * config.numSteps;
    if (batchSize % config.minibatchSize !== 0) {
      throw new MesascopeError(
        "usage",
        `minibatchSize ${config.minibatchSize} given with ${batchSize} steps an update (numEnvs × numSteps); expected a divisor of it.`,
      );
    }
    const maxActive = options.environment.maxActive;
    const policy = await engine.compile(serialize(rolloutGraph(network, { rows: config.numEnvs, maxActive })));
    const update = await engine.compile(serialize(updateGraph(network, config, maxActive)));
    return new Ppo(options, { policy, update });
  }

  /** The flat parameter vector `[P]` after the last update. Treat as read-only. */
  get parameters(): Float32Array {
    return this.#parameters.data as Float32Array;
  }

  get environmentSteps(): number {
    return this.#update * this.#buffer.size;
  }

  get isDone(): boolean {
    return this.environmentSteps >= this.#options.config.totalTimesteps;
  }

  /**
   * One update: collect numEnvs × numSteps steps, then updateEpochs passes over them. Its `values` are means over the minibatches:
   * `policyLoss`, `valueLoss`, `entropy`, `approxKl` (the estimator (r − 1) − log r of KL(old‖new); Schulman 2020, "Approximating KL
   * divergence") and `clipFraction`; and the `learningRate`. Throws `unconverged` on losses or weights that are no numbers.
   */
  async update(): Promise<UpdateMetrics> {
    const { config, environment } = this.#options;
    const { learningRate, entCoef } = annealed(config, this.environmentSteps);
    await this.#collect();
    computeAdvantages(this.#buffer, config);
    const stats = await this.#learn(learningRate, entCoef);

    this.#update++;
    const totals = environment.takeTotals();
    return {
      update: this.#update,
      environmentSteps: this.environmentSteps,
      episodes: totals.episodes,
      meanReturn: totals.episodes === 0 ? null : totals.returnSum / totals.episodes,
      values: { ...namedStats(stats), learningRate },
    };
  }

  /** The tensors `parameters`, `firstMoment` and `secondMoment`, `[P]` each, and the rest as plain data. */
  snapshot(): OptimizerSnapshot {
    return {
      tensors: {
        parameters: this.parameters,
        firstMoment: this.#firstMoment.data as Float32Array,
        secondMoment: this.#secondMoment.data as Float32Array,
      },
      state: {
        update: this.#update,
        gradientSteps: this.#gradientSteps,
        prng: this.#prng.state(),
        environment: this.#options.environment.snapshot(),
      },
    };
  }

  /** Throws `invalid-checkpoint` for the snapshot of anything else. */
  restore(snapshot: OptimizerSnapshot): void {
    const count = parameterCount(this.#options.network.parameters);
    const { tensors, state } = readSnapshot(snapshot, {
      state: stateSchema,
      tensors: { parameters: count, firstMoment: count, secondMoment: count },
    });
    this.#parameters = vector(tensors.parameters);
    this.#firstMoment = vector(tensors.firstMoment);
    this.#secondMoment = vector(tensors.secondMoment);
    this.#update = state.update;
    this.#gradientSteps = state.gradientSteps;
    this.#prng = Prng.fromState(state.prng);
    this.#options.environment.restore(state.environment);
  }

  async release(): Promise<void> {
    await this.#policySession.release();
    await this.#updateSession.release();
  }

  /** Fills the buffer with numSteps steps of every environment under the current policy, and the values one step beyond. */
  async #collect(): Promise<void> {
    const { config, environment } = this.#options;
    const buffer = this.#buffer;
    const { numEnvs } = config;
    const rowLength = numEnvs * buffer.maxActive;
    for (let t = 0; t <= config.numSteps; t++) {
      const active = buffer.active.subarray(t * rowLength, (t + 1) * rowLength);
      environment.observe(active);
      const outputs = await this.#policySession.run({
        parameters: this.#parameters,
        active: { dtype: "int32", dims: [numEnvs, buffer.maxActive], data: active },
      });
      buffer.values.set(outputs.value!.data as Float32Array, t * numEnvs);
      if (t === config.numSteps) break; // only the values were wanted
      const actions = buffer.actions.subarray(t * numEnvs, (t + 1) * numEnvs);
      const logProbs = buffer.logProbs.subarray(t * numEnvs, (t + 1) * numEnvs);
      sampleActions(outputs.logProbs!.data as Float32Array, { actions, logProbs, prng: this.#prng });
      environment.step(actions);
      buffer.rewards.set(environment.rewards, t * numEnvs);
      buffer.ended.set(environment.ended, t * numEnvs);
      if (environment.ended.includes(2)) await this.#addValuesBeyond(buffer.rewards.subarray(t * numEnvs, (t + 1) * numEnvs));
    }
  }

  /** Where the last step cut episodes off, their rewards `[numEnvs]` take in what the state beyond is worth. */
  async #addValuesBeyond(rewards: Float32Array): Promise<void> {
    const { config, environment } = this.#options;
    const outputs = await this.#policySession.run({
      parameters: this.#parameters,
      active: { dtype: "int32", dims: [config.numEnvs, environment.maxActive], data: environment.beyond },
    });
    const values = outputs.value!.data as Float32Array;
    addValuesBeyond(rewards, { ended: environment.ended, values, gamma: config.gamma });
  }

  /** Runs the update graph over shuffled minibatches; returns the mean statistics. */
  async #learn(learningRate: number, entCoef: number): Promise<Float64Array> {
    const { config } = this.#options;
    const buffer = this.#buffer;
    const batch = createMinibatch(config.minibatchSize, buffer.maxActive);
    const order = Int32Array.from({ length: buffer.size }, (_, i) => i);
    const means = new Float64Array(5);
    const minibatches = (buffer.size / config.minibatchSize) * config.updateEpochs;
    for (let epoch = 0; epoch < config.updateEpochs; epoch++) {
      this.#prng.shuffle(order);
      for (let start = 0; start < buffer.size; start += config.minibatchSize) {
        fillMinibatch(batch, buffer, order.subarray(start, start + config.minibatchSize));
        this.#gradientSteps++;
        const outputs = await this.#updateSession.run({
          ...batch.feeds,
          parameters: this.#parameters,
          firstMoment: this.#firstMoment,
          secondMoment: this.#secondMoment,
          learningRate: scalar(learningRate),
          entCoef: scalar(entCoef),
          step: scalar(this.#gradientSteps),
        });
        this.#parameters = outputs.newParameters!;
        this.#firstMoment = outputs.newFirstMoment!;
        this.#secondMoment = outputs.newSecondMoment!;
        const stats = outputs.stats!.data as Float32Array;
        for (let i = 0; i < means.length; i++) means[i]! += stats[i]! / minibatches;
      }
    }
    requireNumbers({ means, parameters: this.parameters, update: this.#update + 1 });
    return means;
  }
}

/** Throws `unconverged`. The last step of all shows in no loss any more, but in the weights. */
export function requireNumbers(after: {
  readonly means: Float64Array;
  readonly parameters: Float32Array;
  readonly update: number;
}): void {
  if (after.means.every(Number.isFinite) && after.parameters.every(Number.isFinite)) return;
  throw new MesascopeError(
    "unconverged",
    `weights or losses (${[...after.means].join(", ")}) are no numbers after update ${after.update}; expected finite numbers. Lower learningRate or maxGradNorm and train again.`,
  );
}

// ── The two graphs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** (parameters `[P]`, active `[rows, K]`) → logProbs `[rows, A]`, value `[rows]`. */
function rolloutGraph(network: ReactiveNetwork, size: { readonly rows: number; readonly maxActive: number }): Graph {
  const graph = new Graph("ppo-rollout");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const active = graph.input("active", "int32", [size.rows, size.maxActive]);
  const { logits, value } = network.onActive(splitParameters(parameters, network.parameters), active);
  graph.output("logProbs", logSoftmax(logits));
  graph.output("value", value);
  return graph;
}

/** One gradient step on a minibatch. Exported for the test against float64. */
export function updateGraph(network: ReactiveNetwork, config: PpoConfig, maxActive: number): Graph {
  const graph = new Graph("ppo-update");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const active = graph.input("active", "int32", [config.minibatchSize, maxActive]);
  const outputs = network.onActive(splitParameters(parameters, network.parameters), active);
  addClippedStep(graph, { parameters, outputs, config });
  return graph;
}

/**
 * The rest of an update, whatever the network: clipped loss, backward, clipping of the gradient, Adam. Declares the inputs `firstMoment`,
 * `secondMoment` `[P]`, `actions`, `oldLogProbs`, `advantages`, `returns` `[N]`, `learningRate`, `entCoef`, `step`, and the outputs
 * `newParameters`, `newFirstMoment`, `newSecondMoment` `[P]` and `stats` (see `namedStats`), where N is the minibatch size.
 */
export function addClippedStep(
  graph: Graph,
  forward: {
    /** The flat vector `[P]`. */
    readonly parameters: Tensor;
    readonly outputs: Pick<PolicyOutputs, "logits" | "value">;
    readonly config: PpoConfig;
  },
): void {
  const { parameters, config } = forward;
  const { logits, value } = forward.outputs;
  const rows = config.minibatchSize;
  const firstMoment = graph.input("firstMoment", "float32", parameters.shape);
  const secondMoment = graph.input("secondMoment", "float32", parameters.shape);
  const actions = graph.input("actions", "int32", [rows]);
  const oldLogProbs = graph.input("oldLogProbs", "float32", [rows]);
  const advantages = graph.input("advantages", "float32", [rows]);
  const returns = graph.input("returns", "float32", [rows]);
  const learningRate = graph.input("learningRate", "float32", []);
  const entCoef = graph.input("entCoef", "float32", []);
  const step = graph.input("step", "float32", []);

  const allLogProbs = logSoftmax(logits);
  const logRatio = sub(categoricalLogProb(allLogProbs, actions), oldLogProbs);
  const ratio = exp(logRatio);

  // Divided by the deviation of this minibatch itself, n in the denominator; CleanRL has n − 1.
  const centered = sub(advantages, reduceMean(advantages));
  const normalized = div(centered, add(sqrt(reduceMean(square(centered))), graph.constant(1e-8)));
  const unclipped = mul(neg(normalized), ratio);
  const clipped = mul(neg(normalized), clip(ratio, { low: 1 - config.clipCoef, high: 1 + config.clipCoef }));
  const policyLoss = reduceMean(maximum(unclipped, clipped));
  // No clipping of the value loss: it did not help (Andrychowicz et al. 2021, arXiv:2006.05990, choice C12).
  const valueLoss = mul(graph.constant(0.5), reduceMean(square(sub(value, returns))));
  const entropy = reduceMean(categoricalEntropy(allLogProbs));
  const loss = add(sub(policyLoss, mul(entCoef, entropy)), mul(graph.constant(config.vfCoef), valueLoss));

  const [gradient] = gradients(loss, [parameters]) as [Tensor];
  const updated = adam({
    parameters,
    gradient,
    gradientScale: clippingScale(gradient, config.maxGradNorm),
    firstMoment,
    secondMoment,
    learningRate,
    step,
  });
  graph.output("newParameters", updated.parameters);
  graph.output("newFirstMoment", updated.firstMoment);
  graph.output("newSecondMoment", updated.secondMoment);

  const approxKl = reduceMean(sub(sub(ratio, graph.constant(1)), logRatio));
  const isClipped = greater(square(sub(ratio, graph.constant(1))), graph.constant(config.clipCoef ** 2));
  graph.output("stats", stack([policyLoss, valueLoss, entropy, approxKl, reduceMean(cast(isClipped, "float32"))]));
}

/** The five statistics of an update by their names. */
export function namedStats(stats: ArrayLike<number>) {
  return { policyLoss: stats[0]!, valueLoss: stats[1]!, entropy: stats[2]!, approxKl: stats[3]!, clipFraction: stats[4]! };
}

// ── Rollouts and advantages ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Everything `[numSteps, numEnvs]` in that order; `values` and `active` hold one step more. */
interface RolloutBuffer {
  readonly size: number;
  readonly maxActive: number;
  readonly active: Int32Array;
  readonly actions: Int32Array;
  readonly logProbs: Float32Array;
  readonly rewards: Float32Array;
  readonly ended: Uint8Array;
  readonly values: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

function createRolloutBuffer(config: PpoConfig, maxActive: number): RolloutBuffer {
  const size = config.numSteps * config.numEnvs;
  return {
    size,
    maxActive,
    active: new Int32Array((size + config.numEnvs) * maxActive),
    actions: new Int32Array(size),
    logProbs: new Float32Array(size),
    rewards: new Float32Array(size),
    ended: new Uint8Array(size),
    values: new Float32Array(size + config.numEnvs),
    advantages: new Float32Array(size),
    returns: new Float32Array(size),
  };
}

/** Draws an action per row of `allLogProbs` `[N, A]` by inverting the cumulative distribution; writes into `actions` and `logProbs`. */
export function sampleActions(
  allLogProbs: Float32Array,
  out: { readonly actions: Int32Array; readonly logProbs: Float32Array; readonly prng: Prng },
): void {
  const rows = out.actions.length;
  const actionCount = allLogProbs.length / rows;
  for (let row = 0; row < rows; row++) {
    let left = out.prng.uniform();
    let action = 0;
    for (; action < actionCount - 1; action++) {
      left -= Math.exp(allLogProbs[row * actionCount + action]!);
      if (left < 0) break;
    }
    out.actions[row] = action;
    out.logProbs[row] = allLogProbs[row * actionCount + action]!;
  }
}

interface Minibatch {
  readonly active: Int32Array;
  readonly actions: Int32Array;
  readonly oldLogProbs: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly feeds: Readonly<Record<string, TensorData>>;
}

function createMinibatch(rows: number, maxActive: number): Minibatch {
  const active = new Int32Array(rows * maxActive);
  const actions = new Int32Array(rows);
  const oldLogProbs = new Float32Array(rows);
  const advantages = new Float32Array(rows);
  const returns = new Float32Array(rows);
  const feeds: Record<string, TensorData> = {
    active: { dtype: "int32", dims: [rows, maxActive], data: active },
    actions: { dtype: "int32", dims: [rows], data: actions },
    oldLogProbs: vector(oldLogProbs),
    advantages: vector(advantages),
    returns: vector(returns),
  };
  return { active, actions, oldLogProbs, advantages, returns, feeds };
}

function fillMinibatch(batch: Minibatch, buffer: RolloutBuffer, rows: Int32Array): void {
  const { maxActive } = buffer;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let k = 0; k < maxActive; k++) batch.active[i * maxActive + k] = buffer.active[row * maxActive + k]!;
    batch.actions[i] = buffer.actions[row]!;
    batch.oldLogProbs[i] = buffer.logProbs[row]!;
    batch.advantages[i] = buffer.advantages[row]!;
    batch.returns[i] = buffer.returns[row]!;
  }
}

function stack(scalars: readonly Tensor[]): Tensor {
  return concat(
    scalars.map((tensor) => reshape(tensor, [1])),
    0,
  );
}
