// Policies from elsewhere, from files that other programs made of one trained policy (test/fixtures/onnx): each is that policy again.

import { readFile } from "node:fs/promises";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { afterAll, describe, expect, it } from "vitest";
import { HookedPolicy } from "../src/core/agents/activations.ts";
import { type ImportedPolicy, importPolicy, onnxPolicy } from "../src/core/agents/onnx/onnx-policy.ts";
import type { InterfaceOptions, PolicyNeeds } from "../src/core/agents/onnx/onnx-policy-interface.ts";
import { actionLapse, type Policy } from "../src/core/agents/policy.ts";
import { Auditor } from "../src/core/audit/auditor.ts";
import { Graph } from "../src/core/graph/graph.ts";
import { cast } from "../src/core/graph/ops/cast.ts";
import { gather } from "../src/core/graph/ops/gather.ts";
import { reduceSum } from "../src/core/graph/ops/reduce.ts";
import { readModel } from "../src/core/graph/read-model.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { asCollectionWorld } from "../src/core/worlds/grid/collection.ts";
import { findWorld } from "../src/core/worlds/index.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const engine = await createOnnxEngine();
const folder = new URL("fixtures/onnx/", import.meta.url);
const bytesOf = async (file: string) => new Uint8Array(await readFile(new URL(file, folder)));
const json = async (file: string) => JSON.parse(await readFile(new URL(file, folder), "utf8"));

interface Episodes {
  readonly steps: number;
  readonly rows: number;
  readonly inputSize: number;
  /** Of an observation as planes. */
  readonly shape: readonly number[];
  readonly active: readonly (readonly number[])[];
  readonly activePlanes: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
}
const { steps, rows, inputSize, shape, active, activePlanes, logits }: Episodes = await json("episodes.json");
const torch: { readonly planes: number[][]; readonly gru: number[][]; readonly mlp: number[][]; readonly argmax: number[] } =
  await json("torch-answers.json");
const actionCount = 5;
const planeSize = shape.reduce((product, axis) => product * axis, 1);

/** Dense observations `[steps · rows, size]`. */
function dense(places: readonly (readonly number[])[], size: number): Float32Array {
  const out = new Float32Array(places.length * size);
  places.forEach((active, row) => {
    for (const place of active) out[row * size + place] = 1;
  });
  return out;
}
const observations = dense(active, inputSize);
const images = dense(activePlanes, planeSize);
const flat = { inputSize, observationShape: [inputSize], actionCount };
const planes = { inputSize: planeSize, observationShape: shape, actionCount };

const imported: ImportedPolicy[] = [];
afterAll(async () => {
  for (const policy of imported) await policy.release();
});
async function open(file: string, { needs = flat, ...options }: InterfaceOptions & { readonly needs?: PolicyNeeds } = {}) {
  const model = await bytesOf(file);
  const opened = await importPolicy({
    engine,
    model,
    file,
    needs,
    options,
    probes: needs.inputSize === planeSize ? images : observations.slice(0, 4 * needs.inputSize),
  });
  imported.push(opened);
  return opened;
}

/** Probabilities at every step of the recorded episodes, `[steps · rows][actions]`. */
async function play(policy: Policy): Promise<number[][]> {
  const { inputSize: size } = policy;
  const given = size === planeSize ? images : observations;
  const episodes = policy.begin(rows);
  const answers: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const answer = await episodes.probabilities({
      observations: given.slice(step * rows * size, (step + 1) * rows * size),
      running: new Uint8Array(rows).fill(1),
      situationOf: () => expect.unreachable(),
    });
    for (let row = 0; row < rows; row++) answers.push([...answer.slice(row * actionCount, (row + 1) * actionCount)]);
  }
  return answers;
}

function softmax(row: readonly number[]): number[] {
  const odds = row.map((logit) => Math.exp(logit - Math.max(...row)));
  return odds.map((value) => value / odds.reduce((a, b) => a + b, 0));
}

function largestDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.flatMap((row, r) => row.map((p, i) => Math.abs(p - b[r]![i]!))));
}

const native = logits.map(softmax);

