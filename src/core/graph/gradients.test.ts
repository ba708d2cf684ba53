import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { gradients, stopGradient } from "./gradients.ts";
import { Graph, type Tensor } from "./graph.ts";
import { interpret } from "./interpreter.ts";
import {
  categoricalEntropy,
  categoricalLogProb,
  crossEntropy,
  gaussianEntropy,
  gaussianLogProb,
  meanSquaredError,
  softCrossEntropy,
} from "./losses.ts";
import { add, div, maximum, minimum, mul, sub } from "./ops/arithmetic.ts";
import { cast } from "./ops/cast.ts";
import { greater, where } from "./ops/comparison.ts";
import { conv2d } from "./ops/conv.ts";
import { abs, clip, erf, exp, gelu, log, neg, relu, sigmoid, sqrt, square, tanh } from "./ops/elementwise.ts";
import { gather, gatherElements } from "./ops/gather.ts";
import { layerNorm } from "./ops/layer-norm.ts";
import { concat, expand, reshape, split, transpose } from "./ops/layout.ts";
import { linear, matMul } from "./ops/mat-mul.ts";
import { maxPool2d } from "./ops/pool.ts";
import { reduceMax, reduceMean, reduceSum } from "./ops/reduce.ts";
import { pad, slice } from "./ops/slice.ts";
import { logSoftmax, softmax } from "./ops/softmax.ts";
import { sparseRowSum } from "./ops/sparse-row-sum.ts";
import type { Dim } from "./shapes.ts";

