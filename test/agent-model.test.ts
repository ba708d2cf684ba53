// The exported agent: the same function as the one that was trained, readable at its hook points.

import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { afterAll, describe, expect, it } from "vitest";
import { readActivations } from "../src/core/agents/activations.ts";
import { onnxPolicy } from "../src/core/agents/onnx/onnx-policy.ts";
import { Prng } from "../src/core/base/prng.ts";
import type { EngineSession, TensorData } from "../src/core/engine/engine.ts";
import { exposeTensors } from "../src/core/graph/expose-tensors.ts";
import { Graph } from "../src/core/graph/graph.ts";
import { relu } from "../src/core/graph/ops/elementwise.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { splitParameters } from "../src/core/nets/parameters.ts";
import { evaluationModel, exportPolicy } from "../src/core/nets/policy-graph.ts";
import { policyNetwork } from "../src/core/nets/policy-network.ts";
import { findOrganism } from "../src/core/organisms/index.ts";
import { TrainingRun } from "../src/core/organisms/training-run.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { askPolicy } from "./ask-policy.ts";

const engine = await createOnnxEngine();
const sessions: EngineSession[] = [];
afterAll(async () => {
  for (const session of sessions) await session.release();
});

async function compile(model: Uint8Array): Promise<EngineSession> {
  const session = await engine.compile(model);
  sessions.push(session);
  return session;
}

function float32(data: Float32Array, dims: readonly number[] = [data.length]): TensorData {
  return { dtype: "float32", dims, data };
}

/** A briefly trained agent of the preset quick, and observations in the middle of episodes in training and deployment. */
async function makeAgent() {
  const recipe = findOrganism("A").recipe({ preset: "quick", seed: 4 });
  const run = await TrainingRun.create(engine, recipe);
  for (let i = 0; i < 4; i++) await run.update();
  const { world, encoder } = run;
  const { parameters } = run.snapshot().tensors;
  if (!(parameters instanceof Float32Array)) throw new Error("a snapshot without float32 parameters");
  const exported = run.export();
  await run.release();
  const network = policyNetwork(recipe.network, {
    inputSize: encoder.size,
    observationShape: encoder.shape,
    actionCount: world.actions.length,
  });
  if (network.kind !== "reactive") throw new Error("a network with memory");
  const rows = 64;
  const batch = world.createBatch(rows);
  const prng = Prng.fromSeed(8);
  for (let env = 0; env < rows; env++) batch.reset(env, world.sampleLevel(env % 2 ? world.training : world.deployment, prng));
  for (let t = 0; t < 6; t++) {
    for (let env = 0; env < rows; env++) if (batch.done[env] !== 0) batch.reset(env, batch.level(env));
    batch.step(Int32Array.from({ length: rows }, () => prng.integer(world.actions.length)));
  }
  const observations = new Float32Array(rows * encoder.size);
  const active = new Int32Array(rows * encoder.maxActive);
  encoder.writeDense(batch, observations);
  encoder.writeActive(batch, active);
  return { ...exported, parameters, network, world, encoder, rows, observations, active };
}

const agent = await makeAgent();
const { rows, encoder, world, observations } = agent;
const observation = float32(observations, [rows, encoder.size]);

function largestDifference(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((largest: number, value, i) => Math.max(largest, Math.abs(Number(value) - Number(b[i]))), 0);
}

/** The weights in the model itself, by name. */
function weightsIn(model: Uint8Array): Record<string, Float32Array> {
  const { graph } = fromBinary(ModelProtoSchema, model);
  return Object.fromEntries(graph!.initializer.map(({ name, rawData }) => [name, new Float32Array(rawData.slice().buffer)]));
}

/** `x · W + b` in float64, row by row. */
function linear(x: Float32Array, weight: Float32Array, bias: Float32Array): Float64Array {
  const width = bias.length;
  const inputs = weight.length / width;
  return Float64Array.from({ length: (x.length / inputs) * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    let sum = bias[column]!;
    for (let k = 0; k < inputs; k++) sum += x[row * inputs + k]! * weight[k * width + column]!;
    return sum;
  });
}

