// Policies as ONNX graphs: the exported agent, and the same function with its weights as an input for evaluation while training.

import { Graph } from "../graph/graph.ts";
import { serialize } from "../graph/serialize.ts";
import { elementCount, parameterCount, splitParameters, type Weights } from "./parameters.ts";
import type { ReactiveNetwork } from "./policy-shape.ts";

/**
 * The model of an agent: input `observation` float32 `[N, inputSize]`; outputs `logits` `[N, actions]` and `value` `[N]`; the tensors of
 * the hook points bear their names. `parameters` is the flat vector `[P]`.
 */
export function exportPolicy(
  network: ReactiveNetwork,
  parameters: Float32Array,
): { readonly model: Uint8Array; readonly hooks: readonly string[] } {
  const graph = new Graph("policy");
  const observation = graph.input("observation", "float32", ["N", network.shape.inputSize]);
  const weights: Record<string, Weights[string]> = {};
  let offset = 0;
  for (const spec of network.parameters) {
    const data = parameters.slice(offset, offset + elementCount(spec.shape));
    weights[spec.name] = graph.initializer(spec.name, data, spec.shape);
    offset += data.length;
  }
  const { logits, value, hooks } = network.onDense(weights, observation);
  for (const [name, tensor] of Object.entries(hooks)) graph.label(name, tensor);
  graph.output("logits", logits);
  graph.output("value", value);
  return { model: serialize(graph), hooks: Object.keys(hooks) };
}

/** The same policy with input `parameters` `[P]` beside `observation` `[N, inputSize]`, and the output `logits` alone. */
export function evaluationModel(network: ReactiveNetwork): Uint8Array {
  const graph = new Graph("policy-evaluation");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const observation = graph.input("observation", "float32", ["N", network.shape.inputSize]);
  graph.output("logits", network.onDense(splitParameters(parameters, network.parameters), observation).logits);
  return serialize(graph);
}
