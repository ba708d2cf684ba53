import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { exposeTensors } from "../graph/expose-tensors.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph } from "../graph/graph.ts";
import { interpret } from "../graph/interpreter.ts";
import { mul } from "../graph/ops/arithmetic.ts";
import { reduceSum } from "../graph/ops/reduce.ts";
import { readModel } from "../graph/read-model.ts";
import { initializeParameters, parameterCount, splitParameters, viewParameters } from "./parameters.ts";
import { exportSequenceNetwork, type SequenceNetwork, sequenceInput } from "./sequence-network.ts";
import { type TransformerOptions, transformer } from "./transformer.ts";

const options: TransformerOptions = { kind: "transformer", width: 6, blocks: 2, heads: 2, hidden: 5, causal: true };
const onVectors = { length: 4, input: { kind: "vectors", size: 3 }, outputSize: 2 } as const;
const onTokens = { length: 4, input: { kind: "tokens", size: 7 }, outputSize: 3 } as const;
const rows = 2;

/** Every weight moved away from zero, biases included. */
function drawParameters(network: SequenceNetwork, seed = 1): Float32Array {
  const prng = Prng.fromSeed(seed);
  return initializeParameters(network.parameters, prng).map((value) => value + 0.2 * prng.normal());
}

function draw(length: number, seed: number): Float64Array {
  const prng = Prng.fromSeed(seed);
  return Float64Array.from({ length }, () => prng.normal());
}

/** The network as a graph of (parameters, inputs) → output. */
function networkGraph(network: SequenceNetwork): Graph {
  const graph = new Graph("network");
  const parameters = graph.input("parameters", "float32", [parameterCount(network.parameters)]);
  const inputs = sequenceInput(graph, network.shape, "N");
  graph.output("output", network.forward(splitParameters(parameters, network.parameters), inputs).output);
  return graph;
}

function run(network: SequenceNetwork, parameters: Float32Array, data: readonly number[] | Float64Array): Float64Array {
  const { length, input } = network.shape;
  const dims = input.kind === "tokens" ? [data.length / length, length] : [data.length / length / input.size, length, input.size];
  return interpret(networkGraph(network), {
    parameters: { dims: [parameters.length], data: parameters },
    inputs: { dims, data },
  }).output!.data;
}

/** One sequence through the network by plain loops: rows of numbers, one place after another. */
function byHand(flat: Float32Array, network: SequenceNetwork, sequence: readonly (readonly number[])[]): number[][] {
  const w = viewParameters(flat, network.parameters);
  const affine = (x: readonly number[], name: string): number[] => {
    const bias = w[`${name}.bias`]!;
    return Array.from(bias, (b, j) => x.reduce((sum, value, i) => sum + value * w[`${name}.weight`]![i * bias.length + j]!, b));
  };
  const normalize = (x: readonly number[]): number[] => {
    const mean = x.reduce((a, b) => a + b) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    return x.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
  };
  // Φ by the trapezoidal rule, independent of the interpreter's erf.
  const gelu = (x: number): number => {
    const steps = 2000;
    let integral = 0;
    for (let i = 0; i <= steps; i++) integral += Math.exp(-0.5 * ((x * i) / steps) ** 2) * (i === 0 || i === steps ? 0.5 : 1);
    return x * (0.5 + (integral * x) / steps / Math.sqrt(2 * Math.PI));
  };
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);
  const { width, heads, blocks } = options;
  const depth = width / heads;
  let stream = sequence.map((x, t) =>
    Array.from({ length: width }, (_, j) => {
      const embedded = x.reduce((sum, value, i) => sum + value * w["embed.weight"]![i * width + j]!, 0);
      return embedded + w["embed.position"]![t * width + j]!;
    }),
  );
  for (let block = 0; block < blocks; block++) {
    const projected = stream.map((x) => affine(normalize(x), `blocks.${block}.attention.queryKeyValue`));
    const mixed = projected.map((mine, t) => {
      const result: number[] = [];
      for (let head = 0; head < heads; head++) {
        const part = (x: readonly number[], which: number) =>
          x.slice(which * width + head * depth, which * width + (head + 1) * depth);
        const seen = projected.slice(0, t + 1);
        const scores = seen.map((x) => part(mine, 0).reduce((s, q, i) => s + q * part(x, 1)[i]!, 0) / Math.sqrt(depth));
        const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
        for (let i = 0; i < depth; i++)
          result.push(seen.reduce((s, x, k) => s + (Math.exp(scores[k]!) / total) * part(x, 2)[i]!, 0));
      }
      return affine(result, `blocks.${block}.attention.output`);
    });
    stream = stream.map((x, t) => plus(x, mixed[t]!));
    stream = stream.map((x) => {
      const post = affine(normalize(x), `blocks.${block}.mlp.input`).map(gelu);
      return plus(x, affine(post, `blocks.${block}.mlp.output`));
    });
  }
  return stream.map((x) => affine(normalize(x), "readout"));
}

