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
  /** A float32 scalar that the gradient counts times, such as `clippingScale`; default 1. Cheaper than a gradient scaled before. */
  readonly gradientScale?: Tensor;
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
  const gradientScale = options.gradientScale ?? graph.constant(1);
  const [firstShare, secondShare] = [
    mul(gradientScale, graph.constant(1 - beta1)),
    mul(square(gradientScale), graph.constant(1 - beta2)),
  ];
  const first = add(mul(firstMoment, graph.constant(beta1)), mul(gradient, firstShare));
  const second = add(mul(secondMoment, graph.constant(beta2)), mul(square(gradient), secondShare));
  // Bias correction and epsilon are taken to the scalars: what is done to vectors is what a step costs.
  const scale = sqrt(oneMinusPower(beta2, step));
  const rate = mul(div(learningRate, oneMinusPower(beta1, step)), scale);
  const denominator = add(sqrt(second), mul(scale, graph.constant(epsilon)));
  return { parameters: sub(parameters, mul(div(first, denominator), rate)), firstMoment: first, secondMoment: second };
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
  return mul(gradient, clippingScale(gradient, maxNorm));
}

/** What `clipByGlobalNorm` multiplies the gradient by, a scalar. */
export function clippingScale(gradient: Tensor, maxNorm: number): Tensor {
  const { graph } = gradient;
  const scale = div(graph.constant(maxNorm), add(globalNorm(gradient), graph.constant(1e-6)));
  return minimum(scale, graph.constant(1));
}
