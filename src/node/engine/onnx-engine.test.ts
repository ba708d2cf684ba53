import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Prng } from "../../core/base/prng.ts";
import type { EngineSession, Feeds, TensorData } from "../../core/engine/engine.ts";
import { exposeTensors } from "../../core/graph/expose-tensors.ts";
import { gradients } from "../../core/graph/gradients.ts";
import { Graph, type Tensor } from "../../core/graph/graph.ts";
import { interpret } from "../../core/graph/interpreter.ts";
import { gaussianLogProb } from "../../core/graph/losses.ts";
import { add, div, maximum, minimum, mul, sub } from "../../core/graph/ops/arithmetic.ts";
import { cast } from "../../core/graph/ops/cast.ts";
import { equal, greater, less, where } from "../../core/graph/ops/comparison.ts";
import { conv2d } from "../../core/graph/ops/conv.ts";
import { abs, clip, erf, exp, gelu, log, neg, relu, sigmoid, sqrt, square, tanh } from "../../core/graph/ops/elementwise.ts";
import { gather, gatherElements } from "../../core/graph/ops/gather.ts";
import { layerNorm } from "../../core/graph/ops/layer-norm.ts";
import { concat, expand, reshape, split, transpose } from "../../core/graph/ops/layout.ts";
import { linear, matMul } from "../../core/graph/ops/mat-mul.ts";
import { maxPool2d } from "../../core/graph/ops/pool.ts";
import { reduceMax, reduceMean, reduceSum } from "../../core/graph/ops/reduce.ts";
import { pad, slice } from "../../core/graph/ops/slice.ts";
import { logSoftmax, softmax } from "../../core/graph/ops/softmax.ts";
import { sparseRowSum } from "../../core/graph/ops/sparse-row-sum.ts";
import { adam, clipByGlobalNorm } from "../../core/graph/optimizers.ts";
import { serialize } from "../../core/graph/serialize.ts";
import { initializeParameters, parameterCount, splitParameters } from "../../core/nets/parameters.ts";
import { exportPolicy } from "../../core/nets/policy-graph.ts";
import { policyNetwork } from "../../core/nets/policy-network.ts";
import { createOnnxEngine } from "./onnx-engine.ts";

const engine = await createOnnxEngine();
const sessions: EngineSession[] = [];
afterAll(async () => {
  for (const session of sessions) await session.release();
});

async function compile(graph: Graph): Promise<EngineSession> {
  const session = await engine.compile(serialize(graph));
  sessions.push(session);
  return session;
}

/** Operations that keep the shape [N,6] and the values moderate, for chaining at random. */
const LINKS: Readonly<Record<string, (x: Tensor, other: Tensor) => Tensor>> = {
  add: (x, other) => add(x, other),
  sub: (x, other) => sub(x, gather(other, x.graph.constant([1], [1], "int32"), 0)),
  mul: (x, other) => mul(x, tanh(other)),
  div: (x, other) => div(x, add(abs(other), x.graph.constant(1))),
  extremes: (x, other) => minimum(maximum(x, other), x.graph.constant(2)),
  neg: (x) => neg(x),
  exp: (x) => exp(clip(x, { low: -2, high: 1 })),
  log: (x) => log(add(square(x), x.graph.constant(1))),
  sqrt: (x) => sqrt(add(abs(x), x.graph.constant(0.5))),
  relu: (x) => relu(x),
  sigmoid: (x) => sigmoid(x),
  erf: (x) => erf(x),
  gelu: (x) => gelu(x),
  layerNorm: (x) => layerNorm(x, { epsilon: 0.1 }),
  scaledLayerNorm: (x) => layerNorm(x, { scale: weights(x, [6]), bias: weights(x, [6]), epsilon: 0.1 }),
  logProb: (x, other) =>
    mul(tanh(x), reshape(gaussianLogProb({ mean: x, logDeviation: tanh(weights(x, [6])) }, other), ["N", 1])),
  where: (x, other) => where(less(x, x.graph.constant(0.3)), x, other),
  softmax: (x) => softmax(x),
  logSoftmax: (x) => logSoftmax(x),
  mean: (x) => sub(x, reduceMean(x, { axes: [0], keepDims: true })),
  max: (x) => sub(x, expand(reduceMax(x, { axes: [-1], keepDims: true }), x.shape)),
  sum: (x) => mul(x, div(reduceSum(x), x.graph.constant(100))),
  reshape: (x) => reshape(tanh(reshape(x, [-1, 3])), ["N", 6]),
  transpose: (x) => transpose(reshape(transpose(reshape(x, [0, 2, 3]), [2, 0, 1]), [3, "N", 2]), [1, 0, 2]),
  split: (x) => concat(split(x, [2, 1, 3], 1).toReversed(), 1),
  linear: (x) => linear(x, weights(x, [6, 6]), weights(x, [6])),
  "linear with a bias for every row": (x) => linear(x, weights(x, [6, 6]), x),
  batched: (x) => reshape(matMul(reshape(x, [0, 2, 3]), weights(x, [1, 3, 3])), [0, 6]),
  gatherElements: (x) => gatherElements(x, cast(mul(sigmoid(x), x.graph.constant(5.4)), "int32"), 1),
  equal: (x) => add(x, cast(equal(cast(x, "int32"), x.graph.constant(0, [], "int32")), "float32")),
  greater: (x, other) => mul(x, cast(greater(x, other), "float32")),
};

