import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { interpret } from "../graph/interpreter.ts";
import { meanSquaredError } from "../graph/losses.ts";
import { tanh } from "../graph/ops/elementwise.ts";
import { linear } from "../graph/ops/mat-mul.ts";
import { serialize } from "../graph/serialize.ts";
import { initializeParameters } from "../nets/parameters.ts";
import { transformer } from "../nets/transformer.ts";
import { Supervised, type SupervisedConfig, updateGraph } from "./supervised.ts";
import type { SupervisedModel, SupervisedTask } from "./supervised-task.ts";
import { inContextRegression } from "./tasks/in-context-regression.ts";

const engine = await createOnnxEngine();

/** y = 2·x₀ − x₁ + ½. */
const task: SupervisedTask = {
  name: "plane",
  inputs: { dtype: "float32", shape: [2] },
  targets: { dtype: "float32", shape: [1] },
  draw: ({ rows, inputs, targets }, prng) => {
    for (let row = 0; row < rows; row++) {
      inputs[2 * row] = prng.normal();
      inputs[2 * row + 1] = prng.normal();
      targets[row] = 2 * inputs[2 * row]! - inputs[2 * row + 1]! + 0.5;
    }
  },
  loss: (outputs, targets) => meanSquaredError(outputs, targets),
};

const model: SupervisedModel = {
  parameters: [
    { name: "weight", shape: [2, 1], initial: { kind: "normal", deviation: 1 } },
    { name: "bias", shape: [1], initial: { kind: "zeros" } },
  ],
  outputs: (weights, inputs) => linear(inputs, weights.weight!, weights.bias!),
};

/** Not linear, so that its gradient depends on where it stands. */
const curved: SupervisedModel = { ...model, outputs: (weights, inputs) => tanh(model.outputs(weights, inputs)) };

const config: SupervisedConfig = {
  totalSteps: 24,
  batchSize: 8,
  rule: { kind: "adamw", weightDecay: 0.1 },
  learningRate: 0.05,
  schedule: { kind: "linear", final: 0.1 },
  maxGradNorm: 1,
  stepsPerUpdate: 4,
};

function create(
  changes: Partial<SupervisedConfig> = {},
  options: { readonly seed?: number; readonly fit?: SupervisedModel } = {},
) {
  const { seed = 1, fit = curved } = options;
  return Supervised.create({ engine, task, model: fit, config: { ...config, ...changes }, prng: Prng.fromSeed(seed) });
}

