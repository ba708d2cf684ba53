// Every hook point of every architecture: it can be read, and what is edited there moves the outputs.

import { afterAll, describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { linearAttention } from "../nets/linear-attention.ts";
import { parameterCount } from "../nets/parameters.ts";
import { exportPolicy } from "../nets/policy-graph.ts";
import { type NetworkOptions, policyNetwork } from "../nets/policy-network.ts";
import { exportSequenceNetwork, type SequenceNetwork } from "../nets/sequence-network.ts";
import { transformer } from "../nets/transformer.ts";
import { HookedPolicy } from "./activations.ts";
import type { PolicyInterface } from "./onnx/onnx-policy-interface.ts";

const engine = await createOnnxEngine();
const rows = 2;
/** Two: at an episode's first step there is no memory that a gate could keep. */
const steps = 2;
const planes = [2, 4, 3];
const shape = { inputSize: 24, observationShape: planes, actionCount: 3 };
/** Wide before the heads: of few units all may be dead, and then nothing moves anything. */
const policies: readonly NetworkOptions[] = [
  { kind: "mlp", hidden: [5, 4] },
  { kind: "conv", channels: [2, 3], dense: 16 },
  { kind: "impala", channels: [2, 3], dense: 16 },
  { kind: "gru", embed: 4, hidden: 3 },
  { kind: "lstm", embed: 4, hidden: 3 },
  { kind: "conv-gru", embed: 2, hidden: 2, dense: 16 },
];
const sequences = {
  transformer: transformer(
    { kind: "transformer", width: 6, blocks: 2, heads: 2, causal: true },
    { length: 4, input: { kind: "vectors", size: 3 }, outputSize: 2 },
  ),
  "transformer of tokens": transformer(
    { kind: "transformer", width: 6, blocks: 1, heads: 3, causal: false },
    { length: 4, input: { kind: "tokens", size: 7 }, outputSize: 2 },
  ),
  "linear attention": linearAttention(
    { kind: "linear-attention", blocks: 2, heads: 2, questions: 1 },
    { length: 4, input: { kind: "vectors", size: 3 }, outputSize: 1 },
  ),
};

const prng = Prng.fromSeed(6);
const normals = (length: number, deviation = 1) => Float32Array.from({ length }, () => deviation * prng.normal());

/** How a sequence network is called: a whole sequence is its observation. */
function interfaceOf({ shape: { length, input, outputSize } }: SequenceNetwork): PolicyInterface {
  const isTokens = input.kind === "tokens";
  const one = isTokens ? [length] : [length, input.size];
  return {
    inputSize: one.reduce((product, dim) => product * dim),
    actionCount: length * outputSize,
    batch: null,
    observation: {
      name: "inputs",
      dtype: isTokens ? "int32" : "float32",
      axes: ["rows", ...one],
      layout: "as encoded",
      shape: one,
    },
    output: { name: "output", kind: "logits" },
    value: null,
    states: [],
    fills: [],
  };
}

const opened: HookedPolicy[] = [];
afterAll(async () => {
  for (const hooked of opened) await hooked.release();
});

async function expectAllHooked(
  { model, hooks }: { readonly model: Uint8Array; readonly hooks: readonly string[] },
  policy?: PolicyInterface,
): Promise<void> {
  expect(hooks.length).toBeGreaterThan(3);
  const edit = hooks.map((tensor) => ({ tensor, kind: "add" }) as const);
  const hooked = await HookedPolicy.create({ engine, model, read: hooks, edit, ...(policy === undefined ? {} : { policy }) });
  opened.push(hooked);
  const isTokens = policy?.observation.dtype === "int32";
  const observations = normals(steps * rows * hooked.policy.inputSize).map((value) =>
    isTokens ? Math.abs(Math.trunc(2 * value)) : value,
  );
  const plain = await hooked.runSteps(observations, { steps });
  for (const tensor of hooks) {
    const vector = normals(plain.activations[tensor]!.length / (steps * rows), 0.5);
    const edited = await hooked.runSteps(observations, { steps, edits: [{ tensor, kind: "add", vector }] });
    const moved = Math.max(...edited.logits.map((logit, i) => Math.abs(logit - plain.logits[i]!)));
    expect(moved, tensor).toBeGreaterThan(1e-4);
  }
}

describe("every hook point can be read, and an edit there moves the outputs", () => {
  it.each(policies)("$kind", async (options) => {
    const network = policyNetwork(options, shape);
    await expectAllHooked(exportPolicy(network, normals(parameterCount(network.parameters), 0.7)));
  });

  it.each(Object.entries(sequences))("%s", async (_, network) => {
    await expectAllHooked(exportSequenceNetwork(network, normals(parameterCount(network.parameters), 0.7)), interfaceOf(network));
  });
});
