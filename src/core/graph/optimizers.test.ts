import { describe, expect, it } from "vitest";
import { Graph } from "./graph.ts";
import { interpret } from "./interpreter.ts";
import { adam, clipByGlobalNorm } from "./optimizers.ts";

describe("adam", () => {
  it("takes the steps of Kingma and Ba's algorithm 1", () => {
    const graph = new Graph("adam");
    const vector = (name: string) => graph.input(name, "float32", [3]);
    const scalar = (name: string) => graph.input(name, "float32", []);
    const result = adam({
      parameters: vector("p"),
      gradient: vector("g"),
      firstMoment: vector("m"),
      secondMoment: vector("v"),
      learningRate: scalar("rate"),
      step: scalar("step"),
    });
    graph.output("p'", result.parameters);
    graph.output("m'", result.firstMoment);
    graph.output("v'", result.secondMoment);
    let state = { p: [1, -2, 0.5], m: [0, 0, 0], v: [0, 0, 0] };
    const expected = { p: [...state.p], m: [...state.m], v: [...state.v] };
    for (let step = 1; step <= 20; step++) {
      const g = [Math.sin(step), 0.01 * Math.cos(step), 3];
      const feed = (data: readonly number[]) => ({ dims: data.length === 1 ? [] : [3], data });
      const out = interpret(graph, {
        p: feed(state.p),
        m: feed(state.m),
        v: feed(state.v),
        g: feed(g),
        rate: feed([0.01]),
        step: feed([step]),
      });
      state = { p: [...out["p'"]!.data], m: [...out["m'"]!.data], v: [...out["v'"]!.data] };
      for (let i = 0; i < 3; i++) {
        expected.m[i] = 0.9 * expected.m[i]! + 0.1 * g[i]!;
        expected.v[i] = 0.999 * expected.v[i]! + 0.001 * g[i]! ** 2;
        const corrected = { m: expected.m[i]! / (1 - 0.9 ** step), v: expected.v[i]! / (1 - 0.999 ** step) };
        expected.p[i]! -= (0.01 * corrected.m) / (Math.sqrt(corrected.v) + 1e-5);
        // The graph's own constants are float32.
        expect(state.p[i]).toBeCloseTo(expected.p[i]!, 5);
        expect(state.v[i]).toBeCloseTo(expected.v[i]!, 6);
      }
    }
  });

  it("refuses vectors of different lengths", () => {
    const graph = new Graph("adam");
    const short = graph.input("short", "float32", [2]);
    const long = graph.input("long", "float32", [3]);
    const one = graph.constant(1);
    const options = { parameters: long, gradient: short, firstMoment: long, secondMoment: long, learningRate: one, step: one };
    expect(() => adam(options)).toThrow("adam: [3] and [2] given");
  });
});

describe("clipByGlobalNorm", () => {
  it.each([
    { name: "scales a long gradient to the norm", gradient: [3, 4], expected: [0.3, 0.4] },
    { name: "leaves a short gradient alone", gradient: [0.03, 0.04], expected: [0.03, 0.04] },
    { name: "leaves zeros alone", gradient: [0, 0], expected: [0, 0] },
  ])("$name", ({ gradient, expected }) => {
    const graph = new Graph("clip");
    graph.output("clipped", clipByGlobalNorm(graph.input("g", "float32", [2]), 0.5));
    const { data } = interpret(graph, { g: { dims: [2], data: gradient } }).clipped!;
    expected.forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 6);
    });
  });
});
