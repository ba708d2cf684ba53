import { describe, expect, it } from "vitest";
import { Graph } from "../graph.ts";
import { interpret } from "../interpreter.ts";
import { conv2d } from "./conv.ts";
import { maxPool2d } from "./pool.ts";
import { slice } from "./slice.ts";

describe("conv2d", () => {
  it("computes the published example of the ONNX operator Conv", () => {
    // Node test basic_conv_with_padding of ONNX: 0 … 24 on 5 × 5, a kernel of ones.
    const graph = new Graph("onnx-example");
    const x = graph.input("x", "float32", ["N", 1, 5, 5]);
    const weight = graph.constant(new Float32Array(9).fill(1), [1, 1, 3, 3]);
    graph.output("padded", conv2d(x, { weight, padding: 1 }));
    graph.output("inner", conv2d(x, { weight, bias: graph.constant([100]) }));
    graph.output("strided", conv2d(x, { weight, stride: 2, padding: 1 }));
    const data = Array.from({ length: 25 }, (_, i) => i);
    const results = interpret(graph, { x: { dims: [1, 1, 5, 5], data } });
    expect([...results.padded!.data]).toEqual([
      12, 21, 27, 33, 24, 33, 54, 63, 72, 51, 63, 99, 108, 117, 81, 93, 144, 153, 162, 111, 72, 111, 117, 123, 84,
    ]);
    expect([...results.inner!.data]).toEqual([154, 163, 172, 199, 208, 217, 244, 253, 262]);
    expect([...results.strided!.data]).toEqual([12, 27, 24, 63, 108, 81, 72, 117, 84]);
  });

  it("refuses planes, weights and biases that do not fit, and says what would", () => {
    const graph = new Graph("misfits");
    const x = graph.input("x", "float32", ["N", 2, 4, 4]);
    const weight = (shape: readonly number[]) => graph.constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
    expect(() => conv2d(x, { weight: weight([3, 1, 3, 3]) })).toThrow(/\[N,2,4,4\] and \[3,1,3,3\] given; expected planes/);
    expect(() => conv2d(x, { weight: weight([3, 2, 5, 5]) })).toThrow(/at least as large as the kernel/);
    expect(() => conv2d(x, { weight: weight([3, 2, 3, 3]), bias: graph.constant([1, 2]) })).toThrow(/a bias \[O\]/);
    expect(() => conv2d(x, { weight: weight([3, 2, 3, 3]), stride: 0 })).toThrow(/stride 0/);
    expect(() => conv2d(graph.input("flat", "float32", ["N", 32]), { weight: weight([3, 2, 3, 3]) })).toThrow(/\[N,C,H,W\]/);
  });
});

describe("maxPool2d", () => {
  it("takes the largest under each window; padding is never the largest", () => {
    const graph = new Graph("pool");
    graph.output("y", maxPool2d(graph.input("x", "float32", ["N", 1, 3, 4]), { size: 3, stride: 2, padding: 1 }));
    const data = [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12];
    expect([...interpret(graph, { x: { dims: [1, 1, 3, 4], data } }).y!.data]).toEqual([-1, -2, -5, -6]);
  });

  it("refuses windows that fit nowhere", () => {
    const x = new Graph("misfits").input("x", "float32", ["N", 1, 2, 4]);
    expect(() => maxPool2d(x, { size: 3, stride: 1 })).toThrow(/at least as large as the window/);
    expect(() => maxPool2d(x, { size: 2, stride: 1, padding: 2 })).toThrow(/padding up to half of it/);
  });
});

describe("slice", () => {
  it("refuses a range that reaches beyond the axis", () => {
    const x = new Graph("misfits").input("x", "float32", ["N", 4]);
    expect(() => slice(x, { axis: 1, start: 1, size: 2, step: 3 })).toThrow(/within axis 1/);
    expect(() => slice(x, { axis: 0, start: 0, size: 1 })).toThrow(/within axis 0/);
  });
});
