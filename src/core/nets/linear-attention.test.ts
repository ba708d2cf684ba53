import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph } from "../graph/graph.ts";
import { interpret } from "../graph/interpreter.ts";
import { mul } from "../graph/ops/arithmetic.ts";
import { reduceSum } from "../graph/ops/reduce.ts";
import { readModel } from "../graph/read-model.ts";
import { linearAttention } from "./linear-attention.ts";
import { initializeParameters, parameterCount, splitParameters, viewParameters } from "./parameters.ts";
import { exportSequenceNetwork, type SequenceNetwork, sequenceInput } from "./sequence-network.ts";

/** Five pairs of x (3 numbers) and y, then a question. */
const shape = { length: 6, input: { kind: "vectors", size: 4 }, outputSize: 1 } as const;

function networkGraph(network: SequenceNetwork): Graph {
  const graph = new Graph("network");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const inputs = sequenceInput(graph, network.shape, "N");
  const { output } = network.forward(splitParameters(parameters, network.parameters), inputs);
  graph.output("output", output);
  return graph;
}

function drawInputs(rows: number): Float64Array {
  const prng = Prng.fromSeed(3);
  return Float64Array.from({ length: rows * 24 }, (_, i) => (i % 24 === 23 ? 0 : prng.normal()));
}

describe("linearAttention", () => {
  it("takes one step of gradient descent when its weights are those that von Oswald et al. construct", () => {
    const network = linearAttention({ kind: "linear-attention", blocks: 1, heads: 1, questions: 1 }, shape);
    const parameters = new Float32Array(parameterCount(network.parameters));
    const weights = viewParameters(parameters, network.parameters);
    // Query and key read x, value reads y, the output writes the step size times it to y.
    for (const part of ["query", "key"]) for (let i = 0; i < 3; i++) weights[`blocks.0.attention.${part}.weight`]![i * 4 + i] = 1;
    weights["blocks.0.attention.value.weight"]![15] = 1;
    weights["blocks.0.attention.output.weight"]![15] = 0.75;
    const inputs = drawInputs(2);
    const { data, dims } = interpret(networkGraph(network), {
      parameters: { dims: [parameters.length], data: parameters },
      inputs: { dims: [2, 6, 4], data: inputs },
    }).output!;
    expect(dims).toEqual([2, 6, 1]);
    for (let row = 0; row < 2; row++) {
      const token = (place: number) => inputs.slice((row * 6 + place) * 4, (row * 6 + place + 1) * 4);
      const x = token(5);
      // From w = 0, the step down ½·mean of (y − w·x)² is η·mean of y·x.
      let expected = 0;
      for (let j = 0; j < 5; j++) {
        const [a = 0, b = 0, c = 0, y = 0] = token(j);
        expected += (0.75 / 5) * y * (a * x[0]! + b * x[1]! + c * x[2]!);
      }
      expect(data[row * 6 + 5]).toBeCloseTo(expected, 6);
    }
  });

  it("has the gradient of central differences, over two blocks and three heads", () => {
    const network = linearAttention({ kind: "linear-attention", blocks: 2, heads: 3, questions: 2 }, shape);
    const graph = networkGraph(network);
    const output = graph.outputs.get("output")!;
    const loss = reduceSum(mul(output, graph.input("upstream", "float32", output.shape)));
    graph.output("loss", loss);
    graph.output("gradient", gradients(loss, [graph.inputs[0]!])[0]!);
    const parameters = Float64Array.from(initializeParameters(network.parameters, Prng.fromSeed(1)));
    const feeds = {
      inputs: { dims: [2, 6, 4], data: drawInputs(2) },
      upstream: { dims: [2, 6, 1], data: drawInputs(2).slice(0, 12) },
    };
    const evaluate = (data: Float64Array) => interpret(graph, { ...feeds, parameters: { dims: [data.length], data } });
    const { gradient } = evaluate(parameters);
    for (let i = 0; i < parameters.length; i += 11) {
      const moved = (by: number) => evaluate(parameters.map((value, at) => (at === i ? value + by : value))).loss!.data[0]!;
      expect(gradient!.data[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5);
    }
  });

  it("is exported with its hook points", () => {
    const network = linearAttention({ kind: "linear-attention", blocks: 1, heads: 2, questions: 1 }, shape);
    const { model, hooks } = exportSequenceNetwork(network, initializeParameters(network.parameters, Prng.fromSeed(1)));
    const points = ["residual.pre", ...["query", "key", "value", "scores", "result", "out"].map((name) => `attention.${name}`)];
    expect(hooks).toEqual([...points, "residual.post"].map((name) => `blocks.0.${name}`));
    expect(readModel(model).inputs).toEqual([{ name: "inputs", dtype: "float32", shape: ["N", 6, 4] }]);
  });

  it("refuses tokens, outputs that are no single number, and places that all ask", () => {
    const options = { kind: "linear-attention", blocks: 1, heads: 1, questions: 1 } as const;
    expect(() => linearAttention(options, { ...shape, input: { kind: "tokens", size: 4 } })).toThrow(/on tokens/);
    expect(() => linearAttention(options, { ...shape, outputSize: 2 })).toThrow(/outputs of 2/);
    expect(() => linearAttention({ ...options, questions: 6 }, shape)).toThrow(/6 questions/);
  });
});
