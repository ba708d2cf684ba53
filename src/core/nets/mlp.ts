// The multilayer perceptron with a policy head and a value head, over binary inputs: sparse while training, dense when exported.

import type { Tensor } from "../graph/graph.ts";
import { add } from "../graph/ops/arithmetic.ts";
import { relu } from "../graph/ops/elementwise.ts";
import { gather } from "../graph/ops/gather.ts";
import { reshape, unsqueeze } from "../graph/ops/layout.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { reduceSum } from "../graph/ops/reduce.ts";
import { sparseRowSum } from "../graph/ops/sparse-row-sum.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import { headParameters, heads } from "./policy-heads.ts";
import type { PolicyOutputs, PolicyShape, ReactiveNetwork } from "./policy-shape.ts";

export interface MlpOptions {
  readonly kind: "mlp";
  /** Widths of the hidden layers, at least one. */
  readonly hidden: readonly number[];
}

/** The network; its hook points are `hidden.0.pre`, `hidden.0.post`, … */
export function mlp(options: MlpOptions, shape: PolicyShape): ReactiveNetwork {
  return {
    kind: "reactive",
    shape,
    parameters: mlpParameters(options, shape),
    onActive: mlpOnActive,
    onDense: mlpOnDense,
    population: { table: "hidden.0.weight", logits: mlpPopulation },
  };
}

/** The parameters of the network: orthogonal, gain √2 (hidden), .01 (policy head), 1 (value head), as in CleanRL's ppo.py. */
export function mlpParameters(options: MlpOptions, shape: PolicyShape): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  let width = shape.inputSize;
  options.hidden.forEach((next, layer) => {
    specs.push({ name: `hidden.${layer}.weight`, shape: [width, next], initial: { kind: "orthogonal", gain: Math.SQRT2 } });
    specs.push({ name: `hidden.${layer}.bias`, shape: [next], initial: { kind: "zeros" } });
    width = next;
  });
  return [...specs, ...headParameters(width, shape.actionCount)];
}

/** The network on places of the ones, int32 `[N, K]` padded with the input size. */
export function mlpOnActive(weights: Weights, active: Tensor): PolicyOutputs {
  return mlpFrom(weights, sparseRowSum(weights["hidden.0.weight"]!, active));
}

/** The same network on dense observations, float32 `[N, inputSize]`. */
export function mlpOnDense(weights: Weights, observation: Tensor): PolicyOutputs {
  return mlpFrom(weights, matMul(observation, weights["hidden.0.weight"]!));
}

/** The logits of several networks, by products batched over members; see `PopulationForm`. */
function mlpPopulation(weights: Weights, active: Tensor): Tensor {
  const [members, width] = weights["hidden.0.bias"]!.shape as [number, number];
  const rows = Number(active.shape[0]) / members;
  const bias = (name: string) => unsqueeze(weights[`${name}.bias`]!, [1]);
  const sums = reduceSum(gather(weights["hidden.0.weight"]!, active, 0), { axes: [1] });
  let hidden = relu(add(reshape(sums, [members, rows, width]), bias("hidden.0")));
  for (let layer = 1; weights[`hidden.${layer}.bias`]; layer++) {
    hidden = relu(add(matMul(hidden, weights[`hidden.${layer}.weight`]!), bias(`hidden.${layer}`)));
  }
  const logits = add(matMul(hidden, weights["policy.weight"]!), bias("policy"));
  return reshape(logits, [members * rows, Number(logits.shape[2])]);
}

function mlpFrom(weights: Weights, firstProduct: Tensor): PolicyOutputs {
  const hooks: Record<string, Tensor> = {};
  let product = firstProduct;
  let hidden: Tensor = firstProduct;
  for (let layer = 0; weights[`hidden.${layer}.bias`]; layer++) {
    if (layer > 0) product = matMul(hidden, weights[`hidden.${layer}.weight`]!);
    const pre = add(product, weights[`hidden.${layer}.bias`]!);
    hidden = relu(pre);
    hooks[`hidden.${layer}.pre`] = pre;
    hooks[`hidden.${layer}.post`] = hidden;
  }
  return { ...heads(weights, hidden), hooks };
}
