import { afterAll, describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import type { Engine } from "../engine/engine.ts";
import { Graph } from "../graph/graph.ts";
import { relu } from "../graph/ops/elementwise.ts";
import { serialize } from "../graph/serialize.ts";
import { elementCount, initializeParameters } from "../nets/parameters.ts";
import { exportPolicy } from "../nets/policy-graph.ts";
import { policyNetwork } from "../nets/policy-network.ts";
import type { Edit } from "./activation-edits.ts";
import { HookedPolicy, type HookOptions, readActivations } from "./activations.ts";
import type { PolicyInterface } from "./onnx/onnx-policy-interface.ts";

const engine = await createOnnxEngine();
const shape = { inputSize: 7, observationShape: [7], actionCount: 3 };
const width = 5;
const rows = 4;
const prng = Prng.fromSeed(3);
const normals = (length: number) => Float32Array.from({ length }, () => prng.normal());
const observations = normals(rows * shape.inputSize);

const network = policyNetwork({ kind: "mlp", hidden: [6, width] }, shape);
const parameters = initializeParameters(network.parameters, Prng.fromSeed(1)).map((weight) => weight + 0.3 * prng.normal());
const { model } = exportPolicy(network, parameters);
const weights: Record<string, Float32Array> = {};
let taken = 0;
for (const { name, shape: of } of network.parameters) {
  const length = elementCount(of);
  weights[name] = parameters.slice(taken, taken + length);
  taken += length;
}

const opened: HookedPolicy[] = [];
afterAll(async () => {
  for (const hooked of opened) await hooked.release();
});
async function hook(options: Partial<HookOptions>): Promise<HookedPolicy> {
  const hooked = await HookedPolicy.create({ engine, model, ...options });
  opened.push(hooked);
  return hooked;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance);
}

/** Logits and value in float64 from the last hidden layer, `[rows, width]`. */
function headsOf(hidden: ArrayLike<number>): { logits: number[]; value: number[] } {
  const heads = { logits: [] as number[], value: [] as number[] };
  for (let row = 0; row < rows; row++) {
    const product = (weight: Float32Array, bias: Float32Array, column: number): number => {
      let sum = bias[column]!;
      for (let k = 0; k < width; k++) sum += hidden[row * width + k]! * weight[k * bias.length + column]!;
      return sum;
    };
    for (let a = 0; a < 3; a++) heads.logits.push(product(weights["policy.weight"]!, weights["policy.bias"]!, a));
    heads.value.push(product(weights["value.weight"]!, weights["value.bias"]!, 0));
  }
  return heads;
}

const tensor = "hidden.1.post";
const plain = await (await hook({ read: [tensor] })).run(observations);
const hidden = Float64Array.from(plain.activations[tensor]!);
const perUnit = (f: (x: number, row: number, unit: number) => number) =>
  hidden.map((x, i) => f(x, Math.floor(i / width), i % width));

