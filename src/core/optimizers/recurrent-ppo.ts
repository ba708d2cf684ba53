// Proximal policy optimization for networks with memory, told from top to bottom. As ppo.ts, whose loss and step it takes, but that the
// memory is carried along: through rollouts, over the border of one update and the next, and back through time in the gradient. Follows
// CleanRL's ppo_atari_lstm.py; what the memory does not touch is explained in ppo.ts.

import { z } from "zod";
import type { Environment } from "../agents/environment.ts";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import type { Engine, EngineSession, TensorData } from "../engine/engine.ts";
import { scalar, vector } from "../engine/tensor-data.ts";
import { Graph } from "../graph/graph.ts";
import { logSoftmax } from "../graph/ops/softmax.ts";
import { serialize } from "../graph/serialize.ts";
import { initializeParameters, parameterCount, splitParameters } from "../nets/parameters.ts";
import type { RecurrentNetwork } from "../nets/policy-shape.ts";
import { addValuesBeyond, computeAdvantages } from "./advantages.ts";
import { type BaseOptimizer, type OptimizerSnapshot, readSnapshot, type UpdateMetrics } from "./base-optimizer.ts";
import { addClippedStep, annealed, namedStats, type PpoConfig, requireNumbers, sampleActions } from "./ppo.ts";

export interface RecurrentPpoOptions {
  readonly engine: Engine;
  readonly environment: Environment;
  readonly network: RecurrentNetwork;
  /** A minibatch is made of whole sequences: `minibatchSize` is a multiple of `numSteps`. */
  readonly config: PpoConfig;
  readonly prng: Prng;
}

/** What is left of a run when its vectors are taken away. */
const stateSchema = z.strictObject({
  update: z.int().min(0),
  gradientSteps: z.int().min(0),
  prng: prngStateSchema,
  environment: z.unknown(),
});

/** A run of recurrent PPO. Holds two engine sessions: call `release` when done. */
export class RecurrentPpo implements BaseOptimizer {
  readonly #options: RecurrentPpoOptions;
  readonly #rolloutSession: EngineSession;
  readonly #updateSession: EngineSession;
  readonly #buffer: SequenceBuffer;
  #prng: Prng;
  #parameters: TensorData;
  #firstMoment: TensorData;
  #secondMoment: TensorData;
  /** What the next step is given, `[numEnvs, memorySize]`; zeros where it begins an episode. */
  #memory: Float32Array;
  #update = 0;
  #gradientSteps = 0;

  private constructor(
    options: RecurrentPpoOptions,
    sessions: { readonly rollout: EngineSession; readonly update: EngineSession },
  ) {
    const { config, environment, network, prng } = options;
    this.#options = options;
    this.#rolloutSession = sessions.rollout;
    this.#updateSession = sessions.update;
    this.#prng = prng;
    this.#buffer = createSequenceBuffer(config, environment.maxActive, network.memorySize);
    this.#memory = new Float32Array(config.numEnvs * network.memorySize);
    this.#parameters = vector(initializeParameters(network.parameters, prng.fork("parameters")));
    this.#firstMoment = vector(new Float32Array(parameterCount(network.parameters)));
    this.#secondMoment = vector(new Float32Array(parameterCount(network.parameters)));
  }

  /** Throws `usage` when minibatches cannot be made of whole sequences. */
  static async create(options: RecurrentPpoOptions): Promise<RecurrentPpo> {
    const { config, network, engine, environment } = options;
    const { minibatchSize, numSteps, numEnvs } = config;
    if (minibatchSize % numSteps !== 0 || (numEnvs * numSteps) % minibatchSize !== 0) {
      throw new MesascopeError(
        "usage",
        `minibatchSize ${minibatchSize} given with sequences of ${numSteps} steps (numSteps) in ${numEnvs} environments (numEnvs); expected a multiple of ${numSteps} that divides ${numEnvs * numSteps}.`,
      );
    }
    const rollout = await engine.compile(serialize(rolloutGraph(network, { rows: numEnvs, maxActive: environment.maxActive })));
    const update = await engine.compile(serialize(recurrentUpdateGraph(network, config, environment.maxActive)));
    return new RecurrentPpo(options, { rollout, update });
  }

  get parameters(): Float32Array {
    return this.#parameters.data as Float32Array;
  }

  get environmentSteps(): number {
    return this.#update * this.#buffer.size;
  }

  get isDone(): boolean {
    return this.environmentSteps >= this.#options.config.totalTimesteps;
  }

  /** One update: numSteps steps of every environment, then updateEpochs passes over their sequences. Its `values` are those of `Ppo.update`. */
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

