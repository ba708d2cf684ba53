// Every architecture on WebAssembly: outputs, loss and gradient as on the native engine.

import { describe, expect, it } from "vitest";
import { Prng } from "../../core/base/prng.ts";
import type { Engine, TensorData } from "../../core/engine/engine.ts";
import { gradients } from "../../core/graph/gradients.ts";
import { Graph, type Tensor } from "../../core/graph/graph.ts";
import { crossEntropy, meanSquaredError } from "../../core/graph/losses.ts";
import { add } from "../../core/graph/ops/arithmetic.ts";
import { reshape } from "../../core/graph/ops/layout.ts";
import { serialize } from "../../core/graph/serialize.ts";
import { linearAttention } from "../../core/nets/linear-attention.ts";
import { initializeParameters, parameterCount, splitParameters, type Weights } from "../../core/nets/parameters.ts";
import { type NetworkOptions, policyNetwork } from "../../core/nets/policy-network.ts";
import type { PolicyNetwork } from "../../core/nets/policy-shape.ts";
import { type SequenceNetwork, sequenceInput } from "../../core/nets/sequence-network.ts";
import { transformer } from "../../core/nets/transformer.ts";
import { createNativeEngine } from "./native-engine.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const [native, wasm] = [await createNativeEngine(), await createWasmEngine()];
const [rows, steps, maxActive, actionCount] = [40, 4, 6, 5];
const shape = { inputSize: 3 * 6 * 5, observationShape: [3, 6, 5], actionCount };
const policies: readonly NetworkOptions[] = [
  { kind: "mlp", hidden: [16, 8] },
  { kind: "conv", channels: [4, 6], dense: 8 },
  { kind: "impala", channels: [4, 4], dense: 8 },
  { kind: "gru", embed: 8, hidden: 8 },
  { kind: "lstm", embed: 8, hidden: 8 },
  { kind: "conv-gru", embed: 4, hidden: 3, dense: 8 },
];
const attention = { width: 8, blocks: 2, heads: 2, causal: true } as const;
const sequences: Readonly<Record<string, SequenceNetwork>> = {
  "transformer of vectors": transformer(
    { kind: "transformer", ...attention },
    { length: 5, input: { kind: "vectors", size: 3 }, outputSize: 1 },
  ),
  "transformer of tokens": transformer(
    { kind: "transformer", ...attention, readout: "last" },
    { length: 5, input: { kind: "tokens", size: 9 }, outputSize: 4 },
  ),
  "linear attention": linearAttention(
    { kind: "linear-attention", blocks: 2, heads: 2, questions: 1 },
    { length: 5, input: { kind: "vectors", size: 3 }, outputSize: 1 },
  ),
};

/** Outputs by name, from weights; declares the inputs that it reads. */
type Forward = (graph: Graph, weights: Weights) => Readonly<Record<string, Tensor>>;

function policyForward(network: PolicyNetwork): Forward {
  return (graph, weights) => {
    const { logits, value } =
      network.kind === "reactive"
        ? network.onActive(weights, graph.input("active", "int32", [rows, maxActive]))
        : network.unroll(weights, {
            active: graph.input("active", "int32", [rows, maxActive]),
            steps,
            memory: graph.input("memory", "float32", [rows / steps, network.memorySize]),
            keep: graph.input("keep", "float32", [steps, rows / steps]),
          });
    const cloning = crossEntropy(logits, graph.input("labels", "int32", [rows]));
    return { logits, value, loss: add(cloning, meanSquaredError(value, graph.input("targets", "float32", [rows]))) };
  };
}

function sequenceForward(network: SequenceNetwork): Forward {
  return (graph, weights) => {
    const { output } = network.forward(weights, sequenceInput(graph, network.shape, rows));
    const flat = reshape(output, [-1]);
    return { output, loss: meanSquaredError(flat, graph.input("targets", "float32", flat.shape)) };
  };
}

/** Numbers for an input: indices below `bound` where it is int32. */
function drawn({ dtype, shape: dims }: Tensor, prng: Prng, bound: number): TensorData {
  const length = dims.reduce<number>((product, dim) => product * Number(dim), 1);
  const isIndex = dtype === "int32";
  return {
    dtype: isIndex ? "int32" : "float32",
    dims: dims.map(Number),
    data: isIndex ? Int32Array.from({ length }, () => prng.integer(bound)) : Float32Array.from({ length }, () => prng.normal()),
  };
}

async function expectSame(
  specs: PolicyNetwork["parameters"],
  { forward, bounds }: { readonly forward: Forward; readonly bounds: Readonly<Record<string, number>> },
): Promise<void> {
  const graph = new Graph("training");
  const parameters = graph.input("parameters", "float32", [parameterCount(specs)]);
  const outputs = forward(graph, splitParameters(parameters, specs));
  for (const [name, tensor] of Object.entries(outputs)) graph.output(name, tensor);
  graph.output("gradient", gradients(outputs.loss!, [parameters])[0]!);
  const prng = Prng.fromSeed(2);
  const feeds: Record<string, TensorData> = {};
  for (const input of graph.inputs) feeds[input.name] = drawn(input, prng, bounds[input.name] ?? 0);
  const start = initializeParameters(specs, prng).map((value) => value + 0.1 * prng.normal());
  feeds.parameters = { dtype: "float32", dims: [start.length], data: start };
  const run = async (engine: Engine) => {
    const session = await engine.compile(serialize(graph));
    const results = await session.run(feeds);
    await session.release();
    return results;
  };
  const [onNative, onWasm] = [await run(native), await run(wasm)];
  expect(largest(numbersOf(onNative.gradient!))).toBeGreaterThan(0.01);
  for (const [name, tensor] of Object.entries(onNative)) {
    const [expected, actual] = [numbersOf(tensor), numbersOf(onWasm[name]!)];
    expect(onWasm[name]!.dims).toEqual(tensor.dims);
    const difference = largest(expected.map((value, i) => value - actual[i]!));
    expect(difference / Math.max(1, largest(expected)), name).toBeLessThan(1e-4);
  }
}

function numbersOf({ data }: TensorData): number[] {
  return Array.from<number | bigint, number>(data, Number);
}

function largest(values: readonly number[]): number {
  return Math.max(...values.map(Math.abs));
}

describe("outputs, loss and gradient on WebAssembly are those of the native engine, to 1e-4 of the largest number", () => {
  it.each(policies)("$kind", async (options) => {
    const network = policyNetwork(options, shape);
    const bounds = { active: shape.inputSize + 1, labels: actionCount };
    await expectSame(network.parameters, { forward: policyForward(network), bounds });
  });

  it.each(Object.entries(sequences))("%s", async (_, network) => {
    await expectSame(network.parameters, { forward: sequenceForward(network), bounds: { inputs: network.shape.input.size } });
  });
});
