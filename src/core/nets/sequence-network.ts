// What a network over sequences is to optimizers and exporters, whatever its architecture; and its model as ONNX.

import { Graph, type Tensor } from "../graph/graph.ts";
import { serialize } from "../graph/serialize.ts";
import { type ParameterSpec, type Weights, weightInitializers } from "./parameters.ts";

export interface SequenceShape {
  /** Places in a sequence, T. */
  readonly length: number;
  /** Vectors float32 `[N, T, size]`, or tokens int32 `[N, T]` from 0 to `size` − 1. */
  readonly input: { readonly kind: "vectors" | "tokens"; readonly size: number };
  readonly outputSize: number;
}

export interface SequenceOutputs {
  /** `[N, T, outputSize]`, one for each place; `[N, outputSize]` from networks that were asked for the last place alone. */
  readonly output: Tensor;
  /** The canonical hook points by name, in order of computation; N is the first axis of each. */
  readonly hooks: Readonly<Record<string, Tensor>>;
}

export interface SequenceNetwork {
  readonly shape: SequenceShape;
  readonly parameters: readonly ParameterSpec[];
  /** `inputs` as the shape says; N may be symbolic. */
  readonly forward: (weights: Weights, inputs: Tensor) => SequenceOutputs;
}

/** Declares the graph input `inputs` for `rows` sequences (a number, or a name for any number). */
export function sequenceInput(graph: Graph, shape: SequenceShape, rows: number | string): Tensor {
  const { input, length } = shape;
  return input.kind === "tokens"
    ? graph.input("inputs", "int32", [rows, length])
    : graph.input("inputs", "float32", [rows, length, input.size]);
}

/**
 * The model: input `inputs` (`[N, T, size]` float32, or `[N, T]` int32), output `output` as `forward` gives it; the tensors of the hook points
 * bear their names. Throws `shape-mismatch` when `parameters` is not the network's flat vector `[P]`.
 */
export function exportSequenceNetwork(
  network: SequenceNetwork,
  parameters: Float32Array,
): { readonly model: Uint8Array; readonly hooks: readonly string[] } {
  const graph = new Graph("sequence-network");
  const inputs = sequenceInput(graph, network.shape, "N");
  const weights = weightInitializers(graph, parameters, network.parameters);
  const { output, hooks } = network.forward(weights, inputs);
  for (const [name, tensor] of Object.entries(hooks)) graph.label(name, tensor);
  graph.output("output", output);
  return { model: serialize(graph), hooks: Object.keys(hooks) };
}