describe("a policy that another program wrote", () => {
  it("was recorded on observations that differ, of a policy that decides", () => {
    expect(new Set(active.map(String)).size).toBeGreaterThan(10);
    expect(native.filter((row) => Math.max(...row) > 0.7).length).toBeGreaterThan(5);
  });

  it.each([
    ["torch-mlp.onnx", {}],
    ["torch-batch-1.onnx", {}],
    ["torch-planes.onnx", { needs: planes }],
    ["onnx-opset-11.onnx", {}],
    ["onnx-opset-17-float64.onnx", {}],
    ["rewritten-opset-18.onnx", {}],
    ["rewritten-opset-19.onnx", {}],
    ["rewritten-opset-20.onnx", {}],
    ["rewritten-opset-21.onnx", {}],
    ["native.onnx", {}],
  ] as const)("gives the native policy's probabilities to 1e-5: %s", async (file, options) => {
    const { policy } = await open(file, options);
    expect(policy.memory).toBe("none");
    expect(largestDifference(await play(policy), native)).toBeLessThan(1e-5);
  });

  it("gives what PyTorch gave, step by step, when it remembers", async () => {
    const { policy, called, notes } = await open("torch-gru.onnx");
    expect(policy.memory).toBe("episode");
    expect(called.states).toEqual([{ name: "h_in", output: "h_out", dtype: "float32", axes: [1, "rows", 8] }]);
    expect(notes).toContain('"h_out" is carried to "h_in" of the next step');
    expect(largestDifference(await play(policy), torch.gru.map(softmax))).toBeLessThan(1e-5);
    // Its memory matters: without it, later answers would be others.
    const [first] = [
      await play({ ...policy, begin: (count) => ({ probabilities: (step) => policy.begin(count).probabilities(step) }) }),
    ];
    expect(largestDifference(first, torch.gru.map(softmax))).toBeGreaterThan(1e-3);
  });

  it("keeps the memories of episodes apart that run at the same time", async () => {
    const { policy } = await open("torch-gru.onnx");
    const [one, other] = await Promise.all([play(policy), play(policy)]);
    expect(one).toEqual(other);
  });

  it("stands for 98% on the action where it gives the number of an action, and says what that hides", async () => {
    const { policy, limits, called } = await open("torch-argmax.onnx");
    expect(called.observation.dtype).toBe("uint8");
    const expected = torch.argmax.map((action) =>
      Array.from({ length: actionCount }, (_, a) => (a === action ? 1 - actionLapse : 0) + actionLapse / actionCount),
    );
    expect(largestDifference(await play(policy), expected)).toBeLessThan(1e-6);
    expect(limits).toEqual([expect.stringMatching(/^How sure the policy is of its actions: .* probability 0\.98/)]);
  });

  it("takes values of actions greedily when told that the output holds them", async () => {
    const { policy, limits } = await open("torch-mlp.onnx", { outputKind: "q-values", output: "logits" });
    const answers = await play(policy);
    expect(answers.map((row) => row.indexOf(Math.max(...row)))).toEqual(torch.argmax);
    expect(limits).toHaveLength(1);
  });

  it("says what it guessed", async () => {
    expect((await open("torch-mlp.onnx")).notes).toEqual([
      '"logits" is the output for the actions',
      '"logits" gives logits, by its name or dtype',
    ]);
    expect((await open("torch-batch-1.onnx")).notes).toEqual([
      "it takes 1 at a time, so episodes are run 1 by 1",
      expect.stringMatching(/^"\d+" gives logits, by its values$/),
    ]);
    expect((await open("torch-planes.onnx", { needs: planes })).notes).toEqual([
      '"probs" gives probabilities, by its name or dtype',
    ]);
  });

  it("can be read and edited at any tensor that a node computes", async () => {
    const model = await bytesOf("torch-gru.onnx");
    const { called } = await open("torch-gru.onnx");
    const relu = readModel(model).nodes.find(({ type }) => type === "Relu")!.outputs[0]!;
    const gru = readModel(model).nodes.find(({ type }) => type === "GRU")!.outputs[0]!;
    const edit = [{ tensor: relu, kind: "replace" }] as const;
    const hooked = await HookedPolicy.create({ engine, model, policy: called, read: [relu, gru], edit });
    const plain = await hooked.runSteps(observations, { steps });
    expect(plain.activations[relu]!.length).toBe(steps * rows * 16);
    expect(plain.activations[gru]!.length).toBe(steps * rows * 8);
    plain.logits.forEach((logit, i) => {
      expect(logit).toBeCloseTo(torch.gru[Math.floor(i / actionCount)]![i % actionCount]!, 4);
    });
    const ablated = await hooked.runSteps(observations, {
      steps,
      edits: [{ tensor: relu, kind: "replace", values: new Float32Array(16) }],
    });
    await hooked.release();
    expect(ablated.activations[relu]).toEqual(plain.activations[relu]);
    // With nothing left of the observation, all rows of a step are answered alike.
    expect(ablated.logits.slice(0, actionCount)).toEqual(ablated.logits.slice(actionCount, 2 * actionCount));
  });
});

