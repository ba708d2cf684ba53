import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { Graph } from "../graph/graph.ts";
import { interpret } from "../graph/interpreter.ts";
import { mlp } from "./mlp.ts";
import { initializeParameters, parameterCount, splitParameters, viewParameters } from "./parameters.ts";

const network = mlp({ kind: "mlp", hidden: [4, 3] }, { inputSize: 6, observationShape: [6], actionCount: 2 });
const count = parameterCount(network.parameters);

/** Random in every entry, biases too: a swapped or forgotten one shows. */
function randomParameters(): Float32Array {
  const prng = Prng.fromSeed(4);
  return Float32Array.from({ length: count }, () => prng.normal());
}

/** Outputs and hooks of both forms on the same observations, in float64. */
function evaluate(parameters: Float32Array, observation: readonly (readonly number[])[]) {
  const rows = observation.length;
  const places = observation.map((row) => row.flatMap((value, i) => (value === 1 ? [i] : [])));
  const padded = places.flatMap((row) => [...row, ...new Array<number>(6 - row.length).fill(6)]);
  const run = (form: "dense" | "active") => {
    const graph = new Graph(form);
    const weights = splitParameters(graph.input("parameters", "float32", [count]), network.parameters);
    const { logits, value, hooks } =
      form === "dense"
        ? network.onDense(weights, graph.input("x", "float32", ["N", 6]))
        : network.onActive(weights, graph.input("x", "int32", ["N", 6]));
    graph.output("logits", logits);
    graph.output("value", value);
    for (const [name, tensor] of Object.entries(hooks)) graph.output(name, tensor);
    const data = form === "dense" ? observation.flat() : padded;
    return interpret(graph, { parameters: { dims: [count], data: parameters }, x: { dims: [rows, 6], data } });
  };
  return { dense: run("dense"), active: run("active") };
}

const observations = [
  [0, 0, 0, 0, 0, 0],
  [1, 0, 0, 0, 0, 1],
  [1, 1, 1, 1, 1, 1],
  [0, 1, 0, 1, 1, 0],
];

describe("the multilayer perceptron", () => {
  it("computes the formula, layer by layer", () => {
    const parameters = randomParameters();
    const w = viewParameters(parameters, network.parameters);
    const layer = (x: readonly number[], name: string) =>
      Array.from(w[`${name}.bias`]!, (bias, j) =>
        x.reduce((sum, value, i) => sum + value * w[`${name}.weight`]![i * w[`${name}.bias`]!.length + j]!, bias),
      );
    const relu = (x: readonly number[]) => x.map((value) => Math.max(0, value));
    const { dense } = evaluate(parameters, observations);
    observations.forEach((x, row) => {
      const first = layer(x, "hidden.0");
      const second = layer(relu(first), "hidden.1");
      const expected: Record<string, readonly number[]> = {
        "hidden.0.pre": first,
        "hidden.0.post": relu(first),
        "hidden.1.pre": second,
        "hidden.1.post": relu(second),
        logits: layer(relu(second), "policy"),
        value: layer(relu(second), "value"),
      };
      for (const [name, values] of Object.entries(expected)) {
        const got = dense[name]!.data.subarray(row * values.length, (row + 1) * values.length);
        values.forEach((value, i) => {
          expect(got[i]).toBeCloseTo(value, 10);
        });
      }
    });
    expect(dense.value!.dims).toEqual([observations.length]);
  });

  it("is the same function of the places of the ones", () => {
    const { dense, active } = evaluate(randomParameters(), observations);
    expect(Object.keys(active)).toEqual(Object.keys(dense));
    for (const [name, { data }] of Object.entries(dense)) {
      data.forEach((value, i) => {
        expect(active[name]!.data[i]).toBeCloseTo(value, 12);
      });
    }
  });

  it("names its hook points in order of computation", () => {
    const graph = new Graph("hooks");
    const weights = splitParameters(graph.input("parameters", "float32", [count]), network.parameters);
    const { hooks } = network.onDense(weights, graph.input("x", "float32", ["N", 6]));
    expect(Object.keys(hooks)).toEqual(["hidden.0.pre", "hidden.0.post", "hidden.1.pre", "hidden.1.post"]);
  });

  it("starts with nearly the same probability for every action", () => {
    const { dense } = evaluate(initializeParameters(network.parameters, Prng.fromSeed(1)), observations);
    for (const logit of dense.logits!.data) expect(Math.abs(logit)).toBeLessThan(0.1);
    expect(Math.max(...dense.value!.data.map(Math.abs))).toBeGreaterThan(0.1);
  });
});