interface Case {
  readonly name: string;
  readonly inputs: readonly (readonly Dim[])[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Inputs are drawn positive, for logarithms and roots. */
  readonly positive?: boolean;
}

interface Float64Feed {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** Sizes of the symbolic dimensions in the cases. */
const SIZES: Readonly<Record<string, number>> = { N: 3, T: 2 };

const ints = (x: Tensor, values: readonly number[], shape: readonly number[]): Tensor => x.graph.constant(values, shape, "int32");

const CASES: readonly Case[] = [
  {
    name: "add, one shape",
    inputs: [
      [2, 3],
      [2, 3],
    ],
    build: (a, b) => add(a, b),
  },
  {
    name: "add, broadcast both ways",
    inputs: [
      [2, 1, 3],
      [4, 1],
    ],
    build: (a, b) => add(a, b),
  },
  { name: "sub, scalar", inputs: [[3, 1], []], build: (a, b) => sub(a, b) },
  { name: "mul, broadcast row", inputs: [[5, 3], [3]], build: (a, b) => mul(a, b) },
  { name: "mul, symbolic batch", inputs: [["N", 3], [3]], build: (a, b) => mul(a, b) },
  { name: "mul of a tensor with itself", inputs: [[5]], build: (a) => mul(a, a) },
  {
    name: "div, broadcast column",
    inputs: [
      [2, 3],
      [2, 1],
    ],
    build: (a, b) => div(a, b),
    positive: true,
  },
  { name: "minimum", inputs: [[4, 3], [3]], build: (a, b) => minimum(a, b) },
  {
    name: "maximum",
    inputs: [
      [4, 3],
      [4, 1],
    ],
    build: (a, b) => maximum(a, b),
  },
  { name: "neg", inputs: [[3]], build: neg },
  { name: "abs", inputs: [[7]], build: abs },
  { name: "exp", inputs: [[3]], build: exp },
  { name: "log", inputs: [[3]], build: log, positive: true },
  { name: "sqrt", inputs: [[3]], build: sqrt, positive: true },
  { name: "square", inputs: [[3]], build: square },
  { name: "relu", inputs: [[3, 5]], build: relu },
  { name: "tanh", inputs: [[3]], build: tanh },
  { name: "sigmoid", inputs: [[3]], build: sigmoid },
  { name: "clip", inputs: [[11]], build: (x) => clip(x, { low: -0.4, high: 0.5 }) },
  {
    name: "where with a broadcast branch",
    inputs: [[3, 4], [4]],
    build: (a, b) => where(greater(stopGradient(a), a.graph.constant(0)), a, b),
  },
  { name: "where selecting by what is differentiated", inputs: [[9], [9]], build: (a, b) => where(greater(a, b), mul(a, b), b) },
  {
    name: "matMul",
    inputs: [
      [2, 3],
      [3, 4],
    ],
    build: (a, b) => matMul(a, b),
  },
  {
    name: "matMul, a transposed",
    inputs: [
      [3, 2],
      [3, 4],
    ],
    build: (a, b) => matMul(a, b, { transposeA: true }),
  },
  {
    name: "matMul, b transposed",
    inputs: [
      [2, 3],
      [4, 3],
    ],
    build: (a, b) => matMul(a, b, { transposeB: true }),
  },
  {
    name: "matMul, both transposed",
    inputs: [
      [3, 2],
      [4, 3],
    ],
    build: (a, b) => matMul(a, b, { transposeA: true, transposeB: true }),
  },
  {
    name: "matMul, batches",
    inputs: [
      [2, 1, 2, 3],
      [5, 3, 2],
    ],
    build: (a, b) => matMul(a, b),
  },
  {
    name: "matMul, batches transposed",
    inputs: [
      [2, 3, 2],
      [2, 1, 3],
    ],
    build: (a, b) => matMul(a, b, { transposeA: true, transposeB: true }),
  },
  {
    name: "matMul, batch times matrix",
    inputs: [
      ["N", 2, 3],
      [3, 4],
    ],
    build: (a, b) => matMul(a, b),
  },
  {
    name: "matMul, two symbolic axes times matrix",
    inputs: [
      ["N", "T", 3],
      [3, 2],
    ],
    build: (a, b) => matMul(a, b),
  },
  { name: "linear", inputs: [["N", 3], [3, 2], [2]], build: linear },
  { name: "linear over three axes", inputs: [[2, 2, 3], [3, 2], [2]], build: linear },
  {
    name: "linear with a bias for every row",
    inputs: [
      ["N", 3],
      [3, 2],
      ["N", 2],
    ],
    build: linear,
  },
  { name: "reduceSum of all", inputs: [[2, 3]], build: (x) => reduceSum(x) },
  { name: "reduceSum, middle axis", inputs: [[2, 3, 2]], build: (x) => reduceSum(x, { axes: [1] }) },
  { name: "reduceSum, symbolic, kept", inputs: [["N", 3]], build: (x) => reduceSum(x, { axes: [0], keepDims: true }) },
  { name: "reduceMean, last axis", inputs: [[2, 3]], build: (x) => reduceMean(x, { axes: [-1] }) },
  { name: "reduceMean over a symbolic axis", inputs: [["N", 3]], build: (x) => reduceMean(x) },
  { name: "reduceMean over one of two symbolic axes", inputs: [["N", "T", 3]], build: (x) => reduceMean(x, { axes: [1] }) },
  { name: "reduceMax", inputs: [[2, 5]], build: (x) => reduceMax(x, { axes: [1] }) },
  { name: "softmax", inputs: [[3, 4]], build: softmax },
  { name: "logSoftmax", inputs: [["N", 4]], build: logSoftmax },
  { name: "reshape", inputs: [[2, 6]], build: (x) => square(reshape(x, [3, -1])) },
  { name: "reshape, symbolic", inputs: [["N", 2, 3]], build: (x) => reshape(square(reshape(x, [-1, 3])), ["N", 6]) },
  { name: "transpose", inputs: [[2, 3, 4]], build: (x) => square(transpose(x, [2, 0, 1])) },
  { name: "split with an unused part", inputs: [[7, 2]], build: (x) => square(split(x, [1, 4, 2], 0)[1]!) },
  {
    name: "concat",
    inputs: [
      [2, 3],
      [2, 1],
    ],
    build: (a, b) => square(concat([a, b, a], 1)),
  },
  { name: "expand", inputs: [[3, 1]], build: (x) => square(expand(x, [2, 3, 4])) },
  { name: "gather rows, repeated", inputs: [[4, 2]], build: (x) => square(gather(x, ints(x, [3, 0, 3, -1], [2, 2]), 0)) },
  { name: "gather along the last axis", inputs: [[2, 3, 4]], build: (x) => square(gather(x, ints(x, [3, 3], [2, 1]), 2)) },
  { name: "gather along a middle axis", inputs: [[2, 3, 4]], build: (x) => square(gather(x, ints(x, [2, 0, 2], [3]), 1)) },
  { name: "gatherElements", inputs: [[2, 3]], build: (x) => square(gatherElements(x, ints(x, [0, 2, 1, 1], [2, 2]), 1)) },
  {
    name: "sparseRowSum with padding",
    inputs: [[4, 3]],
    build: (w) => square(sparseRowSum(w, ints(w, [0, 2, 4, 2, 2, 4, 1, 4, 4], [3, 3]))),
  },
  { name: "erf", inputs: [[7]], build: erf },
  { name: "gelu", inputs: [["N", 5]], build: gelu },
  { name: "layerNorm", inputs: [["N", 2, 5]], build: (x) => layerNorm(x) },
  { name: "layerNorm with scale", inputs: [[3, 5], [5]], build: (x, scale) => layerNorm(x, { scale }) },
  {
    name: "layerNorm with scale and bias over a symbolic axis",
    inputs: [["N", "T", 3], [3], [3]],
    build: (x, scale, bias) => layerNorm(x, { scale, bias, epsilon: 0.1 }),
  },
  {
    name: "layerNorm and its own gradient",
    inputs: [[2, 4], [4], [4]],
    build: (x, scale, bias) => gradients(reduceSum(square(layerNorm(x, { scale, bias }))), [x])[0]!,
  },
  {
    name: "categoricalLogProb",
    inputs: [["N", 2, 4]],
    build: (x) =>
      categoricalLogProb(
        logSoftmax(x),
        cast(mul(stopGradient(sigmoid(reduceSum(x, { axes: [-1] }))), x.graph.constant(3.9)), "int32"),
      ),
  },
  { name: "categoricalEntropy", inputs: [["N", 5]], build: (x) => categoricalEntropy(logSoftmax(x)) },
  { name: "crossEntropy", inputs: [[3, 5]], build: (x) => crossEntropy(x, ints(x, [4, 0, 2], [3])) },
  {
    name: "crossEntropy with a mask",
    inputs: [[3, 1, 5]],
    build: (x) => crossEntropy(x, ints(x, [4, 0, 2], [3, 1]), x.graph.constant([1, 0, 1], [3, 1])),
  },
  {
    name: "softCrossEntropy",
    inputs: [
      ["N", 3],
      ["N", 3],
    ],
    build: (x, q) => softCrossEntropy(x, q),
  },
  {
    name: "meanSquaredError",
    inputs: [
      ["N", 3],
      ["N", 3],
    ],
    build: (a, b) => meanSquaredError(a, b),
  },
  {
    name: "meanSquaredError with a mask",
    inputs: [
      [2, 3],
      [2, 3],
    ],
    build: (a, b) => meanSquaredError(a, b, a.graph.constant([1, 0, 1, 1, 1, 0], [2, 3])),
  },
  {
    name: "gaussianLogProb, one deviation for all rows",
    inputs: [["N", 3], [3], ["N", 3]],
    build: (mean, logDeviation, x) => gaussianLogProb({ mean, logDeviation }, x),
  },
  {
    name: "gaussianLogProb, a deviation for each row",
    inputs: [
      [2, 1, 3],
      [2, 4, 1],
      [2, 4, 3],
    ],
    build: (mean, logDeviation, x) => gaussianLogProb({ mean, logDeviation }, x),
  },
  {
    name: "gaussianEntropy",
    inputs: [["N", 3], [3]],
    build: (mean, logDeviation) => add(gaussianEntropy({ mean, logDeviation }), reduceSum(square(mean))),
  },
  { name: "slice", inputs: [["N", 5]], build: (x) => square(slice(x, { axis: 1, start: 1, size: 3 })) },
  { name: "slice with steps", inputs: [[7, 2]], build: (x) => square(slice(x, { axis: 0, start: 1, size: 2, step: 3 })) },
  {
    name: "slice with steps to the end",
    inputs: [[2, 7]],
    build: (x) => square(slice(x, { axis: -1, start: 0, size: 4, step: 2 })),
  },
  {
    name: "pad",
    inputs: [["N", 2, 3]],
    build: (x) =>
      square(
        pad(x, [
          { axis: 1, before: 1, after: 0 },
          { axis: 2, before: 0, after: 2 },
        ]),
      ),
  },
  {
    name: "conv2d, symbolic batch",
    inputs: [["N", 2, 4, 5], [3, 2, 3, 2], [3]],
    build: (x, weight, bias) => square(conv2d(x, { weight, bias })),
  },
  {
    name: "conv2d, stride 2 and padding 1",
    inputs: [[2, 2, 5, 4], [2, 2, 3, 3], [2]],
    build: (x, weight, bias) => square(conv2d(x, { weight, bias, stride: 2, padding: 1 })),
  },
  {
    name: "conv2d, 1 × 1, no bias",
    inputs: [
      ["N", 3, 2, 3],
      [2, 3, 1, 1],
    ],
    build: (x, weight) => square(conv2d(x, { weight })),
  },
  {
    name: "conv2d, 1 × 1 with stride 3 and padding",
    inputs: [
      [1, 2, 4, 5],
      [2, 2, 1, 1],
    ],
    build: (x, weight) => square(conv2d(x, { weight, stride: 3, padding: 1 })),
  },
  {
    name: "conv2d whose batch is taken in parts",
    inputs: [
      [70, 1, 2, 1],
      [1, 1, 2, 1],
    ],
    build: (x, weight) => square(conv2d(x, { weight })),
  },
  {
    name: "conv2d, gradient of its gradient",
    inputs: [
      [1, 2, 4, 3],
      [2, 2, 3, 2],
    ],
    build: (x, weight) => {
      const [forX, forWeight] = gradients(reduceMean(square(conv2d(x, { weight, stride: 2, padding: 1 }))), [x, weight]);
      return add(reduceMean(square(forX!)), reduceMean(square(forWeight!)));
    },
  },
  { name: "maxPool2d", inputs: [["N", 2, 5, 4]], build: (x) => square(maxPool2d(x, { size: 3, stride: 2, padding: 1 })) },
  { name: "maxPool2d without overlap", inputs: [[1, 2, 4, 7]], build: (x) => square(maxPool2d(x, { size: 2, stride: 2 })) },
  {
    name: "stopGradient beside a live use",
    inputs: [[3]],
    build: (x) => add(mul(stopGradient(square(x)), x.graph.constant(0)), exp(x)),
  },
];

/** A graph whose loss is a fixed random weighting of the case's result, with the loss and its gradients as outputs. */
function lossGraph(test: Case): Graph {
  const graph = new Graph("loss");
  const inputs = test.inputs.map((shape, i) => graph.input(`x${i}`, "float32", shape));
  const result = test.build(...inputs);
  const weights = graph.input("weights", "float32", result.shape);
  const loss = reduceSum(mul(result, weights));
  graph.output("loss", loss);
  for (const [i, gradient] of gradients(loss, inputs).entries()) graph.output(`g${i}`, gradient);
  return graph;
}

/** Draws a feed for every input: normal deviates, far enough from kinks and ties for the step used. */
function drawFeeds(graph: Graph, positive: boolean): Record<string, Float64Feed> {
  const prng = Prng.fromSeed(7);
  return Object.fromEntries(
    graph.inputs.map(({ name, shape }) => {
      const dims = shape.map((dim) =>
        String(dim)
          .split("*")
          .reduce((size, factor) => size * (SIZES[factor] ?? Number(factor)), 1),
      );
      const size = dims.reduce((product, dim) => product * dim, 1);
      const data = Float64Array.from({ length: size }, () => (positive ? 0.5 + prng.uniform() : prng.normal()));
      return [name, { dims, data }];
    }),
  );
}

describe("gradients", () => {
  it.each(CASES)("agree with central differences: $name", (test) => {
    const graph = lossGraph(test);
    const feeds = drawFeeds(graph, test.positive ?? false);
    const results = interpret(graph, feeds);
    const h = 1e-6;
    for (const [i, input] of graph.inputs.slice(0, -1).entries()) {
      const { data, dims } = feeds[input.name]!;
      const numeric = Array.from(data, (value, at) => {
        const lossAt = (changed: number): number => {
          const moved = data.slice();
          moved[at] = changed;
          return interpret(graph, { ...feeds, [input.name]: { dims, data: moved } }, ["loss"]).loss!.data[0]!;
        };
        return (lossAt(value + h) - lossAt(value - h)) / (2 * h);
      });
      expect(results[`g${i}`]!.dims).toEqual(dims);
      numeric.forEach((value, at) => {
        expect(results[`g${i}`]!.data[at]).toBeCloseTo(value, 6);
      });
    }
  });

  it("of gradients agree with the second derivative", () => {
    const graph = new Graph("second");
    const x = graph.input("x", "float32", [2]);
    const [first] = gradients(reduceSum(tanh(x)), [x]);
    const [second] = gradients(reduceSum(first!), [x]);
    graph.output("second", second!);
    const values = [0.3, -1.2];
    const results = interpret(graph, { x: { dims: [2], data: values } }).second!;
    values.forEach((value, i) => {
      const t = Math.tanh(value);
      expect(results.data[i]).toBeCloseTo(-2 * t * (1 - t * t), 12);
    });
  });

  it("flow back through a scatter, which is the gradient of a gather", () => {
    const graph = new Graph("scatter");
    const x = graph.input("x", "float32", [3, 2]);
    const rows = gather(x, graph.constant([2, 2], [2], "int32"), 0);
    const picked = gatherElements(x, graph.constant([1, 1, 0], [3, 1], "int32"), 1);
    const [first] = gradients(add(reduceSum(square(square(rows))), reduceSum(square(square(picked)))), [x]);
    const [second] = gradients(reduceSum(first!), [x]);
    graph.output("second", second!);
    const results = interpret(graph, { x: { dims: [3, 2], data: [1, 2, 3, 4, 5, 6] } }).second!;
    expect([...results.data]).toEqual([0, 12 * 4, 0, 12 * 16, 3 * 12 * 25, 2 * 12 * 36]);
  });

  it("refuse a path through an operation without gradient, and name it", () => {
    const graph = new Graph("blocked");
    const x = graph.input("x", "float32", [3]);
    const step = cast(greater(x, graph.constant(0)), "float32");
    expect(() => gradients(reduceSum(mul(x, step)), [x])).toThrow(/Cast .* has no gradient .* stopGradient/);
    expect(gradients(reduceSum(mul(x, stopGradient(step))), [x])).toHaveLength(1);
  });

  it("refuse a loss that does not depend on what it is differentiated by", () => {
    const graph = new Graph("independent");
    const [x, y] = [graph.input("x", "float32", [3]), graph.input("y", "float32", [3])];
    expect(() => gradients(reduceSum(x), [y])).toThrow(/no differentiable path leads from "y"/);
    expect(() => gradients(reduceSum(add(x, stopGradient(y))), [y])).toThrow(/no differentiable path/);
  });

  it("refuse a loss that is no scalar", () => {
    const x = new Graph("vector").input("x", "float32", [3]);
    expect(() => gradients(x, [x])).toThrow(/float32\[3\] given; expected a float32 scalar/);
  });

  it("with respect to an intermediate tensor do not need a gradient before it", () => {
    const graph = new Graph("intermediate");
    const x = cast(graph.input("x", "int32", [3]), "float32");
    graph.output("g", gradients(reduceSum(square(x)), [x])[0]!);
    expect([...interpret(graph, { x: { dims: [3], data: [1, 2, 3] } }).g!.data]).toEqual([2, 4, 6]);
  });

  it("of tied maxima go to the first in reading order", () => {
    const graph = new Graph("ties");
    const x = graph.input("x", "float32", [1, 1, 3, 3]);
    graph.output("g", gradients(reduceSum(maxPool2d(x, { size: 2, stride: 1 })), [x])[0]!);
    const data = [0, 0, 2, 0, 2, 2, 1, 1, 1];
    expect([...interpret(graph, { x: { dims: [1, 1, 3, 3], data } }).g!.data]).toEqual([0, 0, 1, 0, 3, 0, 0, 0, 0]);
  });
});