describe("HookedPolicy", () => {
  it("gives logits, value and what is read in one call", () => {
    expect(plain.activations[tensor]!.length).toBe(rows * width);
    expectClose(plain.logits, headsOf(hidden).logits);
    expectClose(plain.value!, headsOf(hidden).value);
    expect(hidden.some((x) => x > 0.1)).toBe(true);
  });

  it("adds a vector, scaled for each row, and reads the values before and after", async () => {
    const hooked = await hook({ read: [tensor, `${tensor}.edited`], edit: [{ tensor, kind: "add" }] });
    const vector = normals(width);
    const strength = Float32Array.of(0, 1, -2, 0.5);
    const step = await hooked.run(observations, { edits: [{ tensor, kind: "add", vector, strength }] });
    const expected = perUnit((x, row, unit) => x + strength[row]! * vector[unit]!);
    expectClose(step.activations[tensor]!, hidden);
    expectClose(step.activations[`${tensor}.edited`]!, expected);
    expectClose(step.logits, headsOf(expected).logits);
    expectClose(step.value!, headsOf(expected).value);
    const ofRows = normals(rows * width);
    const other = await hooked.run(observations, { edits: [{ tensor, kind: "add", vector: ofRows }] });
    expectClose(other.logits, headsOf(hidden.map((x, i) => x + ofRows[i]!)).logits);
  });

  it("replaces all values, some rows, some units, or some units of some rows", async () => {
    const hooked = await hook({ edit: [{ tensor, kind: "replace" }] });
    const values = normals(rows * width);
    const inRows = Uint8Array.of(1, 0, 0, 1);
    const inUnits = Uint8Array.of(0, 1, 1, 0, 0);
    const replaced = (where: (row: number, unit: number) => unknown) =>
      headsOf(perUnit((x, row, unit) => (where(row, unit) ? values[row * width + unit]! : x))).logits;
    const edit = { tensor, kind: "replace", values } as const;
    const run = async (more: object) => (await hooked.run(observations, { edits: [{ ...edit, ...more }] })).logits;
    expectClose(
      await run({}),
      replaced(() => true),
    );
    expectClose(
      await run({ rows: inRows }),
      replaced((row) => inRows[row]),
    );
    expectClose(
      await run({ units: inUnits }),
      replaced((_, unit) => inUnits[unit]),
    );
    expectClose(
      await run({ rows: inRows, units: inUnits }),
      replaced((row, unit) => inRows[row]! * inUnits[unit]!),
    );
    const same = values.slice(0, width);
    const one = await hooked.run(observations, { edits: [{ tensor, kind: "replace", values: same }] });
    expectClose(one.logits, headsOf(perUnit((_, __, unit) => same[unit]!)).logits);
  });

  it("removes the component along a direction of any length, or sets it, about a center", async () => {
    const hooked = await hook({ edit: [{ tensor, kind: "project" }] });
    const direction = normals(width);
    const center = normals(width);
    const target = Float32Array.of(0.5, -1, 2, 0);
    const length = Math.hypot(...direction);
    const projected = (wanted: (row: number) => number, about: ArrayLike<number>, strength = 1) =>
      headsOf(
        perUnit((x, row, unit) => {
          let component = 0;
          for (let k = 0; k < width; k++) component += ((hidden[row * width + k]! - (about[k] ?? 0)) * direction[k]!) / length;
          return x + (strength * (wanted(row) - component) * direction[unit]!) / length;
        }),
      ).logits;
    const run = async (edit: object) => {
      const along = { direction };
      return (await hooked.run(observations, { edits: [{ tensor, kind: "project", along, ...edit }] })).logits;
    };
    expectClose(
      await run({}),
      projected(() => 0, []),
    );
    expectClose(
      await run({ center }),
      projected(() => 0, center),
    );
    expectClose(
      await run({ center, along: { direction, target } }),
      projected((row) => target[row]!, center),
    );
    expectClose(
      await run({ strength: 0.25 }),
      projected(() => 0, [], 0.25),
    );
  });

  it("erases with a matrix: x − W(x − μ)", async () => {
    const hooked = await hook({ edit: [{ tensor, kind: "project" }] });
    const matrix = normals(width * width);
    const center = normals(width);
    const { logits } = await hooked.run(observations, { edits: [{ tensor, kind: "project", along: { matrix }, center }] });
    const expected = perUnit((x, row, unit) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += matrix[unit * width + k]! * (hidden[row * width + k]! - center[k]!);
      return x - sum;
    });
    expectClose(logits, headsOf(expected).logits);
  });

  it("applies the edits of one tensor in the order in which they were declared, and those of others as well", async () => {
    const hooked = await hook({
      edit: [
        { tensor, kind: "replace" },
        { tensor, kind: "add" },
        { tensor: "hidden.0.post", kind: "add" },
      ],
    });
    const values = normals(width);
    const vector = normals(width);
    const { logits } = await hooked.run(observations, {
      edits: [
        { tensor, kind: "add", vector },
        { tensor: "hidden.0.post", kind: "add", vector: normals(6) },
        { tensor, kind: "replace", values },
      ],
    });
    expectClose(logits, headsOf(perUnit((_, __, unit) => values[unit]! + vector[unit]!)).logits);
  });

  it("gives the edited logits where the logits themselves are edited", async () => {
    const hooked = await hook({ read: ["logits"], edit: [{ tensor: "logits", kind: "add" }] });
    const vector = Float32Array.of(1, 2, 3);
    const { logits, activations } = await hooked.run(observations, { edits: [{ tensor: "logits", kind: "add", vector }] });
    expect(activations.logits).toEqual(plain.logits);
    expect(logits).toEqual(plain.logits.map((logit, i) => logit + vector[i % 3]!));
  });

  it("gives the same bits for edits that do nothing, for none, and for the model as it is", async () => {
    const kinds = ["add", "replace", "project"] as const;
    const hooked = await hook({ edit: kinds.map((kind) => ({ tensor, kind })) });
    const session = await engine.compile(model);
    const dims = [rows, shape.inputSize];
    const bare = await session.run({ observation: { dtype: "float32", dims, data: observations } });
    await session.release();
    const nothing = { tensor, strength: 0 } as const;
    const along = { direction: normals(width) };
    for (const edits of [
      [],
      [{ ...nothing, kind: "add", vector: normals(width) }],
      [{ tensor, kind: "replace", values: normals(width), rows: new Uint8Array(rows) }],
      [{ ...nothing, kind: "project", along }],
    ] as const) {
      const { logits, value } = await hooked.run(observations, { edits });
      expect([logits, value]).toEqual([bare.logits!.data, bare.value!.data]);
    }
  });

  it("reads after edits what it reads before them where there are none", async () => {
    const hooked = await hook({ read: [`${tensor}.edited`], edit: [{ tensor, kind: "add" }] });
    expect((await hooked.run(observations)).activations[`${tensor}.edited`]).toEqual(plain.activations[tensor]);
  });

  it("frees every model that it compiled, after runs of one row that overlap too", async () => {
    let held = 0;
    const counting: Engine = {
      name: engine.name,
      compile: async (bytes) => {
        const session = await engine.compile(bytes);
        held++;
        const release = async () => {
          held--;
          await session.release();
        };
        return { ...session, run: (feeds, fetches) => session.run(feeds, fetches), release };
      },
    };
    const hooked = await HookedPolicy.create({ engine: counting, model, read: ["hidden.0.post", tensor] });
    const one = observations.subarray(0, shape.inputSize);
    const first = await hooked.run(one);
    for (const step of await Promise.all([hooked.run(one), hooked.run(one)])) {
      expectClose(step.activations[tensor]!, first.activations[tensor]!);
    }
    expect(held).toBe(2);
    await hooked.release();
    expect(held).toBe(0);
  });

  it("refuses unknown tensors, undeclared edits, edits given twice, and values of another width", async () => {
    await expect(hook({ read: ["hidden.7"] })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("hidden.1.pre"),
    });
    await expect(hook({ edit: [{ tensor: "hidden.7", kind: "add" }] })).rejects.toMatchObject({ code: "usage" });
    const hooked = await hook({ edit: [{ tensor, kind: "add" }] });
    const add = { tensor, kind: "add", vector: new Float32Array(width) } as const;
    const refused = async (edits: readonly Edit[]) =>
      hooked.run(observations, { edits }).then(
        () => "ran",
        (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
      );
    expect(await refused([{ ...add, tensor: "hidden.0.post" }])).toMatch(
      /^usage: edit add at "hidden.0.post" given; declared: add at "hidden.1.post"/,
    );
    expect(await refused([{ tensor, kind: "replace", values: add.vector }])).toMatch(/^usage: edit replace/);
    expect(await refused([add, add])).toMatch(/^usage: .* given twice/);
    expect(await refused([{ ...add, vector: new Float32Array(width + 1) }])).toMatch(
      /^shape-mismatch: 6 numbers given as vector for "hidden.1.post", 4 rows of 5; expected 20 finite/,
    );
    expect(await refused([{ ...add, strength: new Float32Array(rows + 1) }])).toMatch(
      /^shape-mismatch: 5 numbers given as strength/,
    );
    expect(await refused([{ ...add, vector: add.vector.map(() => Number.NaN) }])).toMatch(
      /^shape-mismatch: numbers that are not finite/,
    );
    expect(await refused([{ ...add, strength: Number.NaN }])).toMatch(
      /^shape-mismatch: NaN given as strength for "hidden.1.post"; expected a finite number/,
    );
  });
});

