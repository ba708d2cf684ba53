// Supervised training on generated tasks, told from top to bottom: draw a batch, take a gradient step, never see the batch again.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { prngStateSchema } from "../base/prng-state.ts";
import type { Engine, EngineSession, TensorData } from "../engine/engine.ts";
import { scalar, vector } from "../engine/tensor-data.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph, type Tensor } from "../graph/graph.ts";
import { add, mul } from "../graph/ops/arithmetic.ts";
import { concat, reshape, split } from "../graph/ops/layout.ts";
import { clipByGlobalNorm, globalNorm } from "../graph/optimizers.ts";
import { serialize } from "../graph/serialize.ts";
import { applyUpdate, slotNames, type UpdateRule } from "../graph/update-rules.ts";
import { elementCount, initializeParameters, parameterCount, splitParameters } from "../nets/parameters.ts";
import { type BaseOptimizer, type OptimizerSnapshot, readSnapshot, type UpdateMetrics } from "./base-optimizer.ts";
import { type Schedule, scheduledShare } from "./schedule.ts";
import type { Examples, RowType, SupervisedModel, SupervisedTask } from "./supervised-task.ts";

/** Plain data. */
export interface SupervisedConfig {
  /** Gradient steps of the run; a multiple of `stepsPerUpdate`. */
  readonly totalSteps: number;
  /** Examples in a step. */
  readonly batchSize: number;
  readonly rule: UpdateRule;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** The gradient is scaled down to this norm; null leaves it. */
  readonly maxGradNorm: number | null;
  /** Which parameters the rule's weight decay shrinks: those with two axes or more, as is usual, or all. Default `matrices`. */
  readonly decay?: "matrices" | "all";
  /** Gradient steps between one `update` and the next. */
  readonly stepsPerUpdate: number;
  /**
   * Steps in one graph, a divisor of `stepsPerUpdate` (default 1). The engine copies weights in and out at each call: with 60,000 weights
   * and batches of 64, eight steps in one took a quarter less time.
   */
  readonly unroll?: number;
  /**
   * Parts, equal in size, that a batch is taken through the graph in, their gradients added up (default 1): the same step, but what lies
   * between layers stays in the processor's cache when batches are large.
   */
  readonly slices?: number;
}

export interface SupervisedOptions {
  readonly engine: Engine;
  readonly task: SupervisedTask;
  readonly model: SupervisedModel;
  readonly config: SupervisedConfig;
  readonly prng: Prng;
}

const stateSchema = z.strictObject({ steps: z.int().min(0), prng: prngStateSchema });

/** A run of supervised training. Holds two engine sessions: call `release` when done. */
export class Supervised implements BaseOptimizer {
  readonly #options: SupervisedOptions;
  readonly #update: EngineSession;
  readonly #prediction: EngineSession;
  readonly #feeds: Readonly<Record<"inputs" | "targets", TensorData>>;
  readonly #slots: readonly string[];
  readonly #decayMask: TensorData;
  /** Parameters and slots by name, as the last step left them. */
  #vectors: Readonly<Record<string, TensorData>>;
  #prng: Prng;
  #steps = 0;

  private constructor(
    options: SupervisedOptions,
    sessions: { readonly update: EngineSession; readonly prediction: EngineSession },
  ) {
    const { config, task, model, prng } = options;
    this.#options = options;
    this.#update = sessions.update;
    this.#prediction = sessions.prediction;
    this.#prng = prng;
    this.#slots = slotNames(config.rule);
    const rows = config.batchSize * (config.unroll ?? 1);
    this.#feeds = { inputs: roomFor(task.inputs, rows), targets: roomFor(task.targets, rows) };
    const count = parameterCount(model.parameters);
    this.#decayMask = vector(decayMask(options));
    this.#vectors = {
      parameters: vector(initializeParameters(model.parameters, prng.fork("parameters"))),
      ...Object.fromEntries(this.#slots.map((name) => [name, vector(new Float32Array(count))])),
    };
  }

  /** Throws `usage` where one number of the configuration should divide another and does not. */
  static async create(options: SupervisedOptions): Promise<Supervised> {
    const { engine, config } = options;
    requireDivisor(config, "totalSteps", "stepsPerUpdate");
    requireDivisor(config, "stepsPerUpdate", "unroll");
    requireDivisor(config, "batchSize", "slices");
    const update = await engine.compile(serialize(updateGraph(options)));
    const prediction = await engine.compile(serialize(predictionGraph(options)));
    return new Supervised(options, { update, prediction });
  }

  get parameters(): Float32Array {
    return this.#vectors.parameters!.data as Float32Array;
  }

  /** Examples seen: there are no environments, so these count in their place. */
  get environmentSteps(): number {
    return this.#steps * this.#options.config.batchSize;
  }

  get isDone(): boolean {
    return this.#steps >= this.#options.config.totalSteps;
  }

