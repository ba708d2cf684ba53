// Optimizer updates as graph nodes, on one flat vector of parameters.

import type { Tensor } from "./graph.ts";
import { add, div, minimum, mul, sub } from "./ops/arithmetic.ts";
import { neg, sqrt, square, tanh } from "./ops/elementwise.ts";
import { reduceSum } from "./ops/reduce.ts";
import { sameShape, throwShapeMismatch } from "./shapes.ts";

export interface AdamOptions {
  /** [P] float32, like the gradient and both moments. */
  readonly parameters: Tensor;
  readonly gradient: Tensor;
  /** The running mean of gradients, zeros before the first step. */
  readonly firstMoment: Tensor;
  /** The running mean of squared gradients, zeros before the first step. */
  readonly secondMoment: Tensor;
  /** A float32 scalar. */
  readonly learningRate: Tensor;
  /** A float32 scalar: 1 at the first step. */
  readonly step: Tensor;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-5, as in CleanRL's PPO (PyTorch's own default is 1e-8). */
  readonly epsilon?: number;
}

export interface AdamResult {
  readonly parameters: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/** One step of Adam with bias correction (Kingma and Ba 2015, algorithm 1; epsilon outside the root, as in PyTorch). */
export function adam(options: AdamOptions): AdamResult {
  const { parameters, gradient, firstMoment, secondMoment, learningRate, step } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-5 } = options;
  const { graph } = parameters;
  for (const tensor of [gradient, firstMoment, secondMoment]) {
    if (!sameShape(tensor.shape, parameters.shape))
      throwShapeMismatch("adam", [parameters.shape, tensor.shape], "one shape for all vectors");
  }
  const first = add(firstMoment, mul(sub(gradient, firstMoment), graph.constant(1 - beta1)));
  const second = add(secondMoment, mul(sub(square(gradient), secondMoment), graph.constant(1 - beta2)));
  const rate = div(learningRate, oneMinusPower(beta1, step));
  const scale = sqrt(oneMinusPower(beta2, step));
  const denominator = add(div(sqrt(second), scale), graph.constant(epsilon));
  return { parameters: sub(parameters, div(mul(first, rate), denominator)), firstMoment: first, secondMoment: second };
}

/** 1 − base^step as −2t/(1 − t) with t = tanh(step·ln(base)/2): float32 would lose half its digits in the plain difference at step 1. */
function oneMinusPower(base: number, step: Tensor): Tensor {
  const { graph } = step;
  const t = tanh(mul(step, graph.constant(Math.log(base) / 2)));
  return div(mul(neg(t), graph.constant(2)), sub(graph.constant(1), t));
}

/** The Euclidean norm of all elements, a scalar. */
export function globalNorm(gradient: Tensor): Tensor {
  return sqrt(reduceSum(square(gradient)));
}

/** The gradient scaled down so that its norm is at most `maxNorm`: times min(1, maxNorm / (norm + 1e-6)), as in PyTorch's clip_grad_norm_. */
export function clipByGlobalNorm(gradient: Tensor, maxNorm: number): Tensor {
  const { graph } = gradient;
  const scale = div(graph.constant(maxNorm), add(globalNorm(gradient), graph.constant(1e-6)));
  return mul(gradient, minimum(scale, graph.constant(1)));
}