  /** The tensors `parameters`, `firstMoment`, `secondMoment` `[P]` and `memory` `[numEnvs · memorySize]`, and the rest as plain data. */
  snapshot(): OptimizerSnapshot {
    return {
      tensors: {
        parameters: this.parameters,
        firstMoment: this.#firstMoment.data as Float32Array,
        secondMoment: this.#secondMoment.data as Float32Array,
        memory: this.#memory.slice(),
      },
      state: {
        update: this.#update,
        gradientSteps: this.#gradientSteps,
        prng: this.#prng.state(),
        environment: this.#options.environment.snapshot(),
      },
    };
  }

  restore(snapshot: OptimizerSnapshot): void {
    const count = parameterCount(this.#options.network.parameters);
    const { tensors, state } = readSnapshot(snapshot, {
      state: stateSchema,
      tensors: { parameters: count, firstMoment: count, secondMoment: count, memory: this.#memory.length },
    });
    this.#parameters = vector(tensors.parameters);
    this.#firstMoment = vector(tensors.firstMoment);
    this.#secondMoment = vector(tensors.secondMoment);
    this.#memory = tensors.memory.slice();
    this.#update = state.update;
    this.#gradientSteps = state.gradientSteps;
    this.#prng = Prng.fromState(state.prng);
    this.#options.environment.restore(state.environment);
  }

  async release(): Promise<void> {
    await this.#rolloutSession.release();
    await this.#updateSession.release();
  }

  /** Fills the buffer with numSteps steps of every environment under the current policy, and the values one step beyond. */
  async #collect(): Promise<void> {
    const { config, environment } = this.#options;
    const buffer = this.#buffer;
    const { numEnvs } = config;
    const rowLength = numEnvs * buffer.maxActive;
    buffer.memory.set(this.#memory);
    for (let t = 0; t <= config.numSteps; t++) {
      const active = buffer.active.subarray(t * rowLength, (t + 1) * rowLength);
      environment.observe(active);
      const outputs = await this.#run(active, this.#memory);
      buffer.values.set(outputs.value!.data as Float32Array, t * numEnvs);
      if (t === config.numSteps) break; // only the values were wanted: the next update sees this observation again
      const actions = buffer.actions.subarray(t * numEnvs, (t + 1) * numEnvs);
      const logProbs = buffer.logProbs.subarray(t * numEnvs, (t + 1) * numEnvs);
      sampleActions(outputs.logProbs!.data as Float32Array, { actions, logProbs, prng: this.#prng });
      environment.step(actions);
      this.#memory = outputs.nextMemory!.data as Float32Array;
      buffer.rewards.set(environment.rewards, t * numEnvs);
      buffer.ended.set(environment.ended, t * numEnvs);
      if (environment.ended.includes(2)) await this.#addValuesBeyond(buffer.rewards.subarray(t * numEnvs, (t + 1) * numEnvs));
      this.#wipeMemory();
    }
  }

  /** Where the last step cut episodes off, their rewards `[numEnvs]` take in what the state beyond is worth, as the memory sees it. */
  async #addValuesBeyond(rewards: Float32Array): Promise<void> {
    const { config, environment } = this.#options;
    const outputs = await this.#run(environment.beyond, this.#memory);
    const values = outputs.value!.data as Float32Array;
    addValuesBeyond(rewards, { ended: environment.ended, values, gamma: config.gamma });
  }

  /** Nothing is remembered of an episode that is over. */
  #wipeMemory(): void {
    const { environment, network } = this.#options;
    environment.ended.forEach((ended, env) => {
      if (ended !== 0) this.#memory.fill(0, env * network.memorySize, (env + 1) * network.memorySize);
    });
  }

  #run(active: Int32Array, memory: Float32Array): Promise<Record<string, TensorData>> {
    const { config, network } = this.#options;
    return this.#rolloutSession.run({
      parameters: this.#parameters,
      active: { dtype: "int32", dims: [config.numEnvs, this.#buffer.maxActive], data: active },
      memory: { dtype: "float32", dims: [config.numEnvs, network.memorySize], data: memory },
    });
  }

  /** Runs the update graph over the sequences of shuffled environments; returns the mean statistics. */
  async #learn(learningRate: number, entCoef: number): Promise<Float64Array> {
    const { config } = this.#options;
    const buffer = this.#buffer;
    const perMinibatch = config.minibatchSize / config.numSteps;
    const batch = createSequenceMinibatch(config, buffer);
    const order = Int32Array.from({ length: config.numEnvs }, (_, env) => env);
    const means = new Float64Array(5);
    const minibatches = (config.numEnvs / perMinibatch) * config.updateEpochs;
    for (let epoch = 0; epoch < config.updateEpochs; epoch++) {
      this.#prng.shuffle(order);
      for (let start = 0; start < config.numEnvs; start += perMinibatch) {
        fillSequences(batch, buffer, order.subarray(start, start + perMinibatch));
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

// ── The two graphs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** (parameters `[P]`, active `[rows, K]`, memory `[rows, M]`) → logProbs `[rows, A]`, value `[rows]`, nextMemory `[rows, M]`. */
function rolloutGraph(network: RecurrentNetwork, size: { readonly rows: number; readonly maxActive: number }): Graph {
  const graph = new Graph("recurrent-ppo-rollout");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const active = graph.input("active", "int32", [size.rows, size.maxActive]);
  const memory = graph.input("memory", "float32", [size.rows, network.memorySize]);
  const outputs = network.stepOnActive(splitParameters(parameters, network.parameters), active, memory);
  graph.output("logProbs", logSoftmax(outputs.logits));
  graph.output("value", outputs.value);
  graph.output("nextMemory", outputs.memory);
  return graph;
}

/**
 * One gradient step on sequences of numSteps steps, from the memory that the rollout had before their first: no gradient reaches further
 * back. The memory was made by weights of one update ago at most, as in CleanRL. Exported for the test against float64.
 */
export function recurrentUpdateGraph(network: RecurrentNetwork, config: PpoConfig, maxActive: number): Graph {
  const graph = new Graph("recurrent-ppo-update");
  const steps = config.numSteps;
  const rows = config.minibatchSize / steps;
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const outputs = network.unroll(splitParameters(parameters, network.parameters), {
    active: graph.input("active", "int32", [steps * rows, maxActive]),
    steps,
    memory: graph.input("memory", "float32", [rows, network.memorySize]),
    keep: graph.input("keep", "float32", [steps, rows]),
  });
  addClippedStep(graph, { parameters, outputs, config });
  return graph;
}

// ── Sequences ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Everything `[numSteps, numEnvs]` in that order; `values` and `active` hold one step more. */
interface SequenceBuffer {
  readonly size: number;
  readonly maxActive: number;
  /** Before the first step, `[numEnvs, memorySize]`. */
  readonly memory: Float32Array;
  readonly active: Int32Array;
  readonly actions: Int32Array;
  readonly logProbs: Float32Array;
  readonly rewards: Float32Array;
  readonly ended: Uint8Array;
  readonly values: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

function createSequenceBuffer(config: PpoConfig, maxActive: number, memorySize: number): SequenceBuffer {
  const size = config.numSteps * config.numEnvs;
  return {
    size,
    maxActive,
    memory: new Float32Array(config.numEnvs * memorySize),
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

/** Sequences of some environments, `[numSteps, rows]` in that order. */
interface SequenceMinibatch {
  readonly memory: Float32Array;
  readonly keep: Float32Array;
  readonly active: Int32Array;
  readonly actions: Int32Array;
  readonly oldLogProbs: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly feeds: Readonly<Record<string, TensorData>>;
}

function createSequenceMinibatch(config: PpoConfig, buffer: SequenceBuffer): SequenceMinibatch {
  const size = config.minibatchSize;
  const rows = size / config.numSteps;
  const memorySize = buffer.memory.length / config.numEnvs;
  const memory = new Float32Array(rows * memorySize);
  const keep = new Float32Array(size);
  const active = new Int32Array(size * buffer.maxActive);
  const actions = new Int32Array(size);
  const oldLogProbs = new Float32Array(size);
  const advantages = new Float32Array(size);
  const returns = new Float32Array(size);
  const feeds: Record<string, TensorData> = {
    memory: { dtype: "float32", dims: [rows, memorySize], data: memory },
    keep: { dtype: "float32", dims: [config.numSteps, rows], data: keep },
    active: { dtype: "int32", dims: [size, buffer.maxActive], data: active },
    actions: { dtype: "int32", dims: [size], data: actions },
    oldLogProbs: vector(oldLogProbs),
    advantages: vector(advantages),
    returns: vector(returns),
  };
  return { memory, keep, active, actions, oldLogProbs, advantages, returns, feeds };
}

/** Writes the sequences of the environments `envs`. */
function fillSequences(batch: SequenceMinibatch, buffer: SequenceBuffer, envs: Int32Array): void {
  const { maxActive } = buffer;
  const rows = envs.length;
  const memorySize = batch.memory.length / rows;
  const numEnvs = buffer.memory.length / memorySize;
  const steps = batch.keep.length / rows;
  for (let row = 0; row < rows; row++) {
    const env = envs[row]!;
    batch.memory.set(buffer.memory.subarray(env * memorySize, (env + 1) * memorySize), row * memorySize);
    for (let t = 0; t < steps; t++) {
      const to = t * rows + row;
      const from = t * numEnvs + env;
      // Where the rollout itself begins an episode, its memory is zero already.
      batch.keep[to] = t > 0 && buffer.ended[from - numEnvs] !== 0 ? 0 : 1;
      for (let k = 0; k < maxActive; k++) batch.active[to * maxActive + k] = buffer.active[from * maxActive + k]!;
      batch.actions[to] = buffer.actions[from]!;
      batch.oldLogProbs[to] = buffer.logProbs[from]!;
      batch.advantages[to] = buffer.advantages[from]!;
      batch.returns[to] = buffer.returns[from]!;
    }
  }
}
