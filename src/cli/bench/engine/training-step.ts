// A training step as it is timed: weights and Adam's moments in, a loss, its gradient clipped, new weights and moments out.

import { Prng } from "../../../core/base/prng.ts";
import type { Engine, Feeds, TensorData } from "../../../core/engine/engine.ts";
import { scalar, vector } from "../../../core/engine/tensor-data.ts";
import { gradients } from "../../../core/graph/gradients.ts";
import { Graph, type Tensor } from "../../../core/graph/graph.ts";
import { adam, clippingScale } from "../../../core/graph/optimizers.ts";
import { serialize } from "../../../core/graph/serialize.ts";
import {
  initializeParameters,
  type ParameterSpec,
  parameterCount,
  splitParameters,
  type Weights,
} from "../../../core/nets/parameters.ts";
import type { Workload } from "./workload.ts";

export interface TrainingStep {
  readonly parameters: readonly ParameterSpec[];
  /** The loss, a scalar; declares its own inputs in the graph of the weights. */
  readonly loss: (graph: Graph, weights: Weights) => Tensor;
  /** What those inputs are fed at every step. */
  readonly feeds: Feeds;
  readonly samples: number;
  /** The gradient is scaled down to this norm. */
  readonly maxGradNorm: number;
}

/** Compiles the step. Its learning rate is 0: one batch again and again would kill units, and their moments end as denormal numbers, which are slow. */
export async function trainingStepWorkload(engine: Engine, training: TrainingStep): Promise<Workload> {
  const session = await engine.compile(serialize(stepGraph(training)));
  const data = initializeParameters(training.parameters, Prng.fromSeed(1));
  let parameters = vector(data);
  let firstMoment = vector(new Float32Array(data.length));
  let secondMoment = vector(new Float32Array(data.length));
  let count = 0;
  return {
    samples: training.samples,
    async step() {
      count++;
      const outputs = await session.run({ ...training.feeds, parameters, firstMoment, secondMoment, step: scalar(count) });
      parameters = outputs.newParameters!;
      firstMoment = outputs.newFirstMoment!;
      secondMoment = outputs.newSecondMoment!;
    },
    release: () => session.release(),
  };
}

function stepGraph({ parameters: specs, loss, maxGradNorm }: TrainingStep): Graph {
  const graph = new Graph("training-step");
  const count = parameterCount(specs);
  const [parameters, firstMoment, secondMoment] = ["parameters", "firstMoment", "secondMoment"].map((name) =>
    graph.input(name, "float32", [count]),
  ) as [Tensor, Tensor, Tensor];
  const total = loss(graph, splitParameters(parameters, specs));
  const gradient = gradients(total, [parameters])[0]!;
  const updated = adam({
    parameters,
    gradient,
    gradientScale: clippingScale(gradient, maxGradNorm),
    firstMoment,
    secondMoment,
    learningRate: graph.constant(0),
    step: graph.input("step", "float32", []),
  });
  graph.output("newParameters", updated.parameters);
  graph.output("newFirstMoment", updated.firstMoment);
  graph.output("newSecondMoment", updated.secondMoment);
  graph.output("loss", total);
  return graph;
}

/** Whole numbers below `bound`, `dims`. */
export function randomIntegers(prng: Prng, dims: readonly number[], bound: number): TensorData {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { dtype: "int32", dims, data: Int32Array.from({ length }, () => prng.integer(bound)) };
}

/** Zeros and ones, `share` of them ones, `dims`. */
export function randomBits(prng: Prng, dims: readonly number[], share: number): TensorData {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { dtype: "float32", dims, data: Float32Array.from({ length }, () => Number(prng.uniform() < share)) };
}

/** Standard normal numbers, `[length]`. */
export function randomNormals(prng: Prng, length: number): TensorData {
  return vector(Float32Array.from({ length }, () => prng.normal()));
}