describe("transformer", () => {
  it("computes what plain loops compute, causal, on vectors", () => {
    const network = transformer(options, onVectors);
    const parameters = drawParameters(network);
    const inputs = draw(rows * 4 * 3, 2);
    const output = run(network, parameters, inputs);
    for (let row = 0; row < rows; row++) {
      const sequence = Array.from({ length: 4 }, (_, t) => [...inputs.slice((row * 4 + t) * 3, (row * 4 + t + 1) * 3)]);
      const expected = byHand(parameters, network, sequence).flat();
      expected.forEach((value, i) => {
        expect(output[row * 8 + i]).toBeCloseTo(value, 5);
      });
    }
  });

  it("embeds a token as the one-hot vector of that place", () => {
    const network = transformer(options, onTokens);
    const parameters = drawParameters(network);
    const tokens = [3, 0, 6, 3];
    const oneHot = tokens.map((token) => Array.from({ length: 7 }, (_, i) => Number(i === token)));
    const output = run(network, parameters, tokens);
    byHand(parameters, network, oneHot)
      .flat()
      .forEach((value, i) => {
        expect(output[i]).toBeCloseTo(value, 5);
      });
  });

  it("sees later places only when it is not causal", () => {
    for (const causal of [true, false]) {
      const network = transformer({ ...options, causal, activation: "relu" }, onTokens);
      const parameters = drawParameters(network);
      const [one, other] = [run(network, parameters, [1, 2, 3, 4]), run(network, parameters, [1, 2, 3, 5])];
      expect(one.slice(0, 9).every((value, i) => value === other[i])).toBe(causal);
      expect(one.slice(9)).not.toEqual(other.slice(9));
    }
  });

  it.each([
    ["softmax attention on vectors", transformer(options, onVectors)],
    ["softmax attention on tokens, relu", transformer({ ...options, activation: "relu", causal: false }, onTokens)],
  ])("has the gradient of central differences: %s", (_, network) => {
    const graph = networkGraph(network);
    const output = graph.outputs.get("output")!;
    const loss = reduceSum(mul(output, graph.input("upstream", "float32", output.shape)));
    graph.output("loss", loss);
    graph.output("gradient", gradients(loss, [graph.inputs[0]!])[0]!);
    const parameters = Float64Array.from(drawParameters(network));
    const isTokens = network.shape.input.kind === "tokens";
    const feeds = {
      inputs: isTokens ? { dims: [2, 4], data: [1, 2, 2, 0, 6, 6, 6, 5] } : { dims: [2, 4, 3], data: draw(24, 3) },
      upstream: { dims: [2, 4, network.shape.outputSize], data: draw(8 * network.shape.outputSize, 4) },
    };
    const lossAt = (data: Float64Array) =>
      interpret(graph, { ...feeds, parameters: { dims: [data.length], data } }, ["loss"]).loss!.data[0]!;
    const { data: gradient } = interpret(graph, { ...feeds, parameters: { dims: [parameters.length], data: parameters } }, [
      "gradient",
    ]).gradient!;
    // Every seventh weight: all kinds of them are among these.
    for (let i = 0; i < parameters.length; i += 7) {
      const moved = (by: number) => lossAt(parameters.map((value, at) => (at === i ? value + by : value)));
      expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5);
    }
  });

  it("reads out the last place alone, if asked, as it does among all", () => {
    const [every, last] = [transformer(options, onTokens), transformer({ ...options, readout: "last" }, onTokens)];
    const parameters = drawParameters(every);
    const output = run(last, parameters, [1, 2, 3, 4, 4, 3, 2, 1]);
    const all = run(every, parameters, [1, 2, 3, 4, 4, 3, 2, 1]);
    expect([...output]).toEqual([...all.slice(9, 12), ...all.slice(21, 24)]);
  });

  it("refuses heads that do not divide the width", () => {
    const network = transformer({ ...options, heads: 4 }, onTokens);
    expect(() => networkGraph(network)).toThrow(/heads a divisor of width/);
  });
});

describe("exportSequenceNetwork", () => {
  const network = transformer(options, onTokens);
  const parameters = drawParameters(network);
  const { model, hooks } = exportSequenceNetwork(network, parameters);

  it("reads inputs [N, T], gives output [N, T, size], and has the canonical hook points", () => {
    const { inputs, outputs } = readModel(model);
    expect(inputs).toEqual([{ name: "inputs", dtype: "int32", shape: ["N", 4] }]);
    expect(outputs).toEqual([{ name: "output", dtype: "float32", shape: ["N", 4, 3] }]);
    const attention = ["query", "key", "value", "scores", "pattern", "result", "out"].map((point) => `attention.${point}`);
    const block = ["residual.pre", ...attention, "residual.mid", "mlp.pre", "mlp.post", "residual.post"];
    expect(hooks).toEqual(["embed", ...[0, 1].flatMap((i) => block.map((point) => `blocks.${i}.${point}`)), "final.normalized"]);
  });

  it("gives at every hook point, natively, a row for each sequence, and patterns that sum to 1 over places already seen", async () => {
    const engine = await createOnnxEngine();
    const session = await engine.compile(exposeTensors(model, hooks));
    const tokens = Int32Array.of(1, 2, 3, 4, 0, 0, 6, 5, 2, 2, 2, 2);
    const out = await session.run({ inputs: { dtype: "int32", dims: [3, 4], data: tokens } }, ["output", ...hooks]);
    const expected = run(network, parameters, [...tokens]);
    expected.forEach((value, i) => {
      expect(out.output!.data[i]).toBeCloseTo(value, 4);
    });
    for (const name of hooks) expect([name, out[name]!.dims[0]]).toEqual([name, 3]);
    const pattern = out["blocks.1.attention.pattern"]!;
    expect(pattern.dims).toEqual([3, 2, 4, 4]);
    for (let start = 0; start < pattern.data.length; start += 4) {
      const row = Array.from(pattern.data.slice(start, start + 4), Number);
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(row.slice(((start / 4) % 4) + 1).every((p) => p === 0)).toBe(true);
    }
    await session.release();
  });

  it("refuses parameters of another network", () => {
    expect(() => exportSequenceNetwork(network, parameters.subarray(1))).toThrow(/parameters given; this network has/);
  });
});
