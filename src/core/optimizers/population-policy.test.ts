import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { Graph, type Tensor } from "../graph/graph.ts";
import { interpret } from "../graph/interpreter.ts";
import { add } from "../graph/ops/arithmetic.ts";
import { tanh } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/layout.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { sparseRowSum } from "../graph/ops/sparse-row-sum.ts";
import { mlp } from "../nets/mlp.ts";
import { elementCount, parameterCount, splitParameters, type Weights } from "../nets/parameters.ts";
import { policyNetwork } from "../nets/policy-network.ts";
import type { ReactiveNetwork, RecurrentNetwork, StepOutputs } from "../nets/policy-shape.ts";
import { PopulationPolicy, readSearched, searchSpaceOf, withSearched } from "./population-policy.ts";

const engine = await createOnnxEngine();
const shape = { inputSize: 6, observationShape: [6], actionCount: 3 };
const network = mlp({ kind: "mlp", hidden: [4, 5] }, shape);
const { population: _, ...withoutForm } = network;
const general: ReactiveNetwork = withoutForm;

/** memory ← tanh(W x + U memory), logits = V memory, value = v memory. */
const recurrent: RecurrentNetwork = {
  kind: "recurrent",
  shape,
  memorySize: 2,
  parameters: [
    { name: "in", shape: [6, 2], initial: { kind: "zeros" } },
    { name: "value.weight", shape: [2, 1], initial: { kind: "zeros" } },
    { name: "back", shape: [2, 2], initial: { kind: "zeros" } },
    { name: "out", shape: [2, 3], initial: { kind: "zeros" } },
  ],
  stepOnActive: (weights, active, memory) => elmanStep(weights, sparseRowSum(weights.in!, active), memory),
  stepOnDense: (weights, observation, memory) => elmanStep(weights, matMul(observation, weights.in!), memory),
  unroll: () => {
    throw new Error("evolution unrolls nothing");
  },
};

function elmanStep(weights: Weights, product: Tensor, memory: Tensor): StepOutputs {
  const next = tanh(add(product, matMul(memory, weights.back!)));
  const value = matMul(next, weights["value.weight"]!);
  return { logits: matMul(next, weights.out!), value: reshape(value, [value.shape[0]!]), memory: next, hooks: {} };
}

const members = 3;
const rows = 2;
const maxActive = 4;

/** Random flat vectors `[P]`, one for each member. */
function flatsOf(count: number): Float32Array[] {
  const prng = Prng.fromSeed(4);
  return Array.from({ length: members }, () => Float32Array.from({ length: count }, () => prng.normal()));
}

function placesOf(seed: number): Int32Array {
  const prng = Prng.fromSeed(seed);
  return Int32Array.from({ length: members * rows * maxActive }, () => prng.integer(shape.inputSize + 1));
}