async function finish(run: Supervised): Promise<Float32Array> {
  while (!run.isDone) await run.update();
  await run.release();
  return run.parameters;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

describe("the update graph", () => {
  it("takes the steps of gradient descent that the formula gives, two of them in one graph", () => {
    const graph = updateGraph({
      task,
      model,
      config: { ...config, batchSize: 2, unroll: 2, rule: { kind: "sgd" }, maxGradNorm: null },
    });
    const inputs = [1, 2, -1, 0.5, 0, 1, 3, -2];
    const targets = [1, 2, -1, 0];
    const rates = [0.1, 0.05];
    const out = interpret(graph, {
      parameters: { dims: [3], data: [0.5, -1, 0.25] },
      inputs: { dims: [4, 2], data: inputs },
      targets: { dims: [4, 1], data: targets },
      learningRates: { dims: [2], data: rates },
      step: { dims: [], data: [1] },
    });
    const p = [0.5, -1, 0.25];
    rates.forEach((rate, step) => {
      const rows = [2 * step, 2 * step + 1].map((row) => {
        const x = [inputs[2 * row]!, inputs[2 * row + 1]!, 1];
        return { x, error: x.reduce((sum, value, i) => sum + value * p[i]!, 0) - targets[row]! };
      });
      const gradient = p.map((_, i) => rows.reduce((sum, { x, error }) => sum + error * x[i]!, 0));
      expect(out.losses!.data[step]).toBeCloseTo((rows[0]!.error ** 2 + rows[1]!.error ** 2) / 2, 6);
      expect(out.gradientNorms!.data[step]).toBeCloseTo(Math.hypot(...gradient), 6);
      for (const [i, g] of gradient.entries()) p[i]! -= rate * g;
    });
    expect(largestDifference(out["next.parameters"]!.data, p)).toBeLessThan(1e-6);
  });
});

describe("the update graph of a transformer", () => {
  it("is computed by the engine as in float64, in slices and several steps", async () => {
    const regression = inContextRegression({ dimensions: 2, examples: 3 });
    const network = transformer(
      { kind: "transformer", width: 8, blocks: 1, heads: 2, causal: true, readout: "last" },
      { length: 4, input: { kind: "vectors", size: 3 }, outputSize: 1 },
    );
    const graph = updateGraph({
      task: regression,
      model: { parameters: network.parameters, outputs: (weights, inputs) => network.forward(weights, inputs).output },
      config: { ...config, rule: { kind: "sgd", momentum: 0.9 }, unroll: 2, slices: 2 },
    });
    const prng = Prng.fromSeed(4);
    const examples = { rows: 16, inputs: new Float32Array(16 * 12), targets: new Float32Array(16) };
    regression.draw(examples, prng);
    const parameters = initializeParameters(network.parameters, prng);
    const feed = (data: Float32Array, dims: readonly number[] = [data.length]) => ({ dtype: "float32", dims, data }) as const;
    const feeds = {
      parameters: feed(parameters),
      velocity: feed(parameters.map((value) => value / 10)),
      inputs: feed(examples.inputs, [16, 4, 3]),
      targets: feed(examples.targets, [16, 1]),
      learningRates: feed(Float32Array.of(0.1, 0.05)),
      step: feed(Float32Array.of(1), []),
    };
    const session = await engine.compile(serialize(graph));
    const native = await session.run(feeds);
    await session.release();
    for (const [name, { data }] of Object.entries(interpret(graph, feeds))) {
      expect([name, largestDifference(data, Float64Array.from(native[name]!.data, Number)) < 1e-5]).toEqual([name, true]);
    }
  });
});

describe("Supervised", () => {
  it("learns a plane: the weights are those of the task", async () => {
    const run = await create({ totalSteps: 400, rule: { kind: "sgd", momentum: 0.9 }, maxGradNorm: null }, { fit: model });
    const [first] = [await run.update()];
    expect(largestDifference(await finish(run), [2, -1, 0.5])).toBeLessThan(1e-4);
    expect(first.values.loss).toBeGreaterThan(0.1);
  });

  it("gives the same weights whether steps are unrolled, and nearly the same in slices", async () => {
    const plain = await finish(await create());
    const [unrolled, sliced] = [await finish(await create({ unroll: 4 })), await finish(await create({ slices: 4, unroll: 2 }))];
    expect(largestDifference(plain, unrolled)).toBeLessThan(1e-6);
    expect(largestDifference(plain, sliced)).toBeLessThan(1e-5);
    expect(largestDifference(plain, await finish(await create({}, { seed: 2 })))).toBeGreaterThan(0.01);
  });

  it.each([
    ["adamw", { kind: "adamw" }],
    ["sgd without momentum", { kind: "sgd" }],
    ["rmsprop", { kind: "rmsprop", momentum: 0.5, weightDecay: 0.01 }],
  ] as const)("continues from a snapshot to bit-identical weights: %s", async (_, rule) => {
    const whole = await finish(await create({ rule }));
    const begun = await create({ rule });
    await begun.update();
    await begun.update();
    const { tensors, state } = begun.snapshot();
    const kept = { tensors: structuredClone(tensors), state: JSON.parse(JSON.stringify(state)) as unknown };
    await begun.update();
    await begun.release();
    const continued = await create({ rule }, { seed: 5 });
    continued.restore(kept);
    expect([continued.environmentSteps, continued.isDone]).toEqual([64, false]);
    expect(await finish(continued)).toEqual(whole);
  });

  it("refuses the snapshot of another rule or model", async () => {
    const run = await create();
    const { tensors, state } = run.snapshot();
    const refused = (snapshot: Parameters<typeof run.restore>[0]) =>
      expect(() => run.restore(snapshot)).toThrow(expect.objectContaining({ code: "invalid-checkpoint" }));
    refused({ tensors: { parameters: tensors.parameters! }, state });
    refused({ tensors: { ...tensors, firstMoment: new Float32Array(4) }, state });
    refused({ tensors, state: { steps: 1 } });
    await run.release();
  });

  it("counts updates and examples, and lowers the learning rate as scheduled", async () => {
    const run = await create();
    const metrics = [];
    while (!run.isDone) metrics.push(await run.update());
    await run.release();
    expect(metrics.map(({ update, environmentSteps }) => [update, environmentSteps])).toEqual(
      [1, 2, 3, 4, 5, 6].map((update) => [update, 32 * update]),
    );
    metrics.forEach(({ values, meanReturn, episodes }, i) => {
      expect([meanReturn, episodes]).toEqual([null, 0]);
      expect(values.learningRate).toBeCloseTo(0.05 * (1 - 0.9 * ((4 * i + 3) / 24)), 6);
    });
  });

  it("shrinks matrices and leaves biases, unless all are to decay", async () => {
    // A learning rate of 1 and no gradient to speak of: only decay moves anything.
    const still: SupervisedModel = {
      parameters: [
        { name: "matrix", shape: [2, 1], initial: { kind: "normal", deviation: 1 } },
        { name: "vector", shape: [1], initial: { kind: "orthogonal", gain: 1 } },
      ],
      outputs: (weights, inputs) => linear(inputs, weights.matrix!, weights.vector!),
    };
    const halved = { rule: { kind: "sgd", weightDecay: 0.5 }, learningRate: 1, schedule: { kind: "constant" } } as const;
    const changes = { ...halved, totalSteps: 1, stepsPerUpdate: 1, maxGradNorm: 1e-12 };
    const shares = async (decay: "matrices" | "all") => {
      const run = await create({ ...changes, decay }, { fit: still });
      const before = run.parameters.slice();
      return Array.from(await finish(run), (value, i) => value / before[i]!);
    };
    expect(largestDifference(await shares("matrices"), [0.5, 0.5, 1])).toBeLessThan(1e-5);
    expect(largestDifference(await shares("all"), [0.5, 0.5, 0.5])).toBeLessThan(1e-5);
  });

  it("predicts, and evaluates on given examples", async () => {
    const run = await create({}, { fit: model });
    const [a = 0, b = 0, bias = 0] = run.parameters;
    const inputs = Float32Array.of(1, 0, 0, 1, 2, -1);
    const outputs = await run.predict(inputs, 3);
    expect(largestDifference(outputs, [a + bias, b + bias, 2 * a - b + bias])).toBeLessThan(1e-6);
    const loss = await run.evaluate({ rows: 3, inputs, targets: outputs.map((value, i) => value + i) });
    expect(loss).toBeCloseTo((0 + 1 + 4) / 3, 5);
    await run.release();
  });

  it("fails on losses that are no numbers, and on weights that are none after the last step", async () => {
    const exploding = await create({ rule: { kind: "sgd" }, learningRate: 1e30, maxGradNorm: null }, { fit: model });
    await expect(exploding.update()).rejects.toMatchObject({ code: "unconverged" });
    await exploding.release();
    const last = { rule: { kind: "sgd" }, learningRate: 1e39, maxGradNorm: null, stepsPerUpdate: 1 } as const;
    const oneStep = await create(last, { fit: model });
    await expect(oneStep.update()).rejects.toMatchObject({ code: "unconverged" });
    await oneStep.release();
  });

  it.each([
    [{ totalSteps: 10 }, "stepsPerUpdate 4 given with totalSteps 10"],
    [{ unroll: 3 }, "unroll 3 given with stepsPerUpdate 4"],
    [{ slices: 3 }, "slices 3 given with batchSize 8"],
  ])("refuses %o", async (changes, message) => {
    await expect(create(changes)).rejects.toThrow(message);
  });
});
