import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import type { Feeds } from "../engine/engine.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph, reachableNodes, type Tensor } from "../graph/graph.ts";
import { type InterpreterFeed, interpret } from "../graph/interpreter.ts";
import { add, mul } from "../graph/ops/arithmetic.ts";
import { reduceSum } from "../graph/ops/reduce.ts";
import { readModel } from "../graph/read-model.ts";
import { serialize } from "../graph/serialize.ts";
import { type GruOptions, gru } from "./gru.ts";
import { type LstmOptions, lstm } from "./lstm.ts";
import { initializeParameters, parameterCount, splitParameters, viewParameters } from "./parameters.ts";
import { evaluationModel, exportPolicy } from "./policy-graph.ts";
import { policyNetwork } from "./policy-network.ts";
import type { RecurrentNetwork } from "./policy-shape.ts";

const engine = await createOnnxEngine();
const [inputSize, maxActive, actionCount, embed, hidden] = [6, 3, 3, 4, 5];
const [steps, rows] = [4, 2];
const shape = { inputSize, observationShape: [inputSize], actionCount };
const cells: { readonly kind: string; readonly network: RecurrentNetwork }[] = [
  { kind: "gru", network: gru({ kind: "gru", embed, hidden }, shape) },
  { kind: "lstm", network: lstm({ kind: "lstm", embed, hidden }, shape) },
];

/** Random in every entry, biases too: a swapped or forgotten one shows. */
function randomParameters({ parameters }: RecurrentNetwork): Float32Array {
  const prng = Prng.fromSeed(4);
  return Float32Array.from({ length: parameterCount(parameters) }, () => 0.7 * prng.normal());
}

/** Places of ones for every step and row; the padding is 6. The second row begins an episode at step 2. */
const active = [
  [0, 3, 6, 1, 2, 5],
  [4, 6, 6, 6, 6, 6],
  [5, 0, 1, 3, 6, 6],
  [2, 6, 6, 0, 4, 6],
];
const keep = [1, 1, 1, 1, 1, 0, 1, 1];

function randomMemory({ memorySize }: RecurrentNetwork): Float32Array {
  const prng = Prng.fromSeed(9);
  return Float32Array.from({ length: rows * memorySize }, () => prng.normal());
}

/** All steps at once: `logits`, `value`, every hook point, and with `isTrained` the `gradient` of a loss that every output moves. */
function unrolledGraph(network: RecurrentNetwork, isTrained = false): Graph {
  const graph = new Graph("unrolled");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const { logits, value, hooks } = network.unroll(splitParameters(parameters, network.parameters), {
    active: graph.input("active", "int32", [steps * rows, maxActive]),
    steps,
    memory: graph.input("memory", "float32", [rows, network.memorySize]),
    keep: graph.input("keep", "float32", [steps, rows]),
  });
  graph.output("logits", logits);
  graph.output("value", value);
  if (!isTrained) {
    for (const [name, tensor] of Object.entries(hooks)) graph.output(name, tensor);
    return graph;
  }
  const weigh = (tensor: Tensor, phase: number) => {
    const size = tensor.shape.reduce<number>((product, dim) => product * Number(dim), 1);
    const weights = Float32Array.from({ length: size }, (_, i) => Math.sin(3 * i + phase));
    return reduceSum(mul(tensor, graph.constant(weights, tensor.shape.map(Number))));
  };
  const loss = add(weigh(logits, 0), weigh(value, 1));
  graph.output("loss", loss);
  graph.output("gradient", gradients(loss, [parameters])[0]!);
  return graph;
}

function unrolledFeeds(network: RecurrentNetwork, parameters: Float32Array | Float64Array, wipes: readonly number[] = keep) {
  return {
    parameters: { dims: [parameters.length], data: parameters },
    active: { dims: [steps * rows, maxActive], data: active.flat() },
    memory: { dims: [rows, network.memorySize], data: randomMemory(network) },
    keep: { dims: [steps, rows], data: wipes },
  } satisfies Record<string, InterpreterFeed>;
}