describe("searchSpaceOf", () => {
  it("leaves out what decides the value alone", () => {
    const space = searchSpaceOf(network);
    expect(space.parameters.map(({ spec }) => spec.name)).toEqual([
      ...["hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "policy.weight", "policy.bias"],
    ]);
    expect(space.dimension).toBe(parameterCount(network.parameters) - 6);
  });

  it("keeps what later logits depend on through the memory", () => {
    expect(searchSpaceOf(recurrent).parameters.map(({ spec, offset }) => [spec.name, offset])).toEqual([
      ["in", 0],
      ["back", 14],
      ["out", 18],
    ]);
  });

  it("reads and writes its part of the flat vector, and nothing else", () => {
    const space = searchSpaceOf(recurrent);
    const flat = Float32Array.from({ length: 24 }, (_, i) => i);
    const vector = readSearched(space, flat);
    expect([...vector]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
    const changed = withSearched(
      space,
      flat,
      vector.map((value) => -value),
    );
    expect([...changed.subarray(12, 14)]).toEqual([12, 13]);
    expect(changed[0]).toBe(-0);
    expect(changed[23]).toBe(-23);
    expect(flat[23]).toBe(23);
  });
});

describe("the parameters of every architecture", () => {
  it.each([
    { kind: "mlp", hidden: [4, 3] },
    { kind: "conv", channels: [2], dense: 3 },
    { kind: "impala", channels: [2], dense: 3 },
    { kind: "gru", embed: 3, hidden: 2 },
    { kind: "lstm", embed: 3, hidden: 2 },
    { kind: "conv-gru", embed: 2, hidden: 2, dense: 3 },
  ] as const)("named value.… leave the logits of $kind as they are, and are all that does", (options) => {
    const planes = { inputSize: 27, observationShape: [3, 3, 3], actionCount: 2 };
    const net = policyNetwork(options, planes);
    const prng = Prng.fromSeed(8);
    const flat = Float32Array.from({ length: parameterCount(net.parameters) }, () => prng.normal());
    const logits = (parameters: Float32Array) => {
      const graph = new Graph("logits");
      const weights = splitParameters(graph.input("parameters", "float32", [flat.length]), net.parameters);
      const active = graph.constant(Int32Array.of(1, 14, 25), [1, 3], "int32");
      const memorySize = net.kind === "recurrent" ? net.memorySize : 0;
      const memory = graph.constant(new Float32Array(memorySize).fill(0.5), [1, memorySize]);
      if (net.kind === "recurrent") {
        const step = net.stepOnActive(weights, active, memory);
        graph.output("memory", step.memory);
        graph.output("logits", step.logits);
      } else graph.output("logits", net.onActive(weights, active).logits);
      const results = interpret(graph, { parameters: { dims: [flat.length], data: parameters } });
      return [...results.logits!.data, ...(results.memory?.data ?? [])];
    };
    const before = logits(flat);
    const { parameters: searched } = searchSpaceOf(net);
    let offset = 0;
    for (const spec of net.parameters) {
      const size = elementCount(spec.shape);
      const changed = flat.slice();
      for (let i = offset; i < offset + size; i++) changed[i]! += 1 + i / 7;
      offset += size;
      const isSearched = searched.some((entry) => entry.spec.name === spec.name);
      expect([spec.name, logits(changed).some((value, i) => value !== before[i])]).toEqual([spec.name, isSearched]);
    }
  });
});

describe("PopulationPolicy", () => {
  it.each([
    ["batched over members", network],
    ["a network for each member", general],
  ])("gives each member the logits of its own network (%s)", async (_name, chosen) => {
    const space = searchSpaceOf(chosen);
    const policy = await PopulationPolicy.create({ engine, network: chosen, space, members, rows, maxActive });
    const flats = flatsOf(parameterCount(chosen.parameters));
    flats.forEach((flat, member) => {
      policy.setMember(member, readSearched(space, flat));
    });
    for (const seed of [1, 2]) {
      const places = placesOf(seed);
      const logits = await policy.logits(places.slice());
      flats.forEach((flat, member) => {
        const graph = new Graph("one");
        const parameters = graph.input("parameters", "float32", [flat.length]);
        const active = graph.input("active", "int32", [rows, maxActive]);
        graph.output("logits", chosen.onActive(splitParameters(parameters, chosen.parameters), active).logits);
        const own = places.slice(member * rows * maxActive, (member + 1) * rows * maxActive);
        const expected = interpret(graph, {
          parameters: { dims: [flat.length], data: flat },
          active: { dims: [rows, maxActive], data: own },
        }).logits!.data;
        for (let i = 0; i < expected.length; i++) expect(logits[member * expected.length + i]).toBeCloseTo(expected[i]!, 4);
      });
    }
    await policy.release();
  });

  it("carries the memory of each row from step to step, and forgets where an episode begins", async () => {
    const space = searchSpaceOf(recurrent);
    const policy = await PopulationPolicy.create({ engine, network: recurrent, space, members, rows, maxActive });
    const flats = flatsOf(24);
    flats.forEach((flat, member) => {
      policy.setMember(member, readSearched(space, flat));
    });
    const memory = Array.from({ length: members * rows }, () => [0, 0]);
    for (let step = 0; step < 4; step++) {
      if (step === 2) {
        policy.forget(3);
        memory[3] = [0, 0];
      }
      const places = placesOf(step);
      const logits = await policy.logits(places.slice());
      memory.forEach((before, row) => {
        const flat = flats[Math.floor(row / rows)]!;
        const active = [...places.subarray(row * maxActive, (row + 1) * maxActive)].filter((place) => place < 6);
        const after = [0, 1].map((j) =>
          Math.tanh(
            active.reduce((sum, place) => sum + flat[place * 2 + j]!, 0) +
              before[0]! * flat[14 + j]! +
              before[1]! * flat[16 + j]!,
          ),
        );
        memory[row] = after;
        for (let a = 0; a < 3; a++) {
          expect(logits[row * 3 + a]).toBeCloseTo(after[0]! * flat[18 + a]! + after[1]! * flat[21 + a]!, 4);
        }
      });
    }
    await policy.release();
  });
});