describe("a file that is no policy for the world", () => {
  const refused = async (file: string, options: Parameters<typeof open>[1] = {}) =>
    open(file, options).then(
      () => "opened",
      (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
    );

  it("is refused when its weights lie in another file", async () => {
    expect(await refused("onnx-external-data.onnx")).toMatch(
      /^invalid-model: onnx-external-data.onnx: weight ".*" lies outside the file; save the model with its weights inside/,
    );
  });

  it("is refused with what was found beside what is needed, naming the file", async () => {
    const message = await refused("torch-gru.onnx", { needs: { ...flat, inputSize: 849, observationShape: [849] } });
    expect(message).toMatch(
      /^shape-mismatch: torch-gru.onnx: the model does not fit: none of its inputs takes such an observation/,
    );
    expect(message).toContain(
      "found:  opset 13 by pytorch 1.13.0; reads obs float32 [batch, 365], h_in float32 [1, batch, 8]; gives logits float32 [batch, 5], h_out float32 [1, batch, 8]",
    );
    expect(message).toContain("needed: opset 11 to 21; reads an observation [N, 849]");
    expect(await refused("torch-mlp.onnx", { needs: { ...flat, actionCount: 4 } })).toContain(
      "none of its outputs gives logits, probabilities or an action for 4 actions",
    );
  });

  it("is refused when planes are asked of it that lie otherwise", async () => {
    const turned = { ...planes, observationShape: [9, 9, 6] };
    expect(await refused("torch-planes.onnx", { needs: turned })).toContain(
      "reads an observation [N, 486] or planes [N, 9, 9, 6]",
    );
  });

  it("is refused when its output is said to be what it is not", async () => {
    expect(await refused("torch-mlp.onnx", { outputKind: "probabilities", output: "logits" })).toMatch(
      /^invalid-model: torch-mlp.onnx: the policy answered with probabilities .* If they are logits, say --output logits/,
    );
    expect(await refused("torch-mlp.onnx", { outputKind: "action", output: "logits" })).toMatch(
      /^shape-mismatch: .* expected \[4\]/,
    );
  });

  it("is refused when its weights are not numbers", async () => {
    const proto = fromBinary(ModelProtoSchema, await bytesOf("onnx-opset-11.onnx"));
    const bias = proto.graph!.initializer.find(({ name }) => name === "policy.bias")!;
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      bias.rawData = new Uint8Array(Float32Array.of(bad, 0, 0, 0, 0).buffer);
      const opened = importPolicy({
        engine,
        model: toBinary(ModelProtoSchema, proto),
        file: "bad.onnx",
        needs: flat,
        probes: observations,
      });
      await expect(opened).rejects.toMatchObject({
        code: "invalid-model",
        message: expect.stringMatching(/^bad\.onnx: .*not finite/),
      });
    }
  });

  it("is refused for an opset that is not read", async () => {
    const proto = fromBinary(ModelProtoSchema, await bytesOf("onnx-opset-11.onnx"));
    for (const version of [10n, 22n]) {
      proto.opsetImport[0]!.version = version;
      const opened = importPolicy({
        engine,
        model: toBinary(ModelProtoSchema, proto),
        file: "bad.onnx",
        needs: flat,
        probes: observations,
      });
      await expect(opened).rejects.toMatchObject({
        code: "shape-mismatch",
        message: expect.stringContaining(`its opset is ${version}`),
      });
    }
  });
});

/** Looks up a row of a table by the number of ones, which not all tables have. */
function lookup(tableRows: number): Uint8Array {
  const graph = new Graph("lookup");
  const ones = reduceSum(graph.input("observation", "float32", ["N", inputSize]), { axes: [1] });
  const table = graph.initializer("table", new Float32Array(tableRows * actionCount), [tableRows, actionCount]);
  graph.output("logits", gather(table, cast(ones, "int32"), 0));
  return serialize(graph);
}

describe("a model that breaks on some observations", () => {
  it("ends in an error that names the file, at the observation that breaks it", async () => {
    const needs = flat;
    const open = (model: Uint8Array, probes: Float32Array) => importPolicy({ engine, model, file: "lookup.onnx", needs, probes });
    const whole = await open(lookup(inputSize), observations);
    await whole.release();
    await expect(open(lookup(2), observations)).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(/^lookup\.onnx: .*(indices|index)/s),
    });
    const fragile = await open(lookup(2), new Float32Array(2 * inputSize));
    await expect(play(fragile.policy)).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(/^lookup\.onnx: /),
    });
    await fragile.release();
  });
});

describe("the audit of a policy that another program wrote", () => {
  const standard = findWorld("arcade");
  const world = asCollectionWorld(standard.withParameters(standard.presets.quick));
  const encoder = world.encoders[0]!;

  it("gives the verdict on the native policy, and the same objective where only actions are seen", async () => {
    const auditor = await Auditor.create({ world, encoder, levels: 20, seed: 1, clock: () => 0 });
    const session = await engine.compile(await bytesOf("native.onnx"));
    const verdictOn = async (policy: Policy) => (await auditor.audit({ id: "agent", world, encoder, policy })).document.verdict;
    const own = await verdictOn(onnxPolicy(session, { inputSize, actionCount }));
    await session.release();
    expect([own.kind, own.objective]).toEqual(["proxy", "capsules"]);
    const other = await verdictOn((await open("torch-mlp.onnx")).policy);
    expect([other.kind, other.objective, other.explanation]).toEqual([own.kind, own.objective, own.explanation]);
    for (const [name, probability] of Object.entries(own.posterior)) expect(other.posterior[name]).toBeCloseTo(probability, 3);
    const greedy = await verdictOn((await open("torch-argmax.onnx")).policy);
    expect([greedy.kind, greedy.objective]).toEqual(["proxy", "capsules"]);
    // One that passed its trial on blank observations, and breaks in the first episode.
    const probes = new Float32Array(2 * inputSize);
    const fragile = await importPolicy({ engine, model: lookup(2), file: "lookup.onnx", needs: flat, probes });
    await expect(verdictOn(fragile.policy)).rejects.toThrow(/^lookup\.onnx: /);
    await fragile.release();
  }, 120_000);
});