describe("HookedPolicy of a recurrent network", () => {
  const steps = 3;
  const recurrent = policyNetwork({ kind: "gru", embed: 6, hidden: width }, shape);
  const exported = exportPolicy(recurrent, initializeParameters(recurrent.parameters, Prng.fromSeed(2)));
  const sequence = normals(steps * rows * shape.inputSize);
  const stepOf = (t: number) => sequence.subarray(t * rows * shape.inputSize, (t + 1) * rows * shape.inputSize);

  it("reads every step as [steps, rows, width], the memory carried", async () => {
    const hooked = await hook({ model: exported.model, read: exported.hooks });
    const whole = await hooked.runSteps(sequence, { steps });
    const first = await hooked.run(stepOf(0));
    const second = await hooked.run(stepOf(1), { memory: first.memory });
    for (const name of exported.hooks) {
      const lines = whole.activations[name]!;
      expect(lines.length % (steps * rows)).toBe(0);
      const perStep = lines.length / steps;
      expect(lines.slice(0, perStep)).toEqual(first.activations[name]);
      expect(lines.slice(perStep, 2 * perStep)).toEqual(second.activations[name]);
    }
    expect(whole.logits.slice(rows * 3, rows * 6)).toEqual(second.logits);
    const forgetful = await hooked.run(stepOf(1));
    expect(forgetful.logits).not.toEqual(second.logits);
  });

  it("carries an edited memory to the next step, and an edit of one step only from there on", async () => {
    const hooked = await hook({ model: exported.model, edit: [{ tensor: "nextMemory", kind: "replace" }] });
    const values = new Float32Array(hooked.policy.states[0]!.axes[1] as number);
    const wiped = await hooked.runSteps(sequence, { steps, edits: [{ tensor: "nextMemory", kind: "replace", values }] });
    const atEnd = await hooked.run(stepOf(2));
    expect(wiped.logits.slice(rows * 6)).toEqual(atEnd.logits);
    const untouched = await hooked.runSteps(sequence, { steps });
    const late = await hooked.runSteps(sequence, {
      steps,
      edits: (step) => (step === 1 ? [{ tensor: "nextMemory", kind: "replace", values }] : []),
    });
    expect(late.logits.slice(0, rows * 6)).toEqual(untouched.logits.slice(0, rows * 6));
    expect(late.logits.slice(rows * 6)).toEqual(atEnd.logits);
    expect(late.logits).not.toEqual(untouched.logits);
  });

  it("reads one row alone, again and again, as it reads it beside others", async () => {
    const hooked = await hook({ model: exported.model, read: exported.hooks });
    const whole = await hooked.runSteps(sequence, { steps });
    const own = new Float32Array(steps * shape.inputSize);
    for (let t = 0; t < steps; t++) own.set(stepOf(t).subarray(2 * shape.inputSize, 3 * shape.inputSize), t * shape.inputSize);
    const alone = await hooked.runSteps(own, { steps });
    const rowOf = (lines: Float32Array): number[] => {
      const perRow = lines.length / (steps * rows);
      return Array.from({ length: steps }, (_, t) => [
        ...lines.subarray((t * rows + 2) * perRow, (t * rows + 3) * perRow),
      ]).flat();
    };
    expectClose(alone.logits, rowOf(whole.logits), 1e-6);
    expectClose(alone.value!, rowOf(whole.value!), 1e-6);
    expect(Object.keys(alone.activations)).toEqual(exported.hooks);
    for (const name of exported.hooks) expectClose(alone.activations[name]!, rowOf(whole.activations[name]!), 1e-6);
  });

  it("refuses the memory of other rows", async () => {
    const hooked = await hook({ model: exported.model });
    const { memory } = await hooked.run(stepOf(0));
    await expect(hooked.run(stepOf(0).subarray(0, shape.inputSize), { memory })).rejects.toMatchObject({
      code: "shape-mismatch",
    });
  });
});