/** One step on dense or sparse observations: `logits`, `value`, `nextMemory` and every hook point. */
function stepGraph(network: RecurrentNetwork, form: "dense" | "active"): Graph {
  const graph = new Graph("step");
  const weights = splitParameters(graph.input("parameters", "float32", [parameterCount(network.parameters)]), network.parameters);
  const memory = graph.input("memory", "float32", ["N", network.memorySize]);
  const { hooks, ...outputs } =
    form === "dense"
      ? network.stepOnDense(weights, graph.input("x", "float32", ["N", inputSize]), memory)
      : network.stepOnActive(weights, graph.input("x", "int32", ["N", maxActive]), memory);
  graph.output("logits", outputs.logits);
  graph.output("value", outputs.value);
  graph.output("nextMemory", outputs.memory);
  for (const [name, tensor] of Object.entries(hooks)) graph.output(name, tensor);
  return graph;
}

/** The outputs of each step in turn, the memory handed on by hand. */
function stepByStep(network: RecurrentNetwork, parameters: Float32Array, form: "dense" | "active") {
  let memory = Float64Array.from(randomMemory(network));
  return active.map((places, t) => {
    for (let row = 0; row < rows; row++) {
      if (keep[t * rows + row] === 0) memory.fill(0, row * network.memorySize, (row + 1) * network.memorySize);
    }
    const dense = new Float64Array(rows * inputSize);
    places.forEach((place, i) => {
      if (place < inputSize) dense[Math.floor(i / maxActive) * inputSize + place] = 1;
    });
    const out = interpret(stepGraph(network, form), {
      parameters: { dims: [parameters.length], data: parameters },
      memory: { dims: [rows, network.memorySize], data: memory },
      x: form === "dense" ? { dims: [rows, inputSize], data: dense } : { dims: [rows, maxActive], data: places },
    });
    memory = Float64Array.from(out.nextMemory!.data);
    return out;
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

describe.each(cells)("the network with a $kind cell", ({ network }) => {
  const parameters = randomParameters(network);

  it.each(["dense", "active"] as const)("computes unrolled what it computes step by step on %s observations", (form) => {
    const all = interpret(unrolledGraph(network), unrolledFeeds(network, parameters));
    stepByStep(network, parameters, form).forEach(({ logits, value, nextMemory: _, ...hooks }, t) => {
      expect(
        largestDifference(all.logits!.data.subarray(t * rows * actionCount, (t + 1) * rows * actionCount), logits!.data),
      ).toBeLessThan(1e-12);
      expect(largestDifference(all.value!.data.subarray(t * rows, (t + 1) * rows), value!.data)).toBeLessThan(1e-12);
      expect(Object.keys(hooks).length).toBeGreaterThan(5);
      for (const [name, { data }] of Object.entries(hooks)) {
        expect(largestDifference(all[`step.${t}.${name}`]!.data, data)).toBeLessThan(1e-12);
      }
    });
  });

  it("has the gradient of central differences, through four steps and a wipe in the middle", () => {
    const graph = unrolledGraph(network, true);
    const gradient = interpret(graph, unrolledFeeds(network, parameters), ["gradient"]).gradient!.data;
    const moved = Float64Array.from(parameters);
    const lossAt = (i: number, value: number) => {
      moved[i] = value;
      return interpret(graph, unrolledFeeds(network, moved), ["loss"]).loss!.data[0]!;
    };
    const differences = gradient.map((_, i) => {
      const at = parameters[i]!;
      const slope = (lossAt(i, at + 1e-5) - lossAt(i, at - 1e-5)) / 2e-5;
      moved[i] = at;
      return slope;
    });
    expect(largestDifference(gradient, differences)).toBeLessThan(1e-7);
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.1);
  });

  it("has the gradient of its recurrent weights from one product over all steps", () => {
    const graph = unrolledGraph(network, true);
    const products = reachableNodes(graph, graph.outputs.values()).filter(
      ({ operation, outputs }) =>
        operation.type === "Gemm" && outputs[0]!.shape[0] === hidden && Number(outputs[0]!.shape[1]) > actionCount + 1,
    );
    // The GRU has its gates and its candidate apart.
    for (const { inputs } of products) expect(inputs[0]!.shape).toEqual([steps * rows, hidden]);
    expect(products.length).toBe(network === cells[0]!.network ? 2 : 1);
  });

  it("forgets everything at a wipe, and only then", () => {
    const outputs = (memory: Float32Array, wipes: readonly number[]) =>
      interpret(unrolledGraph(network), {
        ...unrolledFeeds(network, parameters, wipes),
        memory: { dims: [rows, network.memorySize], data: memory },
      }).value!.data;
    const other = randomMemory(network).map((value) => value - 1);
    const difference = outputs(randomMemory(network), keep).map((value, i) => value - outputs(other, keep)[i]!);
    // Rows of steps 2 and 3 at odd places belong to the episode that began at step 2.
    difference.forEach((value, i) => {
      if (i % rows === 1 && i >= 2 * rows) expect(value).toBe(0);
      else expect(Math.abs(value)).toBeGreaterThan(1e-6);
    });
  });

  it("is computed by the engine as in float64, gradient included", async () => {
    const graph = unrolledGraph(network, true);
    const feeds = unrolledFeeds(network, parameters);
    const session = await engine.compile(serialize(graph));
    const native: Feeds = {
      parameters: { dtype: "float32", dims: feeds.parameters.dims, data: parameters },
      active: { dtype: "int32", dims: feeds.active.dims, data: Int32Array.from(feeds.active.data) },
      memory: { dtype: "float32", dims: feeds.memory.dims, data: feeds.memory.data },
      keep: { dtype: "float32", dims: feeds.keep.dims, data: Float32Array.from(feeds.keep.data) },
    };
    const outputs = await session.run(native);
    await session.release();
    for (const [name, { data }] of Object.entries(interpret(graph, feeds))) {
      expect(largestDifference(Array.from(outputs[name]!.data, Number), data)).toBeLessThan(1e-4);
    }
  });

  it("is exported as one step: observation and memory in, logits, value and nextMemory out, the hook points named", () => {
    const { model, hooks } = exportPolicy(network, parameters);
    const { inputs, outputs, nodes } = readModel(model);
    expect(inputs.map(({ name, dtype, shape: dims }) => [name, dtype, dims])).toEqual([
      ["observation", "float32", ["N", inputSize]],
      ["memory", "float32", ["N", network.memorySize]],
    ]);
    expect(outputs.map(({ name, dtype, shape: dims }) => [name, dtype, dims])).toEqual([
      ["logits", "float32", ["N", actionCount]],
      ["value", "float32", ["N"]],
      ["nextMemory", "float32", ["N", network.memorySize]],
    ]);
    expect(nodes.flatMap((node) => node.outputs)).toEqual(expect.arrayContaining([...hooks]));
    expect(readModel(evaluationModel(network)).outputs.map(({ name }) => name)).toEqual(["logits", "nextMemory"]);
  });

  it("gives as an exported model what the step gives, hook points and memory included", async () => {
    const exposed = exportPolicy(network, parameters);
    const session = await engine.compile(exposed.model);
    const memory = randomMemory(network);
    const expected = stepByStep(network, parameters, "dense")[0]!;
    const observation = new Float32Array(rows * inputSize);
    active[0]!.forEach((place, i) => {
      if (place < inputSize) observation[Math.floor(i / maxActive) * inputSize + place] = 1;
    });
    const outputs = await session.run({
      observation: { dtype: "float32", dims: [rows, inputSize], data: observation },
      memory: { dtype: "float32", dims: [rows, network.memorySize], data: memory },
    });
    await session.release();
    for (const name of ["logits", "value", "nextMemory"]) {
      expect(largestDifference(Array.from(outputs[name]!.data, Number), expected[name]!.data)).toBeLessThan(1e-5);
    }
  });

  it("starts with nearly the same probability for every action", () => {
    const fresh = initializeParameters(network.parameters, Prng.fromSeed(1));
    const { logits } = interpret(unrolledGraph(network), unrolledFeeds(network, fresh));
    for (const logit of logits!.data) expect(Math.abs(logit)).toBeLessThan(0.1);
  });

  it("is in the list of architectures", () => {
    const options = { kind: network === cells[0]!.network ? "gru" : "lstm", embed, hidden } as GruOptions | LstmOptions;
    const listed = policyNetwork(options, shape);
    expect([listed.kind, listed.parameters]).toEqual(["recurrent", network.parameters]);
  });
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** What a cell reads at the first step in row 0: the embedding, and products with its weights, by formula. */
function byHand(network: RecurrentNetwork, parameters: Float32Array, prefix: string) {
  const w = viewParameters(parameters, network.parameters);
  const embedded = Array.from({ length: embed }, (_, j) =>
    Math.max(
      0,
      active[0]!
        .slice(0, maxActive)
        .reduce((sum, i) => sum + (i < inputSize ? w["embed.weight"]![i * embed + j]! : 0), w["embed.bias"]![j]!),
    ),
  );
  const state = randomMemory(network).slice(0, hidden);
  const columns = w[`${prefix}.input.bias`]!.length;
  const product = (x: ArrayLike<number>, weight: Float32Array, column: number) =>
    Array.from(x).reduce((sum, value, i) => sum + value * weight[i * columns + column]!, 0);
  return {
    /** W x + b of unit `j` of gate number `gate`. */
    input: (gate: number, j: number) =>
      product(embedded, w[`${prefix}.input.weight`]!, gate * hidden + j) + w[`${prefix}.input.bias`]![gate * hidden + j]!,
    /** U h of the same. */
    recurrent: (gate: number, j: number) => product(state, w[`${prefix}.recurrent.weight`]!, gate * hidden + j),
    memory: randomMemory(network),
  };
}

describe("the cells", () => {
  const units = Array.from({ length: hidden }, (_, j) => j);

  it("compute the gated recurrent unit's formula", () => {
    const { network } = cells[0]!;
    const parameters = randomParameters(network);
    const { input, recurrent, memory } = byHand(network, parameters, "gru");
    const first = stepByStep(network, parameters, "active")[0]!;
    for (const j of units) {
      const r = sigmoid(input(0, j) + recurrent(0, j));
      const z = sigmoid(input(1, j) + recurrent(1, j));
      const n = Math.tanh(input(2, j) + r * recurrent(2, j));
      expect(first["gru.reset"]!.data[j]).toBeCloseTo(r, 6);
      expect(first["gru.update"]!.data[j]).toBeCloseTo(z, 6);
      expect(first["gru.candidate"]!.data[j]).toBeCloseTo(n, 6);
      expect(first["gru.state"]!.data[j]).toBeCloseTo(z * memory[j]! + (1 - z) * n, 6);
      expect(first.nextMemory!.data[j]).toBe(first["gru.state"]!.data[j]);
    }
  });

  it("compute long short-term memory's formula", () => {
    const { network } = cells[1]!;
    const parameters = randomParameters(network);
    const { input, recurrent, memory } = byHand(network, parameters, "lstm");
    const first = stepByStep(network, parameters, "active")[0]!;
    for (const j of units) {
      const [i, f, o] = [0, 1, 2].map((gate) => sigmoid(input(gate, j) + recurrent(gate, j))) as [number, number, number];
      const g = Math.tanh(input(3, j) + recurrent(3, j));
      const c = f * memory[hidden + j]! + i * g;
      const expected = { input: i, forget: f, output: o, candidate: g, cell: c, state: o * Math.tanh(c) };
      for (const [name, value] of Object.entries(expected)) expect(first[`lstm.${name}`]!.data[j]).toBeCloseTo(value, 6);
      expect(first.nextMemory!.data[j]).toBeCloseTo(expected.state, 6);
      expect(first.nextMemory!.data[hidden + j]).toBeCloseTo(c, 6);
    }
  });

  it.each([
    { kind: "gru", network: gru({ kind: "gru", embed, hidden, updateBias: 2 }, shape), bias: [0, 2, 0] },
    { kind: "lstm", network: lstm({ kind: "lstm", embed, hidden, forgetBias: 3 }, shape), bias: [0, 3, 0, 0] },
    { kind: "gru", network: cells[0]!.network, bias: [0, 1, 0] },
    { kind: "lstm", network: cells[1]!.network, bias: [0, 1, 0, 0] },
  ])("start with the bias $bias in the gates of a $kind", ({ kind, network, bias }) => {
    const w = viewParameters(initializeParameters(network.parameters, Prng.fromSeed(3)), network.parameters);
    expect([...w[`${kind}.input.bias`]!]).toEqual(bias.flatMap((value) => new Array<number>(hidden).fill(value)));
  });
});
