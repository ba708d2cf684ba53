// What convolutional networks are made of: a 3 × 3 layer that keeps height and width, and the end from planes to policy and value.

import type { Tensor } from "../graph/graph.ts";
import { conv2d } from "../graph/ops/conv.ts";
import { relu } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/layout.ts";
import { linear } from "../graph/ops/mat-mul.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import { headParameters, heads } from "./policy-heads.ts";
import type { PolicyOutputs } from "./policy-shape.ts";

const kernel = 3;

/** Weight `[outputs, inputs, 3, 3]`, orthogonal with the given gain, and bias of a layer. */
export function convParameters(
  name: string,
  options: { readonly inputs: number; readonly outputs: number; readonly gain: number },
): ParameterSpec[] {
  const { inputs, outputs, gain } = options;
  return [
    { name: `${name}.weight`, shape: [outputs, inputs, kernel, kernel], initial: { kind: "orthogonal", gain } },
    { name: `${name}.bias`, shape: [outputs], initial: { kind: "zeros" } },
  ];
}

/** The layer called `name` on planes `[N, inputs, H, W]`: `[N, outputs, H, W]`. */
export function convLayer(weights: Weights, name: string, x: Tensor): Tensor {
  return conv2d(x, { weight: weights[`${name}.weight`]!, bias: weights[`${name}.bias`]!, padding: (kernel - 1) / 2 });
}

/** A dense layer on `features` numbers, gain √2, and the two heads. */
export function denseHeadParameters(options: {
  readonly features: number;
  readonly dense: number;
  readonly actionCount: number;
}): ParameterSpec[] {
  const { features, dense, actionCount } = options;
  return [
    { name: "dense.weight", shape: [features, dense], initial: { kind: "orthogonal", gain: Math.SQRT2 } },
    { name: "dense.bias", shape: [dense], initial: { kind: "zeros" } },
    ...headParameters(dense, actionCount),
  ];
}

/** Logits and value from planes `x` laid flat; `hooks` of what came before, with `dense.pre` and `dense.post` after them. */
export function denseHeads(weights: Weights, x: Tensor, hooks: Readonly<Record<string, Tensor>>): PolicyOutputs {
  const pre = linear(reshape(x, [0, -1]), weights["dense.weight"]!, weights["dense.bias"]!);
  const post = relu(pre);
  return { ...heads(weights, post), hooks: { ...hooks, "dense.pre": pre, "dense.post": post } };
}
