import { describe, expect, it } from "vitest";
import { Graph, type Tensor } from "./graph.ts";
import { interpret } from "./interpreter.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { where } from "./ops/comparison.ts";
import { gather, gatherElements } from "./ops/gather.ts";
import { concat, expand, reshape, split, transpose } from "./ops/layout.ts";
import { linear, matMul } from "./ops/mat-mul.ts";
import { reduceSum } from "./ops/reduce.ts";
import { softmax } from "./ops/softmax.ts";
import { sparseRowSum } from "./ops/sparse-row-sum.ts";
import type { Dim } from "./shapes.ts";

function inputs(...shapes: (readonly Dim[])[]) {
  const graph = new Graph("shapes");
  return shapes.map((shape, i) => graph.input(`x${i}`, "float32", shape));
}

describe("a graph", () => {
  it.each([
    ["add", () => add(inputs([2, 3])[0]!, inputs([2, 3])[0]!), /belongs to graph/],
    ["add", () => callWith(add, [2, 3], [4]), /Add of float32 and float32: \[2,3\] and \[4\] given/],
    ["add with a named dimension", () => callWith(add, ["N", 3], [2, 3]), /\[N,3\] and \[2,3\] given/],
    [
      "matMul",
      () => callWith((a, b) => matMul(a, b), [2, 3], [4, 5]),
      /matMul of float32 and float32: \[2,3\] and \[4,5\] given/,
    ],
    ["matMul of a vector", () => callWith((a, b) => matMul(a, b), [3], [3, 5]), /matMul.*: \[3\] and \[3,5\] given/],
    ["linear", () => callWith(linear, [2, 3], [3, 4], [3]), /linear: \[2,3\] and \[3,4\] and \[3\] given/],
    ["where", () => callWith(where, [2], [2], [2]), /where of float32, float32, float32/],
    ["reshape", () => reshape(inputs([2, 3])[0]!, [4, -1]), /reshape: \[2,3\] and \[4,-1\] given/],
    ["reshape, two unknowns", () => reshape(inputs([2, 3])[0]!, [-1, -1]), /reshape: .* at most one −1/],
    ["transpose", () => transpose(inputs([2, 3])[0]!, [0, 0]), /transpose: \[2,3\] and \[0,0\] given/],
    ["split", () => split(inputs([2, 3])[0]!, [1, 1], 1), /split: \[2,3\] and \[1,1\] given/],
    ["concat", () => concat(inputs([2, 3], [3, 3]), 1), /concat: \[2,3\] and \[3,3\] given/],
    ["expand", () => expand(inputs([2, 3])[0]!, [2, 4]), /expand: \[2,3\] and \[2,4\] given/],
    [
      "reduceSum",
      () => reduceSum(inputs([2, 3])[0]!, { axes: [2] }),
      /reduceSum: \[2,3\] given; expected an axis from -2 to 1, not 2/,
    ],
    ["softmax", () => softmax(inputs([])[0]!), /Softmax: \[\] given/],
    ["gather by floats", () => gather(inputs([2, 3])[0]!, inputs([2])[0]!, 0), /indices of float32/],
    ["gatherElements by floats", () => callWith((a, b) => gatherElements(a, b, 0), [2], [2]), /indices of float32/],
    ["sparseRowSum by floats", () => callWith(sparseRowSum, [4, 3], [2, 2]), /sparseRowSum.*\[4,3\] and \[2,2\] given/],
    ["a fractional dimension", () => inputs([1.5]), /tensor "x0": \[1.5\] given/],
    ["a constant of the wrong length", () => new Graph("g").constant([1, 2], [3]), /2 values given for shape \[3\]; expected 3/],
  ])("refuses %s, naming the operation and the shapes", (_, build, message) => {
    expect(build).toThrow(message);
  });

  it("refuses names that are taken", () => {
    const graph = new Graph("names");
    const x = graph.input("x", "float32", [1]);
    expect(() => graph.initializer("x", new Float32Array(1), [1])).toThrow(/name "x" is empty or taken/);
    expect(() => graph.output("x", mul(x, x))).toThrow(/output name "x" is empty or taken/);
    graph.output("y", x);
    expect(() => graph.output("y", x)).toThrow(/output name "y" is empty or taken/);
  });

  it.each([
    { from: ["N", 8, 4], to: [-1, 4], shape: ["8*N", 4] },
    { from: ["8*N", 4], to: [-1, 8, 4], shape: ["N", 8, 4] },
    { from: ["N", 8, 4], to: [0, -1], shape: ["N", 32] },
    { from: ["N", 8, 4], to: ["N", 2, 16], shape: ["N", 2, 16] },
    { from: ["N", "T", 4], to: [-1, 4], shape: ["N*T", 4] },
  ] satisfies { from: Dim[]; to: Dim[]; shape: Dim[] }[])("reshapes $from to $to", ({ from, to, shape }) => {
    expect(reshape(inputs(from)[0]!, to).shape).toEqual(shape);
  });

  it("adds up the sizes of concatenated symbolic axes", () => {
    expect(concat(inputs(["N", 2], ["N", 2]), 0).shape).toEqual(["2*N", 2]);
    expect(concat(inputs(["N", 2], ["M", 2]), 0).shape).toEqual(["N+M", 2]);
  });
});

describe("the interpreter", () => {
  const graph = new Graph("sum");
  const [a, b] = [graph.input("a", "float32", ["N", 2]), graph.input("b", "float32", ["N", 2])];
  graph.output("sum", add(a, b));
  const two = { dims: [1, 2], data: [1, 2] };

  it.each([
    [{ a: two }, /input "b" is declared \[N,2\] but was not fed/],
    [{ a: two, b: { dims: [2, 1], data: [1, 2] } }, /declared \[N,2\]; 2 values of shape \[2,1\] given/],
    [{ a: two, b: { dims: [1, 2], data: [1, 2, 3] } }, /3 values of shape \[1,2\] given/],
    [{ a: two, b: { dims: [2, 2], data: [1, 2, 3, 4] } }, /values of shape \[2,2\] given/],
  ])("refuses wrong feeds (%#)", (feeds, message) => {
    expect(() => interpret(graph, feeds)).toThrow(message);
  });

  it("refuses an output that the graph does not have", () => {
    expect(() => interpret(graph, { a: two, b: two }, ["total"])).toThrow(/output "total" asked of graph "sum"; it has: sum/);
  });

  it("refuses an index out of range", () => {
    const rows = new Graph("rows");
    rows.output("row", gather(rows.input("x", "float32", [2]), rows.input("i", "int32", [1]), 0));
    const at = (index: number) => interpret(rows, { x: { dims: [2], data: [5, 6] }, i: { dims: [1], data: [index] } });
    expect([...at(-1).row!.data]).toEqual([6]);
    expect(() => at(2)).toThrow(/index 2 given for a dimension of size 2/);
  });
});

function callWith(build: (a: Tensor, b: Tensor, c: Tensor) => Tensor, ...shapes: (readonly Dim[])[]): Tensor {
  const [a, b, c] = inputs(...shapes);
  return build(a!, b!, c ?? a!);
}
