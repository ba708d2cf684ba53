// Policies as ONNX graphs: the exported agent, and the same function with its weights as an input for evaluation while training.

import { Graph, type Tensor } from "../graph/graph.ts";
import { identity } from "../graph/ops/identity.ts";
import { serialize } from "../graph/serialize.ts";
import { parameterCount, splitParameters, type Weights, weightInitializers } from "./parameters.ts";
import type { PolicyNetwork, PolicyOutputs } from "./policy-shape.ts";

/**
 * The model of an agent, float32. A reactive network reads `observation` `[N, inputSize]` and gives `logits` `[N, actions]` and `value`
 * `[N]`. A recurrent one computes one step of an episode: it also reads `memory` `[N, memorySize]`, zeros at the beginning of an episode,
 * and gives `nextMemory` `[N, memorySize]`, which the next step is to be given. The tensors of the hook points bear their names.
 * `parameters` is the flat vector `[P]`; throws `shape-mismatch` for that of another network.
 */
export function exportPolicy(
  network: PolicyNetwork,
  parameters: Float32Array,
): { readonly model: Uint8Array; readonly hooks: readonly string[] } {
  const graph = new Graph("policy");
  const inputs = policyInputs(graph, network);
  const weights = weightInitializers(graph, parameters, network.parameters);
  const { logits, value, hooks, nextMemory } = policyOutputs(network, weights, inputs);
  for (const [name, tensor] of Object.entries(hooks)) graph.label(name, tensor);
  graph.output("logits", logits);
  graph.output("value", value);
  // A tensor has one name in a model, and where the memory is a hook point it has that of the hook point: here it gets a copy.
  if (nextMemory) graph.output("nextMemory", identity(nextMemory));
  return { model: serialize(graph), hooks: Object.keys(hooks) };
}

/**
 * The same policy with input `parameters` `[P]` beside `observation` `[N, inputSize]`, and the output `logits` alone; a recurrent one also
 * reads `memory` and gives `nextMemory`, both `[N, memorySize]`.
 */
export function evaluationModel(network: PolicyNetwork): Uint8Array {
  const graph = new Graph("policy-evaluation");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const inputs = policyInputs(graph, network);
  const { logits, nextMemory } = policyOutputs(network, splitParameters(parameters, network.parameters), inputs);
  graph.output("logits", logits);
  if (nextMemory) graph.output("nextMemory", nextMemory);
  return serialize(graph);
}

interface PolicyInputs {
  readonly observation: Tensor;
  /** Of recurrent networks. */
  readonly memory?: Tensor;
}

function policyInputs(graph: Graph, network: PolicyNetwork): PolicyInputs {
  const observation = graph.input("observation", "float32", ["N", network.shape.inputSize]);
  if (network.kind === "reactive") return { observation };
  return { observation, memory: graph.input("memory", "float32", ["N", network.memorySize]) };
}

function policyOutputs(
  network: PolicyNetwork,
  weights: Weights,
  { observation, memory }: PolicyInputs,
): PolicyOutputs & { readonly nextMemory?: Tensor } {
  if (network.kind === "reactive") return network.onDense(weights, observation);
  const { memory: nextMemory, ...outputs } = network.stepOnDense(weights, observation, memory!);
  return { ...outputs, nextMemory };
}