function weights(x: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return x.graph.constant(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1) / 3),
    shape,
  );
}

/** Links one after another; every intermediate result is an output. */
function chain(names: readonly string[]): Graph {
  const graph = new Graph("chain");
  const first = graph.input("first", "float32", ["N", 6]);
  const second = graph.input("second", "float32", ["N", 6]);
  let x = first;
  for (const [i, name] of names.entries()) {
    x = reshape(LINKS[name]!(x, second), ["N", 6]);
    graph.output(`${i}.${name}`, x);
  }
  return graph;
}

function normal(dims: readonly number[], seed: number): TensorData {
  const prng = Prng.fromSeed(seed);
  return { dtype: "float32", dims, data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => prng.normal()) };
}

function expectClose(actual: Readonly<Record<string, TensorData>>, expected: ReturnType<typeof interpret>): void {
  for (const [name, { dims, data }] of Object.entries(expected)) {
    expect(actual[name]!.dims).toEqual(dims);
    const scale = Math.max(1, ...data.map(Math.abs));
    data.forEach((value, i) => {
      expect(Math.abs(Number(actual[name]!.data[i]) - value) / scale, `${name}[${i}]`).toBeLessThan(1e-5);
    });
  }
}

/** The weights of a two-layer network and one PPO-like update of them, with a sparse first layer. */
function updateGraph(): Graph {
  const graph = new Graph("update");
  const flat = ["parameters", "firstMoment", "secondMoment"].map((name) => graph.input(name, "float32", [9 * 4 + 4 * 3 + 3]));
  const [w1, w2, b2] = split(flat[0]!, [36, 12, 3], 0);
  const hidden = relu(sparseRowSum(reshape(w1!, [9, 4]), graph.input("active", "int32", [5, 3])));
  const logProbs = logSoftmax(linear(hidden, reshape(w2!, [4, 3]), b2!));
  const loss = neg(reduceMean(gatherElements(logProbs, graph.input("actions", "int32", [5, 1]), 1)));
  const [gradient] = gradients(loss, [flat[0]!]);
  const updated = adam({
    parameters: flat[0]!,
    gradient: clipByGlobalNorm(gradient!, 0.5),
    firstMoment: flat[1]!,
    secondMoment: flat[2]!,
    learningRate: graph.constant(0.01),
    step: graph.input("step", "float32", []),
  });
  graph.output("loss", loss);
  graph.output("gradient", gradient!);
  graph.output("newParameters", updated.parameters);
  graph.output("newFirstMoment", updated.firstMoment);
  graph.output("newSecondMoment", updated.secondMoment);
  return graph;
}

function updateFeeds(): Feeds {
  return {
    parameters: normal([51], 3),
    firstMoment: { dtype: "float32", dims: [51], data: new Float32Array(51) },
    secondMoment: { dtype: "float32", dims: [51], data: new Float32Array(51) },
    active: { dtype: "int32", dims: [5, 3], data: Int32Array.of(0, 4, 9, 8, 8, 1, 2, 9, 9, 9, 9, 9, 7, 0, 3) },
    actions: { dtype: "int32", dims: [5, 1], data: Int32Array.of(0, 1, 2, 1, 0) },
    step: { dtype: "float32", dims: [], data: Float32Array.of(1) },
  };
}

