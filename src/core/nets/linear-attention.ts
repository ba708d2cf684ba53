// Linear self-attention on bare tokens: the smallest network that learns in context, and one whose optimum is known in closed form.

import type { Tensor } from "../graph/graph.ts";
import { add, mul } from "../graph/ops/arithmetic.ts";
import { identity } from "../graph/ops/identity.ts";
import { reshape, split, transpose } from "../graph/ops/layout.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { throwShapeMismatch } from "../graph/shapes.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { SequenceNetwork, SequenceOutputs, SequenceShape } from "./sequence-network.ts";

export interface LinearAttentionOptions {
  readonly kind: "linear-attention";
  readonly blocks: number;
  readonly heads: number;
  /** The last so many places ask and are not looked at. */
  readonly questions: number;
  /** Deviation of the initial weights; default 1/√(input size). */
  readonly deviation?: number;
}

/**
 * Blocks of attention without softmax, perceptron, normalization or embedding, as von Oswald et al. 2023 (arXiv:2212.07677, eq. 2): the
 * residual stream is the input [N, T, E] itself, each head adds Σ over the C = T − questions places looked at of (query · key / C) · value,
 * taken through its output weights; all heads have E dimensions, and nothing has a bias. The output [N, T, 1] is the stream's last
 * coordinate, where tasks put what is asked for. Hook points of each block `blocks.0`:
 *
 * | name | shape | what it is |
 * |---|---|---|
 * | `residual.pre`, `residual.post` | [N, T, E] | the stream before and after |
 * | `attention.query` | [N, H, T, E] | |
 * | `attention.key`, `attention.value` | [N, H, C, E] | |
 * | `attention.scores` | [N, H, T, C] | query · key / C; there is no pattern beside them |
 * | `attention.result` | [N, H, T, E] | values weighted by the scores |
 * | `attention.out` | [N, T, E] | what is added to the stream |
 *
 * Throws `shape-mismatch` for inputs that are no vectors, an output size that is not 1, and when all places ask.
 */
export function linearAttention(options: LinearAttentionOptions, shape: SequenceShape): SequenceNetwork {
  const { size, kind } = shape.input;
  if (kind !== "vectors" || shape.outputSize !== 1 || options.questions >= shape.length) {
    throwShapeMismatch(
      `linear attention with ${options.questions} questions and outputs of ${shape.outputSize}, on ${kind}`,
      [[shape.length, size]],
      "vectors [T, E], fewer questions than T, outputs of 1",
    );
  }
  const parameters: ParameterSpec[] = [];
  for (let block = 0; block < options.blocks; block++) {
    for (const part of ["query", "key", "value"]) parameters.push(weightSpec(block, part, [size, options.heads * size]));
    parameters.push(weightSpec(block, "output", [options.heads * size, size]));
  }
  return { shape, parameters, forward: (weights, inputs) => forward(weights, inputs, options) };

  function weightSpec(block: number, part: string, dims: readonly number[]): ParameterSpec {
    const deviation = options.deviation ?? dims[0]! ** -0.5;
    return { name: `blocks.${block}.attention.${part}.weight`, shape: dims, initial: { kind: "normal", deviation } };
  }
}

function forward(weights: Weights, inputs: Tensor, options: LinearAttentionOptions): SequenceOutputs {
  const hooks: Record<string, Tensor> = {};
  const size = inputs.shape[2] as number;
  let residual = inputs;
  for (let block = 0; block < options.blocks; block++) {
    const name = `blocks.${block}`;
    residual = identity(residual);
    const attended = attend(weights, residual, { ...options, prefix: `${name}.attention` });
    hooks[`${name}.residual.pre`] = residual;
    for (const [point, tensor] of Object.entries(attended)) hooks[`${name}.attention.${point}`] = tensor;
    residual = add(residual, attended.out!);
    hooks[`${name}.residual.post`] = residual;
  }
  return { output: size === 1 ? residual : split(residual, [size - 1, 1], 2)[1]!, hooks };
}

function attend(
  weights: Weights,
  x: Tensor,
  options: LinearAttentionOptions & { readonly prefix: string },
): Readonly<Record<string, Tensor>> {
  const { prefix, heads, questions } = options;
  const [rows, length, size] = [x.shape[0]!, x.shape[1] as number, x.shape[2] as number];
  const looked = length - questions;
  const context = questions === 0 ? x : split(x, [looked, questions], 1)[0]!;
  const perHead = (source: Tensor, part: string): Tensor => {
    const projected = matMul(source, weights[`${prefix}.${part}.weight`]!);
    return transpose(reshape(projected, [rows, source.shape[1]!, heads, size]), [0, 2, 1, 3]);
  };
  const [query, key, value] = [perHead(x, "query"), perHead(context, "key"), perHead(context, "value")];
  const scores = mul(matMul(query, key, { transposeB: true }), x.graph.constant(1 / looked));
  const result = matMul(scores, value);
  const merged = reshape(transpose(result, [0, 2, 1, 3]), [rows, length, heads * size]);
  return { query, key, value, scores, result, out: matMul(merged, weights[`${prefix}.output.weight`]!) };
}
