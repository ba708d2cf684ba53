import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph } from "../graph/graph.ts";
import { type InterpreterResult, interpret } from "../graph/interpreter.ts";
import { add, div, maximum, mul, sub } from "../graph/ops/arithmetic.ts";
import { clip, exp, neg, square } from "../graph/ops/elementwise.ts";
import { gatherElements } from "../graph/ops/gather.ts";
import { reshape } from "../graph/ops/layout.ts";
import { reduceMean } from "../graph/ops/reduce.ts";
import { logSoftmax } from "../graph/ops/softmax.ts";
import { initializeParameters, parameterCount, splitParameters } from "./parameters.ts";
import { type NetworkOptions, policyNetwork } from "./policy-network.ts";
import type { ReactiveNetwork } from "./policy-shape.ts";

const planes = [2, 4, 3];
const inputSize = 24;
const actionCount = 3;

function reactive(options: NetworkOptions): ReactiveNetwork {
  const network = policyNetwork(options, { inputSize, observationShape: planes, actionCount });
  if (network.kind !== "reactive") throw new Error("expected a network without memory");
  return network;
}

const networks = [
  { name: "conv", network: reactive({ kind: "conv", channels: [2, 3], dense: 4 }) },
  { name: "impala", network: reactive({ kind: "impala", channels: [2, 2], dense: 3 }) },
];

/** Ones at random places, and no one at all in the first row. */
function randomObservations(rows: number): Float64Array {
  const prng = Prng.fromSeed(3);
  return Float64Array.from({ length: rows * inputSize }, (_, i) => (i >= inputSize && prng.uniform() < 0.3 ? 1 : 0));
}

/** Random in every entry, biases too. */
function randomParameters(network: ReactiveNetwork): Float32Array {
  const prng = Prng.fromSeed(4);
  return Float32Array.from({ length: parameterCount(network.parameters) }, () => 0.5 * prng.normal());
}

/** Outputs and hook points of one form of the network, in float64. */
function evaluate(network: ReactiveNetwork, form: "dense" | "active", rows = 4): Record<string, InterpreterResult> {
  const graph = new Graph(form);
  const count = parameterCount(network.parameters);
  const weights = splitParameters(graph.input("parameters", "float32", [count]), network.parameters);
  const { logits, value, hooks } =
    form === "dense"
      ? network.onDense(weights, graph.input("x", "float32", ["N", inputSize]))
      : network.onActive(weights, graph.input("x", "int32", ["N", inputSize]));
  graph.output("logits", logits);
  graph.output("value", value);
  for (const [name, tensor] of Object.entries(hooks)) graph.output(name, tensor);
  const dense = randomObservations(rows);
  const active = Array.from({ length: rows }, (_, row) => {
    const places = [...dense.subarray(row * inputSize, (row + 1) * inputSize).entries()].filter(([, one]) => one === 1);
    return [...places.map(([place]) => place), ...new Array<number>(inputSize - places.length).fill(inputSize)];
  });
  const x = { dims: [rows, inputSize], data: form === "dense" ? dense : active.flat() };
  return interpret(graph, { parameters: { dims: [count], data: randomParameters(network) }, x });
}

/** The clipped policy loss and the value loss of PPO on four observations. */
function lossGraph(network: ReactiveNetwork): Graph {
  const rows = 4;
  const graph = new Graph("loss");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const places = Int32Array.from({ length: rows * 5 }, (_, i) => (i * 7) % (inputSize + 1));
  const { logits, value } = network.onActive(
    splitParameters(parameters, network.parameters),
    graph.constant(places, [rows, 5], "int32"),
  );
  const actions = graph.constant([0, 2, 1, 2], [rows, 1], "int32");
  const ratio = exp(sub(reshape(gatherElements(logSoftmax(logits), actions, 1), [rows]), graph.constant(-1.1)));
  const advantages = graph.constant([1, -0.5, 0.3, -2]);
  const clipped = mul(neg(advantages), clip(ratio, { low: 0.5, high: 1.5 }));
  const policyLoss = reduceMean(maximum(mul(neg(advantages), ratio), clipped));
  const valueLoss = reduceMean(square(sub(value, graph.constant([0.2, -1, 2, 0]))));
  const loss = add(policyLoss, div(valueLoss, graph.constant(2)));
  graph.output("loss", loss);
  graph.output("gradient", gradients(loss, [parameters])[0]!);
  return graph;
}

