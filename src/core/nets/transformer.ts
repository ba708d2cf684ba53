// The transformer over sequences of vectors or tokens: pre-norm blocks of attention and a two-layer perceptron around a residual stream.

import type { Tensor } from "../graph/graph.ts";
import { add } from "../graph/ops/arithmetic.ts";
import { gelu, relu } from "../graph/ops/elementwise.ts";
import { gather } from "../graph/ops/gather.ts";
import { identity } from "../graph/ops/identity.ts";
import { layerNorm } from "../graph/ops/layer-norm.ts";
import { reshape, split } from "../graph/ops/layout.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { type AttentionOptions, attention, attentionParameters, linearOverRows } from "./attention.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { SequenceNetwork, SequenceOutputs, SequenceShape } from "./sequence-network.ts";

export interface TransformerOptions {
  readonly kind: "transformer";
  /** Of the residual stream. */
  readonly width: number;
  readonly blocks: number;
  /** A divisor of `width`. */
  readonly heads: number;
  /** Of the perceptron in each block; default 4 · width. */
  readonly hidden?: number;
  /** Default `gelu`. */
  readonly activation?: "gelu" | "relu";
  /** Whether a place sees only itself and those before it. */
  readonly causal: boolean;
  /** An output for every place, `[N, T, outputSize]` (the default), or for the last one alone, `[N, outputSize]`. */
  readonly readout?: "every" | "last";
}

/**
 * A transformer with learned positions (Vaswani et al. 2017; normalization before each part as in Radford et al. 2019). Normalization has no
 * gain and shift of its own: a dense layer with bias follows each, and would absorb them. Hook points:
 *
 * | name | shape | what it is |
 * |---|---|---|
 * | `embed` | [N, T, width] | inputs embedded, positions added |
 * | `blocks.0.residual.pre` | [N, T, width] | the residual stream entering the block: `embed`, or what the block before it left |
 * | `blocks.0.attention.…` | | see `attention` |
 * | `blocks.0.residual.mid` | [N, T, width] | after attention was added |
 * | `blocks.0.mlp.pre`, `.post` | [N, T, hidden] | before and after the activation |
 * | `blocks.0.residual.post` | [N, T, width] | after the perceptron was added |
 * | `final.normalized` | [N, T, width], [N, 1, width] of the last | what the readout reads |
 */
export function transformer(options: TransformerOptions, shape: SequenceShape): SequenceNetwork {
  return {
    shape,
    parameters: transformerParameters(options, shape),
    forward: (weights, inputs) => forward(weights, inputs, { options, shape }),
  };
}

/** Normal of deviation 1/√(fan-in), what is added to the residual stream smaller by √(2 · blocks) (Radford et al. 2019); positions .02. */
function transformerParameters(options: TransformerOptions, shape: SequenceShape): ParameterSpec[] {
  const { width, blocks, hidden = 4 * width } = options;
  const normal = (fanIn: number, share = 1) => ({ kind: "normal", deviation: share * fanIn ** -0.5 }) as const;
  const share = (2 * blocks) ** -0.5;
  const { kind, size } = shape.input;
  const specs: ParameterSpec[] = [
    { name: "embed.weight", shape: [size, width], initial: normal(kind === "tokens" ? width : size) },
    { name: "embed.position", shape: [shape.length, width], initial: { kind: "normal", deviation: 0.02 } },
  ];
  for (let block = 0; block < blocks; block++) {
    const name = `blocks.${block}`;
    specs.push(...attentionParameters(attentionOptions(options, block), share * width ** -0.5));
    specs.push({ name: `${name}.mlp.input.weight`, shape: [width, hidden], initial: normal(width) });
    specs.push({ name: `${name}.mlp.input.bias`, shape: [hidden], initial: { kind: "zeros" } });
    specs.push({ name: `${name}.mlp.output.weight`, shape: [hidden, width], initial: normal(hidden, share) });
    specs.push({ name: `${name}.mlp.output.bias`, shape: [width], initial: { kind: "zeros" } });
  }
  specs.push({ name: "readout.weight", shape: [width, shape.outputSize], initial: normal(width) });
  specs.push({ name: "readout.bias", shape: [shape.outputSize], initial: { kind: "zeros" } });
  return specs;
}

function forward(
  weights: Weights,
  inputs: Tensor,
  network: { readonly options: TransformerOptions; readonly shape: SequenceShape },
): SequenceOutputs {
  const { options, shape } = network;
  const hooks: Record<string, Tensor> = {};
  const activate = options.activation === "relu" ? relu : gelu;
  let residual = embed(weights, inputs, shape);
  hooks.embed = residual;
  for (let block = 0; block < options.blocks; block++) {
    const name = `blocks.${block}`;
    residual = identity(residual);
    hooks[`${name}.residual.pre`] = residual;
    const attended = attention(weights, layerNorm(residual), attentionOptions(options, block));
    for (const [point, tensor] of Object.entries(attended.hooks)) hooks[`${name}.attention.${point}`] = tensor;
    residual = add(residual, attended.output);
    hooks[`${name}.residual.mid`] = residual;
    const pre = dense(weights, `${name}.mlp.input`, layerNorm(residual));
    const post = activate(pre);
    hooks[`${name}.mlp.pre`] = pre;
    hooks[`${name}.mlp.post`] = post;
    residual = add(residual, dense(weights, `${name}.mlp.output`, post));
    hooks[`${name}.residual.post`] = residual;
  }
  const isLast = options.readout === "last" && shape.length > 1;
  const normalized = layerNorm(isLast ? split(residual, [shape.length - 1, 1], 1)[1]! : residual);
  hooks["final.normalized"] = normalized;
  const output = dense(weights, "readout", normalized);
  return { output: options.readout === "last" ? reshape(output, [inputs.shape[0]!, shape.outputSize]) : output, hooks };
}

function embed(weights: Weights, inputs: Tensor, shape: SequenceShape): Tensor {
  const table = weights["embed.weight"]!;
  if (shape.input.kind === "tokens") return add(gather(table, inputs, 0), weights["embed.position"]!);
  return add(matMul(inputs, table), weights["embed.position"]!);
}

function dense(weights: Weights, name: string, x: Tensor): Tensor {
  return linearOverRows(x, weights[`${name}.weight`]!, weights[`${name}.bias`]!);
}

function attentionOptions({ width, heads, causal }: TransformerOptions, block: number): AttentionOptions {
  return { prefix: `blocks.${block}.attention`, width, heads, causal };
}