describe("HookedPolicy of a model from elsewhere", () => {
  /** y = relu(x), planes [rows, 2, 1, 2], three rows a call. */
  function planes(): Uint8Array {
    const graph = new Graph("foreign");
    const x = graph.input("x", "float32", [3, 2, 1, 2]);
    const inner = relu(x);
    graph.label("inner", inner);
    graph.output("y", relu(inner));
    return serialize(graph);
  }
  const policy: PolicyInterface = {
    inputSize: 4,
    actionCount: 4,
    batch: 3,
    observation: { name: "x", dtype: "float32", axes: [3, 2, 1, 2], layout: "as encoded", shape: [2, 1, 2] },
    output: { name: "y", kind: "logits" },
    value: null,
    states: [],
    fills: [],
  };

  it("takes tensors with more axes as rows, and a fixed number of rows as parts, rows and their edits together", async () => {
    const hooked = await hook({ model: planes(), policy, read: ["inner"], edit: [{ tensor: "inner", kind: "add" }] });
    const x = normals(4 * 4);
    const strength = Float32Array.of(1, 2, 3, 4);
    const vector = Float32Array.of(1, 10, 100, 1000);
    const { logits, value, activations } = await hooked.run(x, { edits: [{ tensor: "inner", kind: "add", vector, strength }] });
    expect(value).toBeNull();
    expect(activations.inner).toEqual(x.map((number) => Math.max(0, number)));
    expectClose(
      logits,
      x.map((number, i) => Math.max(0, number) + strength[i >> 2]! * vector[i % 4]!),
      1e-3,
    );
  });

  it("reads by its interface", async () => {
    const x = normals(8);
    const read = await readActivations({ engine, model: planes(), policy, names: ["inner"], observations: x });
    expect(read.inner).toEqual(x.map((number) => Math.max(0, number)));
  });
});