describe.each(networks)("the network of kind $name", ({ network }) => {
  it("has the gradient of a PPO loss that central differences show, in every parameter", () => {
    const graph = lossGraph(network);
    const data = Float64Array.from(randomParameters(network));
    const feed = (values: Float64Array) => ({ parameters: { dims: [values.length], data: values } });
    const { gradient } = interpret(graph, feed(data));
    const h = 1e-6;
    for (let at = 0; at < data.length; at++) {
      const lossAt = (value: number): number => interpret(graph, feed(data.with(at, value)), ["loss"]).loss!.data[0]!;
      const numeric = (lossAt(data[at]! + h) - lossAt(data[at]! - h)) / (2 * h);
      expect(Math.abs(gradient!.data[at]! - numeric), `parameter ${at}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(numeric)));
    }
  });

  it("is the same function of the places of the ones", () => {
    const [dense, active] = [evaluate(network, "dense"), evaluate(network, "active")];
    expect(Object.keys(active)).toEqual(Object.keys(dense));
    for (const [name, { dims, data }] of Object.entries(dense)) {
      expect(active[name]!.dims).toEqual(dims);
      data.forEach((value, i) => {
        expect(active[name]!.data[i]).toBeCloseTo(value, 12);
      });
    }
  });

  it("starts with nearly the same probability for every action, and values of moderate size", () => {
    const graph = new Graph("start");
    const count = parameterCount(network.parameters);
    const weights = splitParameters(graph.input("parameters", "float32", [count]), network.parameters);
    const { logits, value } = network.onDense(weights, graph.input("x", "float32", ["N", inputSize]));
    graph.output("logits", logits);
    graph.output("value", value);
    const parameters = { dims: [count], data: initializeParameters(network.parameters, Prng.fromSeed(1)) };
    const results = interpret(graph, { parameters, x: { dims: [4, inputSize], data: randomObservations(4) } });
    for (const logit of results.logits!.data) expect(Math.abs(logit)).toBeLessThan(0.1);
    const largest = Math.max(...results.value!.data.map(Math.abs));
    expect(largest).toBeGreaterThan(0.05);
    expect(largest).toBeLessThan(5);
  });

  it("refuses observations that are no planes, and names what to do", () => {
    const options: NetworkOptions = { kind: "conv", channels: [2], dense: 2 };
    const flat = { inputSize: 24, observationShape: [24], actionCount };
    expect(() => policyNetwork(options, flat)).toThrow(/shape \[24\]; expected planes .* Choose an encoder that gives planes/);
    expect(() => policyNetwork({ ...options, kind: "impala" }, flat)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("the hook points", () => {
  const relu = (x: InterpreterResult) => x.data.map((value) => Math.max(value, 0));

  it("of the convolutional network are each layer before and after ReLU, planes first", () => {
    const { logits, value, ...hooks } = evaluate(networks[0]!.network, "dense");
    expect(Object.entries(hooks).map(([name, { dims }]) => `${name} ${dims}`)).toEqual([
      "conv.0.pre 4,2,4,3",
      "conv.0.post 4,2,4,3",
      "conv.1.pre 4,3,4,3",
      "conv.1.post 4,3,4,3",
      "dense.pre 4,4",
      "dense.post 4,4",
    ]);
    for (const layer of ["conv.0", "conv.1", "dense"]) expect(hooks[`${layer}.post`]!.data).toEqual(relu(hooks[`${layer}.pre`]!));
    expect([...logits!.dims, ...value!.dims]).toEqual([4, 3, 4]);
  });

  it("of the IMPALA network are each stage's convolution and pooling, and what each block is given, computes and gives", () => {
    const hooks = evaluate(networks[1]!.network, "dense");
    const stage = (s: number, size: string) => [
      `stages.${s}.pool ${size}`,
      ...[0, 1].flatMap((b) => ["pre", "mid", "post"].map((part) => `stages.${s}.blocks.${b}.${part} ${size}`)),
    ];
    const names = Object.entries(hooks).map(([name, { dims }]) => `${name} ${dims}`);
    expect(names.slice(2)).toEqual([
      "stages.0.conv 4,2,4,3",
      ...stage(0, "4,2,2,2"),
      "stages.1.conv 4,2,2,2",
      ...stage(1, "4,2,1,1"),
      "dense.pre 4,3",
      "dense.post 4,3",
    ]);
    expect(hooks["stages.0.blocks.0.pre"]!.data).toEqual(hooks["stages.0.pool"]!.data);
    expect(hooks["stages.0.blocks.1.pre"]!.data).toEqual(hooks["stages.0.blocks.0.post"]!.data);
    expect(hooks["dense.post"]!.data).toEqual(relu(hooks["dense.pre"]!));
  });
});