describe("the native engine", () => {
  it.each(Object.keys(LINKS))("computes %s as the float64 interpreter does", async (name) => {
    const graph = chain([name]);
    const feeds = { first: normal([3, 6], 1), second: normal([3, 6], 2) };
    expectClose(await (await compile(graph)).run(feeds), interpret(graph, feeds));
  });

  it("computes random chains of operations, and their gradients, as the float64 interpreter does", async () => {
    const differentiable = Object.keys(LINKS).filter((name) => !["gatherElements", "equal", "greater"].includes(name));
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom(...differentiable), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 2, max: 5 }),
      async (names, rows) => {
        const graph = chain(names);
        const loss = reduceMean([...graph.outputs.values()].at(-1)!);
        graph.output("gradient", gradients(loss, [graph.inputs[0]!])[0]!);
        const feeds = { first: normal([rows, 6], rows), second: normal([rows, 6], rows + 10) };
        const session = await engine.compile(serialize(graph));
        expectClose(await session.run(feeds), interpret(graph, feeds));
        await session.release();
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 1 });
  });

  it.each([
    { name: "3 × 3, padding 1", kernel: [3, 3], stride: 1, padding: 1, rows: 3 },
    { name: "3 × 2, stride 2, padding 1", kernel: [3, 2], stride: 2, padding: 1, rows: 2 },
    { name: "1 × 1", kernel: [1, 1], stride: 1, padding: 0, rows: 1 },
    { name: "1 × 1, stride 3", kernel: [1, 1], stride: 3, padding: 0, rows: 2 },
    { name: "3 × 3, a batch in parts", kernel: [3, 3], stride: 1, padding: 0, rows: 70 },
  ])(
    "computes a convolution of $name, ReLU and max pooling, and their gradients, as the float64 interpreter does",
    async (test) => {
      for (const batch of ["N", test.rows]) {
        const graph = new Graph("planes");
        const x = graph.input("x", "float32", [batch, 2, 5, 4]);
        const weight = graph.input("weight", "float32", [3, 2, test.kernel[0]!, test.kernel[1]!]);
        const bias = graph.input("bias", "float32", [3]);
        const convolved = relu(conv2d(x, { weight, bias, stride: test.stride, padding: test.padding }));
        const pooled = maxPool2d(convolved, { size: 2, stride: 1, padding: 1 });
        const loss = reduceMean(square(pooled));
        graph.output("convolved", convolved);
        graph.output("pooled", pooled);
        for (const [i, gradient] of gradients(loss, graph.inputs).entries()) graph.output(`gradient.${i}`, gradient);
        const feeds = {
          x: normal([test.rows, 2, 5, 4], 1),
          weight: normal([3, 2, ...test.kernel], 2),
          bias: normal([3], 3),
        };
        expectClose(await (await compile(graph)).run(feeds), interpret(graph, feeds));
      }
    },
  );

  it("computes slices, padding and their gradients as the float64 interpreter does", async () => {
    const graph = new Graph("parts");
    const x = graph.input("x", "float32", ["N", 7, 3]);
    const part = slice(pad(x, [{ axis: 1, before: 1, after: 2 }]), { axis: 1, start: 0, size: 4, step: 3 });
    graph.output("part", part);
    graph.output("gradient", gradients(reduceMean(square(part)), [x])[0]!);
    const feeds = { x: normal([2, 7, 3], 1) };
    expectClose(await (await compile(graph)).run(feeds), interpret(graph, feeds));
  });

  it.each([
    { kind: "conv", channels: [4, 6], dense: 8 },
    { kind: "impala", channels: [3, 4], dense: 8 },
  ] as const)(
    "computes an exported policy of kind $kind and its hook points as the float64 interpreter does",
    async (options) => {
      const network = policyNetwork(options, { inputSize: 3 * 7 * 5, observationShape: [3, 7, 5], actionCount: 4 });
      if (network.kind !== "reactive") throw new Error("expected a network without memory");
      const parameters = initializeParameters(network.parameters, Prng.fromSeed(5));
      const { model, hooks } = exportPolicy(network, parameters);
      const session = await engine.compile(exposeTensors(model, hooks));
      sessions.push(session);

      const graph = new Graph("policy");
      const flat = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
      const outputs = network.onDense(
        splitParameters(flat, network.parameters),
        graph.input("observation", "float32", ["N", 105]),
      );
      for (const [name, tensor] of Object.entries({ logits: outputs.logits, value: outputs.value, ...outputs.hooks }))
        graph.output(name, tensor);
      const observation = normal([3, 105], 6);
      const expected = interpret(graph, { observation, parameters: { dims: [parameters.length], data: parameters } });
      expect(Object.keys(expected)).toEqual(["logits", "value", ...hooks]);
      expectClose(await session.run({ observation }), expected);
    },
  );

  it("computes a whole update, backward pass and Adam, as the float64 interpreter does", async () => {
    const graph = updateGraph();
    expectClose(await (await compile(graph)).run(updateFeeds()), interpret(graph, updateFeeds()));
  });

  it("gives the same bits when a run is repeated, and in another session", async () => {
    const [one, two] = [await compile(updateGraph()), await compile(updateGraph())];
    const first = await one.run(updateFeeds());
    expect(await one.run(updateFeeds())).toEqual(first);
    expect(await two.run(updateFeeds())).toEqual(first);
  });

  it("sees new values in an array that is fed again, and leaves earlier results alone", async () => {
    const graph = new Graph("twice");
    const x = graph.input("x", "float32", ["N"]);
    graph.output("y", add(x, x));
    const session = await compile(graph);
    const data = Float32Array.of(1, 2);
    const first = await session.run({ x: { dtype: "float32", dims: [2], data } });
    data.set([5, 6]);
    const second = await session.run({ x: { dtype: "float32", dims: [2], data } });
    expect([...first.y!.data]).toEqual([2, 4]);
    expect([...second.y!.data]).toEqual([10, 12]);
  });

  it("returns only the outputs asked for, and tells the shapes of all", async () => {
    const session = await compile(updateGraph());
    expect(Object.keys(await session.run(updateFeeds(), ["loss"]))).toEqual(["loss"]);
    expect(session.inputShapes).toMatchObject({ active: [5, 3], step: [] });
    expect(session.outputShapes).toMatchObject({ newParameters: [51], loss: [] });
    expect((await compile(chain(["relu"]))).inputShapes).toMatchObject({ first: ["N", 6] });
  });

  it("refuses wrong feeds with an engine error that names what was given and what was expected", async () => {
    const session = await compile(chain(["add"]));
    const [first, second] = [normal([3, 6], 1), normal([3, 6], 2)];
    const refused = async (feeds: Feeds, message: RegExp): Promise<void> => {
      await expect(session.run(feeds)).rejects.toMatchObject({ code: "engine", message: expect.stringMatching(message) });
    };
    await refused({ first }, /'second' is missing .*given first float32\[3,6\]; expected first\[N,6\], second\[N,6\]/);
    await refused({ first, second, third: first }, /"third" is no input of this model/);
    await refused({ first, second: { dtype: "int32", dims: [3, 6], data: new Int32Array(18) } }, /second int32\[3,6\]/);
    await refused({ first, second: normal([3, 5], 2) }, /second float32\[3,5\]/);
    await refused({ first, second: { ...second, dims: [4, 6] } }, /second float32\[4,6\]/);
    await refused({ first, second: { ...second, data: new Float64Array(18) } }, /second float32\[3,6\]/);
  });

  it.each([
    ["garbage", Uint8Array.of(1, 2, 3, 4)],
    ["no bytes", new Uint8Array(0)],
    ["a truncated model", serialize(updateGraph()).subarray(0, 900)],
  ])("refuses %s as an invalid model", async (_, bytes) => {
    await expect(engine.compile(bytes)).rejects.toMatchObject({ code: "invalid-model" });
  });

  it("refuses to run a released session", async () => {
    const session = await engine.compile(serialize(chain(["relu"])));
    await session.release();
    const feeds = { first: normal([3, 6], 1), second: normal([3, 6], 2) };
    await expect(session.run(feeds)).rejects.toMatchObject({ code: "engine" });
  });
});
