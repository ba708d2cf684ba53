// Normalization over the last axis: one fused operation forward, primitive operations backward.

import type { Operation, Tensor } from "../graph.ts";
import { broadcastMap, type NumericTensor, numberOfElements, reduce } from "../numeric.ts";
import { type Dim, throwShapeMismatch } from "../shapes.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { neg, square } from "./elementwise.ts";
import { expandLike } from "./layout.ts";
import { reduceMean, reduceSum } from "./reduce.ts";

// With x̂ = (x − mean)·s, s the inverse deviation, and h the gradient of x̂: dx = s·(h − mean(h) − x̂·mean(h·x̂)).
const LAYER_NORM: Operation = {
  type: "LayerNormalization",
  evaluate: ([x, scale, bias], node) => {
    const epsilon = node.attributes.epsilon?.kind === "float" ? node.attributes.epsilon.value : 0;
    const mean = meanOverLast(x!);
    const centered = broadcastMap([x!, mean], (value, center) => value - center);
    const variance = meanOverLast({ dims: centered.dims, data: centered.data.map((value) => value * value) });
    const inverse = { dims: variance.dims, data: variance.data.map((value) => 1 / Math.sqrt(value + epsilon)) };
    const scaled = broadcastMap([centered, inverse, scale!], (value, factor, gain) => value * factor * gain);
    return [bias === undefined ? scaled : broadcastMap([scaled, bias], (value, shift) => value + shift), mean, inverse];
  },
  gradient: ({ node, inputs, gradients }) => {
    const [x, scale, bias] = [inputs[0]!, inputs[1]!, inputs[2]];
    const [output, mean, inverse] = [node.outputs[0]!, node.outputs[1]!, node.outputs[2]!];
    const [gradient, forMean, forInverse] = gradients;
    const isPlain = bias === undefined && isConstantOne(scale);
    const normalized = isPlain ? output : mul(sub(x, mean), inverse);
    const leading = { axes: x.shape.slice(0, -1).map((_, axis) => axis) };
    const parts: Tensor[] = [];
    if (gradient !== undefined) parts.push(throughNormalized(isPlain ? gradient : mul(gradient, scale), normalized, inverse));
    // Mean and inverse deviation are used by the gradient itself, so they have gradients when it is differentiated once more.
    const count = x.graph.constant(x.shape.at(-1) as number);
    if (forMean !== undefined) parts.push(expandLike(div(forMean, count), x));
    if (forInverse !== undefined) parts.push(neg(mul(div(mul(forInverse, square(inverse)), count), normalized)));
    const scaleMatters = gradient !== undefined && !isPlain;
    return [
      parts.reduce((sum, part) => add(sum, part)),
      scaleMatters ? reduceSum(mul(gradient, normalized), leading) : undefined,
      ...(bias === undefined || gradient === undefined ? [] : [reduceSum(gradient, leading)]),
    ];
  },
};

/** From the gradient of x̂ to that of x. */
function throughNormalized(upstream: Tensor, normalized: Tensor, inverse: Tensor): Tensor {
  const last = { axes: [-1], keepDims: true };
  const along = mul(normalized, reduceMean(mul(upstream, normalized), last));
  return mul(sub(sub(upstream, reduceMean(upstream, last)), along), inverse);
}

/** `scale` and `bias` are `[D]`; without both the result has mean 0 and variance 1. `epsilon` (default 1e-5) is added to the variance. */
export interface LayerNormOptions {
  readonly scale?: Tensor;
  readonly bias?: Tensor;
  readonly epsilon?: number;
}

/** `x` [..., D] with mean 0 and variance 1 along its last axis (Ba et al. 2016, arXiv:1607.06450), then scaled and shifted. */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  const { graph } = x;
  const width = x.shape.at(-1);
  const given = [options.scale, options.bias].filter((tensor) => tensor !== undefined);
  if (typeof width !== "number" || x.dtype !== "float32" || given.some(({ shape }) => shape.length !== 1 || shape[0] !== width)) {
    throwShapeMismatch(
      `layerNorm of ${x.dtype}`,
      [x.shape, ...given.map(({ shape }) => shape)],
      "float32 [..., D] with scale and bias [D]",
    );
  }
  const scale = options.scale ?? graph.constant(new Float32Array(width).fill(1), [width]);
  const each: readonly Dim[] = [...x.shape.slice(0, -1), 1];
  const [output] = graph.nodeWithOutputs(
    LAYER_NORM,
    [x, scale, ...(options.bias === undefined ? [] : [options.bias])],
    [
      { dtype: "float32", shape: x.shape },
      { dtype: "float32", shape: each },
      { dtype: "float32", shape: each },
    ],
    { axis: { kind: "int", value: -1 }, epsilon: { kind: "float", value: options.epsilon ?? 1e-5 } },
  );
  return output!;
}

function isConstantOne(scale: Tensor): boolean {
  const initializer = scale.graph.initializers.get(scale);
  return initializer !== undefined && Array.from(initializer.data, Number).every((value) => value === 1);
}

function meanOverLast(x: NumericTensor): NumericTensor {
  const sum = reduce(x, { axes: [x.dims.length - 1], keepDims: true, initial: 0, fold: (a, b) => a + b });
  return { dims: sum.dims, data: sum.data.map((value) => (value * numberOfElements(sum.dims)) / x.data.length) };
}
