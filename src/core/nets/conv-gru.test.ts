import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph, type Tensor } from "../graph/graph.ts";
import { interpret } from "../graph/interpreter.ts";
import { add, mul } from "../graph/ops/arithmetic.ts";
import { reduceSum } from "../graph/ops/reduce.ts";
import { readModel } from "../graph/read-model.ts";
import { serialize } from "../graph/serialize.ts";
import { type ConvGruOptions, convGru } from "./conv-gru.ts";
import { initializeParameters, parameterCount, splitParameters, viewParameters } from "./parameters.ts";
import { exportPolicy } from "./policy-graph.ts";
import { policyNetwork } from "./policy-network.ts";

const [channels, height, width, hidden, steps, rows, actionCount] = [2, 2, 3, 2, 3, 2, 3];
const inputSize = channels * height * width;
const shape = { inputSize, observationShape: [channels, height, width], actionCount };
const options: ConvGruOptions = { kind: "conv-gru", embed: 2, hidden, dense: 3, updateBias: 0.5 };
const network = convGru(options, shape);
const count = parameterCount(network.parameters);

/** Random in every entry, biases too: a swapped or forgotten one shows. */
const parameters = drawn(count, 4).map((value) => 0.6 * value);
const memory = drawn(rows * network.memorySize, 9);
/** Places of ones for each step; the padding is 12. The second row begins an episode at step 1. */
const active = [
  [0, 5, 7, 12, 1, 12, 12, 12],
  [12, 12, 12, 12, 3, 4, 11, 6],
  [8, 9, 2, 12, 10, 0, 12, 12],
];
const keep = [1, 1, 1, 0, 1, 1];

function drawn(length: number, seed: number): Float64Array {
  const prng = Prng.fromSeed(seed);
  return Float64Array.from({ length }, () => prng.normal());
}

/** All steps at once; with `isTrained` the gradient of a loss that every output moves, else every hook point. */
function unrolledGraph(isTrained: boolean): Graph {
  const graph = new Graph("unrolled");
  const flat = graph.input("parameters", "float32", [count]);
  const { logits, value, hooks } = network.unroll(splitParameters(flat, network.parameters), {
    active: graph.input("active", "int32", [steps * rows, 4]),
    steps,
    memory: graph.input("memory", "float32", [rows, network.memorySize]),
    keep: graph.input("keep", "float32", [steps, rows]),
  });
  const outputs = isTrained ? { loss: add(weigh(logits, 0), weigh(value, 1)) } : { logits, value, ...hooks };
  for (const [name, tensor] of Object.entries(outputs)) graph.output(name, tensor);
  if (isTrained) graph.output("gradient", gradients(graph.outputs.get("loss")!, [flat])[0]!);
  return graph;
}

function weigh(tensor: Tensor, phase: number): Tensor {
  const dims = tensor.shape.map(Number);
  const weights = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(3 * i + phase));
  return reduceSum(mul(tensor, tensor.graph.constant(weights, dims)));
}

function unrolledFeeds(given = parameters, before = memory) {
  return {
    parameters: { dims: [count], data: given },
    active: { dims: [steps * rows, 4], data: active.flat() },
    memory: { dims: [rows, network.memorySize], data: before },
    keep: { dims: [steps, rows], data: keep },
  };
}

/** Outputs and hook points of each step, the memory handed on by hand. */
function stepByStep(form: "dense" | "active") {
  const graph = new Graph("step");
  const weights = splitParameters(graph.input("parameters", "float32", [count]), network.parameters);
  const given = graph.input("memory", "float32", ["N", network.memorySize]);
  const {
    logits,
    value,
    memory: next,
    hooks,
  } = form === "dense"
    ? network.stepOnDense(weights, graph.input("x", "float32", ["N", inputSize]), given)
    : network.stepOnActive(weights, graph.input("x", "int32", ["N", 4]), given);
  for (const [name, tensor] of Object.entries({ logits, value, next, ...hooks })) graph.output(name, tensor);
  let carried = Float64Array.from(memory);
  return active.map((places, t) => {
    for (let row = 0; row < rows; row++)
      if (keep[t * rows + row] === 0) carried.fill(0, row * network.memorySize, (row + 1) * network.memorySize);
    const dense = new Float64Array(rows * inputSize);
    places.forEach((place, i) => {
      if (place < inputSize) dense[Math.floor(i / 4) * inputSize + place] = 1;
    });
    const results = interpret(graph, {
      parameters: { dims: [count], data: parameters },
      memory: { dims: [rows, network.memorySize], data: carried },
      x: form === "dense" ? { dims: [rows, inputSize], data: dense } : { dims: [rows, 4], data: places },
    });
    carried = Float64Array.from(results.next!.data);
    return results;
  });
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const difference = Array.from(actual).reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0);
  expect(difference).toBeLessThan(tolerance);
}

