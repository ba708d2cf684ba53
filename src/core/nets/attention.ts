// Multi-head attention as a layer over ops: softmax attention with or without a causal mask.

import type { Tensor } from "../graph/graph.ts";
import { add, mul } from "../graph/ops/arithmetic.ts";
import { reshape, split, transpose } from "../graph/ops/layout.ts";
import { linear, matMul } from "../graph/ops/mat-mul.ts";
import { softmax } from "../graph/ops/softmax.ts";
import { throwShapeMismatch } from "../graph/shapes.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";

/** Added to a score that may not be looked at: e to its power is 0 in float32 and float64. */
const forbidden = -1e9;

export interface AttentionOptions {
  /** Names of the parameters begin with this, e.g. `blocks.0.attention`. */
  readonly prefix: string;
  /** `heads` must divide `width`. */
  readonly width: number;
  readonly heads: number;
  /** Whether a place sees only itself and those before it. */
  readonly causal: boolean;
}

export interface AttentionOutputs {
  /** `[N, T, width]` */
  readonly output: Tensor;
  /** `query`, `key`, `value`, `scores`, `pattern`, `result`, `out`, without the prefix. */
  readonly hooks: Readonly<Record<string, Tensor>>;
}

/** Weights of query, key and value side by side (one product for the three), then those of the output. `deviation` is that of the output's. */
export function attentionParameters({ prefix, width }: AttentionOptions, deviation: number): ParameterSpec[] {
  return [
    { name: `${prefix}.queryKeyValue.weight`, shape: [width, 3 * width], initial: { kind: "normal", deviation: width ** -0.5 } },
    { name: `${prefix}.queryKeyValue.bias`, shape: [3 * width], initial: { kind: "zeros" } },
    { name: `${prefix}.output.weight`, shape: [width, width], initial: { kind: "normal", deviation } },
    { name: `${prefix}.output.bias`, shape: [width], initial: { kind: "zeros" } },
  ];
}

/**
 * Softmax attention (Vaswani et al. 2017, arXiv:1706.03762, §3.2) over `x` [N, T, width]. Hook points, with H heads of D = width / H:
 *
 * | name | shape | what it is |
 * |---|---|---|
 * | `query`, `key`, `value` | [N, H, T, D] | the projections |
 * | `scores` | [N, H, T, T] | query · key / √D, the mask added |
 * | `pattern` | [N, H, T, T] | softmax of the scores over the places looked at |
 * | `result` | [N, H, T, D] | values weighted by the pattern, before heads are mixed |
 * | `out` | [N, T, width] | what is added to the residual stream |
 *
 * Throws `shape-mismatch` when `heads` does not divide `width`.
 */
export function attention(weights: Weights, x: Tensor, options: AttentionOptions): AttentionOutputs {
  const { prefix, width, heads, causal } = options;
  const [rows, length] = [x.shape[0]!, x.shape[1]!];
  if (width % heads !== 0 || typeof length !== "number") {
    throwShapeMismatch(
      `attention of ${heads} heads and width ${width}`,
      [x.shape],
      "[N, T, width], T a number, heads a divisor of width",
    );
  }
  const depth = width / heads;
  const projected = linearOverRows(x, weights[`${prefix}.queryKeyValue.weight`]!, weights[`${prefix}.queryKeyValue.bias`]!);
  // [N, T, 3, H, D] → [3, N, H, T, D]: one transposition for the three.
  const stacked = transpose(reshape(projected, [rows, length, 3, heads, depth]), [2, 0, 3, 1, 4]);
  const [query, key, value] = split(stacked, [1, 1, 1], 0).map((part) => reshape(part, [rows, heads, length, depth])) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const products = mul(matMul(query, key, { transposeB: true }), x.graph.constant(depth ** -0.5));
  const scores = causal ? add(products, causalMask(x, length)) : products;
  const pattern = softmax(scores);
  const result = matMul(pattern, value);
  const merged = reshape(transpose(result, [0, 2, 1, 3]), [rows, length, width]);
  const output = linearOverRows(merged, weights[`${prefix}.output.weight`]!, weights[`${prefix}.output.bias`]!);
  return { output, hooks: { query, key, value, scores, pattern, result, out: output } };
}

/** A dense layer over the last axis of [N, T, in] as one product of [N·T, in], with the bias inside the product. */
export function linearOverRows(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const rows = reshape(x, [-1, x.shape.at(-1)!]);
  return reshape(linear(rows, weight, bias), [...x.shape.slice(0, -1), weight.shape[1]!]);
}

/** [T, T]: 0 on and below the diagonal. */
function causalMask({ graph }: Tensor, length: number): Tensor {
  const values = Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? forbidden : 0));
  return graph.constant(values, [length, length]);
}