  /**
   * `stepsPerUpdate` gradient steps, each on a fresh batch. The metrics' values are means over them: `loss`, `gradientNorm` (before
   * clipping), and the `learningRate` of the last. Throws `unconverged` on losses or weights that are no numbers.
   */
  async update(): Promise<UpdateMetrics> {
    const { config } = this.#options;
    const { unroll = 1, stepsPerUpdate } = config;
    let [loss, gradientNorm, learningRate] = [0, 0, 0];
    for (let taken = 0; taken < stepsPerUpdate; taken += unroll) {
      const rates = Float32Array.from({ length: unroll }, (_, i) => this.#learningRate(this.#steps + i));
      const outputs = await this.#step(rates);
      for (let i = 0; i < unroll; i++) {
        loss += Number(outputs.losses!.data[i]) / stepsPerUpdate;
        gradientNorm += Number(outputs.gradientNorms!.data[i]) / stepsPerUpdate;
      }
      learningRate = rates[unroll - 1]!;
    }
    // The last step of all shows in no loss any more, but in the weights.
    if (!Number.isFinite(loss) || !this.parameters.every(Number.isFinite)) {
      throw new MesascopeError(
        "unconverged",
        `weights or losses (${loss}) are no numbers after ${this.#steps} gradient steps; expected finite numbers. Lower learningRate or maxGradNorm and train again.`,
      );
    }
    return {
      update: this.#steps / stepsPerUpdate,
      environmentSteps: this.environmentSteps,
      episodes: 0,
      meanReturn: null,
      values: { loss, gradientNorm, learningRate },
    };
  }

  /** The model's outputs for `rows` examples, one after another. */
  async predict(inputs: Examples["inputs"], rows: number): Promise<Float32Array> {
    const targets = roomFor(this.#options.task.targets, rows).data as Examples["targets"];
    return (await this.#predict({ rows, inputs, targets })).outputs!.data as Float32Array;
  }

  /** The loss on given examples, for instance held-out ones. */
  async evaluate(examples: Examples): Promise<number> {
    return Number((await this.#predict(examples)).loss!.data[0]);
  }

  snapshot(): OptimizerSnapshot {
    const tensors = Object.entries(this.#vectors).map(([name, { data }]) => [name, data as Float32Array] as const);
    return { tensors: Object.fromEntries(tensors), state: { steps: this.#steps, prng: this.#prng.state() } };
  }

  restore(snapshot: OptimizerSnapshot): void {
    const count = this.parameters.length;
    const names = ["parameters", ...this.#slots];
    const lengths = Object.fromEntries(names.map((name) => [name, count]));
    const { tensors, state } = readSnapshot(snapshot, { state: stateSchema, tensors: lengths });
    this.#vectors = Object.fromEntries(names.map((name) => [name, vector(tensors[name]!)]));
    this.#steps = state.steps;
    this.#prng = Prng.fromState(state.prng);
  }

  async release(): Promise<void> {
    await this.#update.release();
    await this.#prediction.release();
  }

  /** One call of the update graph: a step for each of `rates`. */
  async #step(rates: Float32Array): Promise<Readonly<Record<string, TensorData>>> {
    const { task } = this.#options;
    const { inputs, targets } = this.#feeds;
    task.draw(
      { rows: inputs.dims[0]!, inputs: inputs.data as Examples["inputs"], targets: targets.data as Examples["targets"] },
      this.#prng,
    );
    const outputs = await this.#update.run({
      ...this.#feeds,
      ...this.#vectors,
      ...(decays(this.#options.config.rule) ? { decayMask: this.#decayMask } : {}),
      learningRates: vector(rates),
      step: scalar(this.#steps + 1),
    });
    this.#vectors = Object.fromEntries(Object.keys(this.#vectors).map((name) => [name, outputs[nextOf(name)]!]));
    this.#steps += rates.length;
    return outputs;
  }

  #predict({ rows, inputs, targets }: Examples): Promise<Readonly<Record<string, TensorData>>> {
    const { task } = this.#options;
    return this.#prediction.run({
      parameters: this.#vectors.parameters!,
      inputs: { dtype: task.inputs.dtype, dims: [rows, ...task.inputs.shape], data: inputs },
      targets: { dtype: task.targets.dtype, dims: [rows, ...task.targets.shape], data: targets },
    });
  }

  #learningRate(step: number): number {
    const { learningRate, schedule, totalSteps } = this.#options.config;
    return learningRate * scheduledShare(schedule, step / totalSteps);
  }
}

// ── The two graphs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

type GraphOptions = Pick<SupervisedOptions, "task" | "model" | "config">;

/**
 * `unroll` gradient steps: (parameters, slots `[P]`, inputs and targets `[unroll · batchSize, …]`, learningRates `[unroll]`, step of the
 * first) → the next parameters and slots, losses and gradientNorms `[unroll]`. Exported for the test against float64.
 */
export function updateGraph({ task, model, config }: GraphOptions): Graph {
  const { unroll = 1, slices = 1, batchSize, rule } = config;
  const graph = new Graph("supervised-update");
  const count = parameterCount(model.parameters);
  const rows = unroll * batchSize;
  let parameters = graph.input("parameters", "float32", [count]);
  let slots = Object.fromEntries(slotNames(rule).map((name) => [name, graph.input(name, "float32", [count])]));
  const inputs = inParts(graph.input("inputs", task.inputs.dtype, [rows, ...task.inputs.shape]), unroll * slices);
  const targets = inParts(graph.input("targets", task.targets.dtype, [rows, ...task.targets.shape]), unroll * slices);
  const rates = inParts(graph.input("learningRates", "float32", [unroll]), unroll);
  const first = graph.input("step", "float32", []);
  const mask = decays(rule) ? { decayMask: graph.input("decayMask", "float32", [count]) } : {};
  const [losses, norms]: [Tensor[], Tensor[]] = [[], []];
  for (let k = 0; k < unroll; k++) {
    const at = k * slices;
    const { loss, gradient } = batchGradient(
      { task, model, parameters },
      { inputs: inputs.slice(at, at + slices), targets: targets.slice(at, at + slices) },
    );
    const updated = applyUpdate(rule, {
      parameters,
      gradient: config.maxGradNorm === null ? gradient : clipByGlobalNorm(gradient, config.maxGradNorm),
      slots,
      learningRate: reshape(rates[k]!, []),
      step: add(first, graph.constant(k)),
      ...mask,
    });
    parameters = updated.parameters;
    slots = { ...updated.slots };
    losses.push(reshape(loss, [1]));
    norms.push(reshape(globalNorm(gradient), [1]));
  }
  graph.output(nextOf("parameters"), parameters);
  for (const [name, tensor] of Object.entries(slots)) graph.output(nextOf(name), tensor);
  graph.output("losses", concat(losses, 0));
  graph.output("gradientNorms", concat(norms, 0));
  return graph;
}

/** Loss and gradient of a batch: the means of those of its slices. The gradient of each is taken before the next one is computed. */
function batchGradient(
  { task, model, parameters }: Pick<GraphOptions, "task" | "model"> & { readonly parameters: Tensor },
  batch: { readonly inputs: readonly Tensor[]; readonly targets: readonly Tensor[] },
): { readonly loss: Tensor; readonly gradient: Tensor } {
  const weights = splitParameters(parameters, model.parameters);
  const share = parameters.graph.constant(1 / batch.inputs.length);
  const parts = batch.inputs.map((inputs, i) => {
    const mean = task.loss(model.outputs(weights, inputs), batch.targets[i]!);
    const loss = batch.inputs.length === 1 ? mean : mul(mean, share);
    return { loss, gradient: gradients(loss, [parameters])[0]! };
  });
  return parts.reduce((sum, part) => ({ loss: add(sum.loss, part.loss), gradient: add(sum.gradient, part.gradient) }));
}

/** (parameters `[P]`, inputs, targets `[N, …]`) → outputs `[N, …]`, loss. */
function predictionGraph({ task, model }: GraphOptions): Graph {
  const graph = new Graph("supervised-prediction");
  const parameters = graph.input("parameters", "float32", [parameterCount(model.parameters)]);
  const inputs = graph.input("inputs", task.inputs.dtype, ["N", ...task.inputs.shape]);
  const targets = graph.input("targets", task.targets.dtype, ["N", ...task.targets.shape]);
  const outputs = model.outputs(splitParameters(parameters, model.parameters), inputs);
  graph.output("outputs", outputs);
  graph.output("loss", task.loss(outputs, targets));
  return graph;
}

function inParts(x: Tensor, parts: number): readonly Tensor[] {
  if (parts === 1) return [x];
  return split(x, new Array<number>(parts).fill(Number(x.shape[0]) / parts), 0);
}

function nextOf(name: string): string {
  return `next.${name}`;
}

/** Whether parameters shrink under the rule, so that it matters which do. */
function decays(rule: UpdateRule): boolean {
  return rule.kind === "adamw" ? rule.weightDecay !== 0 : Boolean(rule.weightDecay);
}

/** `[P]`: 1 for the parameters that decay. */
function decayMask({ model, config }: GraphOptions): Float32Array {
  return Float32Array.from(
    model.parameters.flatMap(({ shape }) => {
      const isDecaying = config.decay === "all" || shape.length >= 2;
      return new Array<number>(elementCount(shape)).fill(isDecaying ? 1 : 0);
    }),
  );
}

function requireDivisor(
  config: SupervisedConfig,
  whole: "totalSteps" | "stepsPerUpdate" | "batchSize",
  part: "stepsPerUpdate" | "unroll" | "slices",
): void {
  const [dividend, divisor] = [config[whole], config[part] ?? 1];
  if (Number.isInteger(divisor) && divisor > 0 && dividend % divisor === 0) return;
  throw new MesascopeError("usage", `${part} ${divisor} given with ${whole} ${dividend}; expected a divisor of it.`);
}

function roomFor({ dtype, shape }: RowType, rows: number): TensorData {
  const length = rows * elementCount(shape);
  return { dtype, dims: [rows, ...shape], data: dtype === "int32" ? new Int32Array(length) : new Float32Array(length) };
}