describe("the network with a convolutional GRU", () => {
  it.each(["dense", "active"] as const)("computes unrolled what it computes step by step on %s observations", (form) => {
    const all = interpret(unrolledGraph(false), unrolledFeeds());
    stepByStep(form).forEach(({ logits, value, next: _, ...hooks }, t) => {
      expectClose(all.logits!.data.slice(t * rows * actionCount, (t + 1) * rows * actionCount), logits!.data, 1e-12);
      expectClose(all.value!.data.slice(t * rows, (t + 1) * rows), value!.data, 1e-12);
      const names = [
        ...["embed.pre", "embed.post", "conv-gru.reset", "conv-gru.update", "conv-gru.candidate", "conv-gru.state"],
        ...["dense.pre", "dense.post"],
      ];
      expect(Object.keys(hooks)).toEqual(names);
      expect(Object.keys(all).slice(2 + t * names.length, 2 + (t + 1) * names.length)).toEqual(
        names.map((name) => `step.${t}.${name}`),
      );
      for (const name of names) {
        expect(all[`step.${t}.${name}`]!.dims).toEqual(hooks[name]!.dims);
        expectClose(all[`step.${t}.${name}`]!.data, hooks[name]!.data, 1e-12);
      }
    });
  });

  it("has the gradient of central differences, through three steps and a wipe in the middle", () => {
    const graph = unrolledGraph(true);
    const gradient = interpret(graph, unrolledFeeds(), ["gradient"]).gradient!.data;
    const h = 1e-5;
    const lossAt = (i: number, value: number) =>
      interpret(graph, unrolledFeeds(parameters.with(i, value)), ["loss"]).loss!.data[0]!;
    const differences = parameters.map((value, i) => (lossAt(i, value + h) - lossAt(i, value - h)) / (2 * h));
    expectClose(gradient, differences, 1e-7);
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.1);
  });

  it("forgets everything at a wipe, and only then", () => {
    const graph = unrolledGraph(false);
    const valueFrom = (before: Float64Array) => interpret(graph, unrolledFeeds(parameters, before), ["value"]).value!.data;
    const one = valueFrom(memory);
    valueFrom(memory.map((value) => value - 1)).forEach((value, i) => {
      const isAfterWipe = i % rows === 1 && i >= rows;
      if (isAfterWipe) expect(value).toBe(one[i]);
      else expect(Math.abs(value - one[i]!)).toBeGreaterThan(1e-9);
    });
  });

  it("computes the formula of the gated recurrent unit with convolutions", () => {
    const w = viewParameters(Float32Array.from(parameters), network.parameters);
    const first = stepByStep("active")[0]!;
    const embedded = first["embed.post"]!.data;
    /** Place (y, x) of output channel `o` of a 3 × 3 convolution of two planes of row 0. */
    const convolved = (planes: ArrayLike<number>, weight: Float32Array, [o, y, x]: readonly [number, number, number]) => {
      let sum = 0;
      for (let c = 0; c < 2; c++) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
            sum += planes[(c * height + y + dy) * width + x + dx]! * weight[((o * 2 + c) * 3 + dy + 1) * 3 + dx + 1]!;
          }
        }
      }
      return sum;
    };
    const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
    for (let j = 0; j < hidden; j++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [r, z, n] = [0, 1, 2].map((gate) => {
            const at = [gate * hidden + j, y, x] as const;
            return [
              convolved(embedded, w["conv-gru.input.weight"]!, at) + w["conv-gru.input.bias"]![at[0]]!,
              convolved(memory, w["conv-gru.recurrent.weight"]!, at),
            ] as const;
          }) as [readonly [number, number], readonly [number, number], readonly [number, number]];
          const update = sigmoid(z[0] + z[1]);
          const candidate = Math.tanh(n[0] + sigmoid(r[0] + r[1]) * n[1]);
          const place = (j * height + y) * width + x;
          expect(first["conv-gru.state"]!.data[place]).toBeCloseTo(update * memory[place]! + (1 - update) * candidate, 6);
        }
      }
    }
    expect([...first.next!.data]).toEqual([...first["conv-gru.state"]!.data]);
  });

  it("is computed by the engine as in float64, gradient included", async () => {
    const feeds = unrolledFeeds();
    const float32 = ({ dims, data }: { dims: number[]; data: ArrayLike<number> }) => {
      return { dtype: "float32", dims, data: Float32Array.from(data) } as const;
    };
    const session = await (await createOnnxEngine()).compile(serialize(unrolledGraph(true)));
    const outputs = await session.run({
      parameters: float32(feeds.parameters),
      memory: float32(feeds.memory),
      keep: float32(feeds.keep),
      active: { dtype: "int32", dims: feeds.active.dims, data: Int32Array.from(feeds.active.data) },
    });
    await session.release();
    const expected = interpret(unrolledGraph(true), feeds);
    expect(Object.keys(expected)).toEqual(["loss", "gradient"]);
    for (const [name, { data }] of Object.entries(expected)) expectClose(Array.from(outputs[name]!.data, Number), data, 1e-4);
  });

  it("starts with nearly the same probability for every action, and with the update gate's bias", () => {
    const fresh = initializeParameters(network.parameters, Prng.fromSeed(1));
    const { logits } = interpret(unrolledGraph(false), unrolledFeeds(Float64Array.from(fresh)), ["logits"]);
    for (const logit of logits!.data) expect(Math.abs(logit)).toBeLessThan(0.1);
    expect([...viewParameters(fresh, network.parameters)["conv-gru.input.bias"]!]).toEqual([0, 0, 0.5, 0.5, 0, 0]);
  });

  it("is in the list of architectures, and exported as one step", () => {
    expect(policyNetwork(options, shape).parameters).toEqual(network.parameters);
    const { model, hooks } = exportPolicy(network, Float32Array.from(parameters));
    const { inputs, outputs, nodes } = readModel(model);
    expect(inputs.map(({ name, shape: dims }) => [name, dims])).toEqual([
      ["observation", ["N", inputSize]],
      ["memory", ["N", network.memorySize]],
    ]);
    expect(outputs.map(({ name }) => name)).toEqual(["logits", "value", "nextMemory"]);
    expect(nodes.flatMap((node) => node.outputs)).toEqual(expect.arrayContaining([...hooks]));
  });
});