describe("the exported model", () => {
  it("reads observation float32 [N, D] and gives logits [N, A] and value [N], as the engine sees it", async () => {
    const session = await compile(agent.model);
    expect(session.inputNames).toEqual(["observation"]);
    expect(session.outputNames).toEqual(["logits", "value"]);
    expect(session.inputShapes).toEqual({ observation: ["N", encoder.size] });
    expect(session.outputShapes).toEqual({ logits: ["N", world.actions.length], value: ["N"] });
    for (const n of [1, 7]) {
      const { logits, value } = await session.run({
        observation: float32(observations.slice(0, n * encoder.size), [n, encoder.size]),
      });
      expect([logits!.dtype, logits!.dims, value!.dtype, value!.dims]).toEqual([
        "float32",
        [n, world.actions.length],
        "float32",
        [n],
      ]);
    }
  });

  it("computes on dense observations what training computes on the places of the ones, on real observations", async () => {
    const graph = new Graph("sparse");
    const parameters = graph.input("parameters", "float32", [agent.parameters.length]);
    const active = graph.input("active", "int32", ["N", encoder.maxActive]);
    const { logits, value } = agent.network.onActive(splitParameters(parameters, agent.network.parameters), active);
    graph.output("logits", logits);
    graph.output("value", value);
    const sparse = await (await compile(serialize(graph))).run({
      parameters: float32(agent.parameters),
      active: { dtype: "int32", dims: [rows, encoder.maxActive], data: agent.active },
    });
    const dense = await (await compile(evaluationModel(agent.network))).run({
      parameters: float32(agent.parameters),
      observation,
    });
    const exported = await (await compile(agent.model)).run({ observation });
    expect(largestDifference(sparse.logits!.data, exported.logits!.data)).toBeLessThan(1e-5);
    expect(largestDifference(sparse.value!.data, exported.value!.data)).toBeLessThan(1e-5);
    expect(largestDifference(dense.logits!.data, exported.logits!.data)).toBeLessThan(1e-5);
    // The observations differ, and the policy is no longer the uniform one: there is something to compare.
    expect(largestDifference(exported.logits!.data.slice(0, 5), exported.logits!.data.slice(5, 10))).toBeGreaterThan(0.01);
  });

  it("acts as a policy with the probabilities of its logits, whatever rows stand beside an observation", async () => {
    const session = await compile(agent.model);
    const policy = onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length });
    const together = await askPolicy(policy, observations, rows);
    for (const row of [0, 31, 63]) {
      const alone = await askPolicy(policy, observations.slice(row * encoder.size, (row + 1) * encoder.size), 1);
      expect(largestDifference(alone, together.slice(row * 5, row * 5 + 5))).toBeLessThan(1e-6);
      expect(alone.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    }
  });

  it("is the same bytes when the same parameters are exported again", () => {
    expect(exportPolicy(agent.network, agent.parameters).model).toEqual(agent.model);
  });
});

describe("readActivations", () => {
  it("gives at each hook point what the weights in the model give by hand", async () => {
    expect(agent.hooks).toEqual(["hidden.0.pre", "hidden.0.post", "hidden.1.pre", "hidden.1.post"]);
    const read = await readActivations({ engine, model: agent.model, names: agent.hooks, observations });
    expect(Object.keys(read)).toEqual(agent.hooks);
    const w = weightsIn(agent.model);
    const first = linear(observations, w["hidden.0.weight"]!, w["hidden.0.bias"]!);
    expect(read["hidden.0.pre"]!.length).toBe(rows * 64);
    expect(largestDifference(read["hidden.0.pre"]!, first)).toBeLessThan(1e-5);
    const post = first.map((value) => Math.max(0, value));
    expect(largestDifference(read["hidden.0.post"]!, post)).toBeLessThan(1e-5);
    expect([post.some((value) => value === 0), post.some((value) => value > 0.1)]).toEqual([true, true]);
    const second = linear(Float32Array.from(post), w["hidden.1.weight"]!, w["hidden.1.bias"]!);
    expect(largestDifference(read["hidden.1.pre"]!, second)).toBeLessThan(1e-5);
  });

  it("leaves the outputs of the model as they were", async () => {
    const plain = await (await compile(agent.model)).run({ observation });
    const exposed = await compile(exposeTensors(agent.model, agent.hooks));
    expect(exposed.outputNames).toEqual(["logits", "value", ...agent.hooks]);
    expect(exposed.outputShapes["hidden.0.post"]).toEqual(["N", 64]);
    const outputs = await exposed.run({ observation });
    expect(largestDifference(outputs.logits!.data, plain.logits!.data)).toBeLessThan(1e-6);
    expect(largestDifference(outputs.value!.data, plain.value!.data)).toBeLessThan(1e-6);
    const read = await readActivations({ engine, model: agent.model, names: ["logits"], observations });
    expect(read.logits).toEqual(plain.logits!.data);
  });

  it("reads a tensor whose shape the model does not declare", async () => {
    const graph = new Graph("undeclared");
    const doubled = relu(graph.input("observation", "float32", ["N", 2]));
    graph.output("logits", relu(doubled));
    const { [doubled.name]: values } = await readActivations({
      engine,
      model: serialize(graph),
      names: [doubled.name],
      observations: Float32Array.of(1, -2, -3, 4),
    });
    expect([...values!]).toEqual([1, 0, 0, 4]);
  });

  it("refuses a tensor that is not there, and observations that are no whole rows", async () => {
    const request = { engine, model: agent.model, observations };
    await expect(readActivations({ ...request, names: ["hidden.2.post"] })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/unknown tensor "hidden\.2\.post"; known: .*hidden\.0\.pre, hidden\.0\.post/),
    });
    for (const length of [0, encoder.size - 1, encoder.size + 1]) {
      const cut = { ...request, names: ["hidden.0.post"], observations: observations.slice(0, length) };
      await expect(readActivations(cut)).rejects.toMatchObject({ code: "shape-mismatch" });
    }
  });

  it("refuses a model that reads something else than observations, and a tensor without a line per row", async () => {
    const other = new Graph("other");
    other.output("y", relu(other.input("x", "float32", ["N", 2])));
    await expect(
      readActivations({ engine, model: serialize(other), names: ["y"], observations: new Float32Array(2) }),
    ).rejects.toMatchObject({ code: "shape-mismatch", message: expect.stringContaining("reads x float32 [N, 2]") });
    const fixed = new Graph("fixed");
    fixed.output("logits", relu(fixed.input("observation", "float32", ["N", 2])));
    fixed.output("norms", relu(fixed.initializer("weight", Float32Array.of(1, 2, 3), [3])));
    await expect(
      readActivations({ engine, model: serialize(fixed), names: ["norms"], observations: new Float32Array(4) }),
    ).rejects.toMatchObject({ code: "shape-mismatch", message: expect.stringContaining("float32 [3] for 2 observations") });
  });
});
