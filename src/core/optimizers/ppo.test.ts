import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { TrainingEnvironment } from "../agents/environment.ts";
import { Prng } from "../base/prng.ts";
import type { Engine, Feeds, TensorData } from "../engine/engine.ts";
import { interpret } from "../graph/interpreter.ts";
import { mlp } from "../nets/mlp.ts";
import { initializeParameters, parameterCount, viewParameters } from "../nets/parameters.ts";
import { findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { Ppo, type PpoConfig, updateGraph } from "./ppo.ts";

const engine = await createOnnxEngine();
const world = createArcade({ size: 5, coins: 2, capsules: 2 });
const encoder = world.encoders[0]!;
const network = mlp(
  { kind: "mlp", hidden: [12] },
  { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length },
);

const small: PpoConfig = {
  totalTimesteps: 640,
  numEnvs: 8,
  numSteps: 8,
  updateEpochs: 2,
  minibatchSize: 16,
  gamma: 0.97,
  gaeLambda: 0.95,
  learningRate: 1e-2,
  finalLearningRateShare: 0.1,
  clipCoef: 0.2,
  entCoef: 0.01,
  finalEntCoefShare: 1,
  vfCoef: 0.5,
  maxGradNorm: 0.5,
};

function createPpo(changes: Partial<PpoConfig> & { readonly seed?: number; readonly engine?: Engine } = {}) {
  const { seed = 1, engine: chosen = engine, ...rest } = changes;
  const config = { ...small, ...rest };
  const prng = Prng.fromSeed(seed);
  const environment = new TrainingEnvironment({
    world,
    encoder,
    objective: findArcadeObjective("score"),
    distribution: world.training,
    numEnvs: config.numEnvs,
    prng: prng.fork("environment"),
  });
  return Ppo.create({ engine: chosen, environment, network, config, prng: prng.fork("ppo") });
}

async function parametersAfter(updates: number, changes: Parameters<typeof createPpo>[0]): Promise<Float32Array> {
  const ppo = await createPpo(changes);
  for (let i = 0; i < updates; i++) await ppo.update();
  await ppo.release();
  return ppo.parameters;
}

interface Run {
  readonly feeds: Feeds;
  readonly outputs: Readonly<Record<string, TensorData>>;
}

/** The engine, and copies of what goes through the rollout and the update sessions. */
function recordingEngine(): { readonly engine: Engine; readonly rollouts: Run[]; readonly updates: Run[] } {
  const rollouts: Run[] = [];
  const updates: Run[] = [];
  const compile: Engine["compile"] = async (model) => {
    const session = await engine.compile(model);
    const runs = session.outputNames.includes("newParameters") ? updates : rollouts;
    return {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      inputShapes: session.inputShapes,
      outputShapes: session.outputShapes,
      release: () => session.release(),
      run: async (feeds, fetches) => {
        const copy = structuredClone(feeds);
        const outputs = await session.run(feeds, fetches);
        runs.push({ feeds: copy, outputs });
        return outputs;
      },
    };
  };
  return { engine: { name: engine.name, compile }, rollouts, updates };
}

describe("the update graph", () => {
  it("does to the weights what the formulas say, with the gradient from differences", () => {
    const tiny = mlp({ kind: "mlp", hidden: [4] }, { inputSize: 6, observationShape: [6], actionCount: 3 });
    const config = { ...small, minibatchSize: 5 };
    const prng = Prng.fromSeed(3);
    const count = parameterCount(tiny.parameters);
    const draw = (length: number) => Float32Array.from({ length }, () => prng.normal());
    const parameters = draw(count);
    const active = [0, 3, 1, 2, 6, 6, 4, 5, 0, 6, 2, 6, 3, 1, 5];
    const actions = [0, 2, 1, 1, 2];
    // Above, below and within the clip, on both sides with an advantage that makes the clip count and once with one that does not.
    const logRatios = [0.5, -0.6, 0.05, 0.4, -0.1];
    const batch: Batch = {
      parameters,
      firstMoment: draw(count).map((value) => value / 10),
      secondMoment: draw(count).map((value) => value ** 2 / 10),
      active,
      actions,
      oldLogProbs: logRatios.map((logRatio, row) => {
        const { logits } = forward(Float64Array.from(parameters), active.slice(row * 3, row * 3 + 3));
        return logits[actions[row]!]! - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logRatio;
      }),
      advantages: [1, -0.5, 2, -3, 0.25],
      returns: [0.5, 1, -1, 0, 2],
    };
    const rates = { learningRate: 0.01, entCoef: 0.05, step: 7 };
    const vector = (data: readonly number[] | Float32Array) => ({ dims: [data.length], data });
    const scalar = (value: number) => ({ dims: [], data: [value] });
    const out = interpret(updateGraph(tiny, config, 3), {
      parameters: vector(batch.parameters),
      firstMoment: vector(batch.firstMoment),
      secondMoment: vector(batch.secondMoment),
      active: { dims: [5, 3], data: batch.active },
      actions: { dims: [5], data: batch.actions },
      oldLogProbs: vector(batch.oldLogProbs),
      advantages: vector(batch.advantages),
      returns: vector(batch.returns),
      learningRate: scalar(rates.learningRate),
      entCoef: scalar(rates.entCoef),
      step: scalar(rates.step),
    });
    const expected = stepByHand(batch, { ...rates, config, specs: tiny.parameters });
    expect(expected.gradientNorm).toBeGreaterThan(config.maxGradNorm);
    for (const name of ["newParameters", "newFirstMoment", "newSecondMoment", "stats"] as const) {
      expect(largestDifference(out[name]!.data, expected[name])).toBeLessThan(1e-6);
    }
    expect(expected.stats[4]).toBeCloseTo(3 / 5, 12);
  });

  it("is computed by the engine as in float64, on what training feeds it", async () => {
    const { engine: recording, updates: runs } = recordingEngine();
    const ppo = await createPpo({ engine: recording });
    for (let i = 0; i < 3; i++) await ppo.update();
    await ppo.release();
    expect(runs).toHaveLength(3 * 8);
    for (const { feeds, outputs } of [runs[0]!, runs[23]!]) {
      const exact = interpret(updateGraph(network, small, encoder.maxActive), feeds as Parameters<typeof interpret>[1]);
      for (const [name, { data }] of Object.entries(exact)) {
        expect([name, largestDifference(data, Float64Array.from(outputs[name]!.data, Number)) < 1e-4]).toEqual([name, true]);
      }
    }
  });
});

describe("Ppo", () => {
  it("refuses a minibatch size that does not divide the batch", async () => {
    await expect(createPpo({ minibatchSize: 24 })).rejects.toMatchObject({ code: "usage" });
  });

  it("samples actions with the policy's probabilities and keeps their log-probabilities", async () => {
    const { engine: recording, updates: runs } = recordingEngine();
    const ppo = await createPpo({ engine: recording, numEnvs: 128, numSteps: 128, minibatchSize: 16_384, updateEpochs: 1 });
    const probabilities = [0.4, 0.05, 0.25, 0.1, 0.2];
    const parameters = new Float32Array(parameterCount(network.parameters));
    viewParameters(parameters, network.parameters)["policy.bias"]!.set(probabilities.map(Math.log));
    const { tensors, state } = ppo.snapshot();
    ppo.restore({ tensors: { ...tensors, parameters }, state });
    await ppo.update();
    await ppo.release();
    const { actions, oldLogProbs } = runs[0]!.feeds;
    const counts = new Array<number>(5).fill(0);
    actions!.data.forEach((action: number | bigint, i: number) => {
      counts[Number(action)]! += 1;
      expect(oldLogProbs!.data[i]).toBeCloseTo(Math.log(probabilities[Number(action)]!), 5);
    });
    const chiSquare = counts.reduce((sum, n, a) => sum + (n - 16_384 * probabilities[a]!) ** 2 / (16_384 * probabilities[a]!), 0);
    // The 99.9% quantile of χ² with 4 degrees of freedom.
    expect(chiSquare).toBeLessThan(18.47);
  });

  it("uses every step of the rollout once in each epoch", async () => {
    const { engine: recording, updates: runs } = recordingEngine();
    const ppo = await createPpo({ engine: recording });
    await ppo.update();
    await ppo.release();
    const rowsOf = (epoch: readonly Run[]) =>
      epoch
        .flatMap(({ feeds }) =>
          Array.from({ length: 16 }, (_, i) => {
            const active = feeds.active!.data.slice(i * encoder.maxActive, (i + 1) * encoder.maxActive);
            return [active.join(), feeds.actions!.data[i], feeds.oldLogProbs!.data[i], feeds.returns!.data[i]].join(" ");
          }),
        )
        .sort();
    expect(rowsOf(runs.slice(0, 4))).toEqual(rowsOf(runs.slice(4)));
    expect(runs[0]!.feeds.active).not.toEqual(runs[4]!.feeds.active);
  });

  it("regresses the value on advantage plus the value that the rollout saw", async () => {
    const { engine: recording, rollouts, updates } = recordingEngine();
    const ppo = await createPpo({ engine: recording, minibatchSize: 64, updateEpochs: 1 });
    await ppo.update();
    await ppo.release();
    const values = Float64Array.from(
      rollouts.slice(0, small.numSteps).flatMap(({ outputs }) => [...outputs.value!.data].map(Number)),
    );
    const { returns, advantages } = updates[0]!.feeds;
    const seen = Float64Array.from({ length: values.length }, (_, i) => Number(returns!.data[i]) - Number(advantages!.data[i]));
    expect(largestDifference(seen.sort(), values.sort())).toBeLessThan(1e-5);
    expect(rollouts).toHaveLength(small.numSteps + 1);
  });

  it("finds the policy unchanged in the first minibatch: ratio 1, nothing clipped, mean normalized advantage 0", async () => {
    const ppo = await createPpo({ minibatchSize: 64, updateEpochs: 1 });
    const { values: metrics } = await ppo.update();
    await ppo.release();
    expect(Math.abs(metrics.approxKl!)).toBeLessThan(1e-6);
    expect(Math.abs(metrics.policyLoss!)).toBeLessThan(1e-5);
    expect(metrics.clipFraction).toBe(0);
    expect(metrics.entropy).toBeCloseTo(Math.log(5), 2);
  });

  it("counts steps, lowers the learning rate linearly and ends on whole updates", async () => {
    const ppo = await createPpo({ totalTimesteps: 200, finalLearningRateShare: 0.5 });
    const metrics = [];
    while (!ppo.isDone) metrics.push(await ppo.update());
    await ppo.release();
    expect(metrics.map(({ update, environmentSteps }) => [update, environmentSteps])).toEqual([
      [1, 64],
      [2, 128],
      [3, 192],
      [4, 256],
    ]);
    metrics.forEach(({ values }, i) => {
      expect(values.learningRate).toBeCloseTo(0.01 * (1 - 0.5 * ((64 * i) / 200)), 12);
    });
  });

  it("says null, not zero, for the return of no episodes", async () => {
    const ppo = await createPpo({ numSteps: 2 });
    expect(await ppo.update()).toMatchObject({ episodes: 0, meanReturn: null });
    await ppo.release();
  });

  it("fails on losses that are no numbers, and on weights that are none after the last step", async () => {
    const exploding = await createPpo({ learningRate: 1e30 });
    await expect(exploding.update()).rejects.toMatchObject({ code: "unconverged" });
    await exploding.release();
    const oneStep = await createPpo({ learningRate: 1e39, minibatchSize: 64, updateEpochs: 1 });
    await expect(oneStep.update()).rejects.toMatchObject({ code: "unconverged" });
    await oneStep.release();
  });

  it("gives bit-identical weights for the same seed and others for another", async () => {
    const [one, same, other] = [
      await parametersAfter(3, {}),
      await parametersAfter(3, {}),
      await parametersAfter(3, { seed: 2 }),
    ];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one).not.toEqual(initializeParameters(network.parameters, Prng.fromSeed(1).fork("ppo").fork("parameters")));
  });

  it("continues from a snapshot, stored as vectors and JSON, to bit-identical weights", async () => {
    const ppo = await createPpo();
    for (let i = 0; i < 2; i++) await ppo.update();
    const { tensors, state } = ppo.snapshot();
    const stored = { tensors: structuredClone(tensors), json: JSON.stringify(state) };
    const uninterrupted = [await ppo.update(), await ppo.update()];
    // Another seed: everything that counts must come from the snapshot.
    const other = await createPpo({ seed: 5 });
    await other.update();
    other.restore({ tensors: stored.tensors, state: JSON.parse(stored.json) });
    expect([await other.update(), await other.update()]).toEqual(uninterrupted);
    expect(other.parameters).toEqual(ppo.parameters);
    expect(other.snapshot()).toEqual(ppo.snapshot());
    await ppo.release();
    await other.release();
  });

  it("leaves a snapshot as it was taken", async () => {
    const ppo = await createPpo();
    await ppo.update();
    const snapshot = ppo.snapshot();
    const copy = structuredClone(snapshot);
    await ppo.update();
    expect(snapshot).toEqual(copy);
    await ppo.release();
  });
});

// ── The same step in plain float64, gradient by central differences ───────────────────────────────────────────────────────────

interface Batch {
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** `[rows, 3]`, padded with 6. */
  readonly active: readonly number[];
  readonly actions: readonly number[];
  readonly oldLogProbs: readonly number[];
  readonly advantages: readonly number[];
  readonly returns: readonly number[];
}

/** Logits and value of a network with one hidden layer of 4, on 6 inputs. */
function forward(p: Float64Array, active: readonly number[]) {
  const [hiddenBias, policy, policyBias, value, valueBias] = [24, 28, 40, 43, 47];
  const hidden = Array.from({ length: 4 }, (_, j) =>
    Math.max(
      0,
      active.reduce((sum, i) => sum + (i < 6 ? p[i * 4 + j]! : 0), p[hiddenBias + j]!),
    ),
  );
  const logits = [0, 1, 2].map((a) => hidden.reduce((sum, h, j) => sum + h * p[policy + j * 3 + a]!, p[policyBias + a]!));
  return { logits, value: hidden.reduce((sum, h, j) => sum + h * p[value + j]!, p[valueBias]!) };
}

/** Policy loss, value loss, entropy, KL estimate, clipped share. */
function statsByHand(p: Float64Array, batch: Batch, clipCoef: number): number[] {
  const rows = batch.actions.length;
  const mean = batch.advantages.reduce((sum, a) => sum + a, 0) / rows;
  const deviation = Math.sqrt(batch.advantages.reduce((sum, a) => sum + (a - mean) ** 2, 0) / rows);
  const sums = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const { logits, value } = forward(p, batch.active.slice(row * 3, row * 3 + 3));
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    const logProbs = logits.map((logit) => logit - total);
    const logRatio = logProbs[batch.actions[row]!]! - batch.oldLogProbs[row]!;
    const ratio = Math.exp(logRatio);
    const advantage = (batch.advantages[row]! - mean) / (deviation + 1e-8);
    const clipped = Math.min(1 + clipCoef, Math.max(1 - clipCoef, ratio));
    sums[0]! -= Math.min(ratio * advantage, clipped * advantage);
    sums[1]! += 0.5 * (value - batch.returns[row]!) ** 2;
    sums[2]! -= logProbs.reduce((sum, logProb) => sum + Math.exp(logProb) * logProb, 0);
    sums[3]! += ratio - 1 - logRatio;
    sums[4]! += Math.abs(ratio - 1) > clipCoef ? 1 : 0;
  }
  return sums.map((sum) => sum / rows);
}

function stepByHand(
  batch: Batch,
  given: {
    readonly learningRate: number;
    readonly entCoef: number;
    readonly step: number;
    readonly config: PpoConfig;
    readonly specs: Parameters<typeof parameterCount>[0];
  },
) {
  const { config, learningRate, entCoef, step } = given;
  const p = Float64Array.from(batch.parameters);
  expect(Object.values(viewParameters(batch.parameters, given.specs)).map(({ length }) => length)).toEqual([24, 4, 12, 3, 4, 1]);
  const loss = () => {
    const [policyLoss, valueLoss, entropy] = statsByHand(p, batch, config.clipCoef) as [number, number, number];
    return policyLoss - entCoef * entropy + config.vfCoef * valueLoss;
  };
  const gradient = p.map((value, i) => {
    p[i] = value + 1e-6;
    const above = loss();
    p[i] = value - 1e-6;
    const below = loss();
    p[i] = value;
    return (above - below) / 2e-6;
  });
  const gradientNorm = Math.hypot(...gradient);
  const clipped = gradient.map((g) => g * Math.min(1, config.maxGradNorm / (gradientNorm + 1e-6)));
  const newFirstMoment = clipped.map((g, i) => 0.9 * batch.firstMoment[i]! + 0.1 * g);
  const newSecondMoment = clipped.map((g, i) => 0.999 * batch.secondMoment[i]! + 0.001 * g ** 2);
  const newParameters = p.map(
    (value, i) =>
      value -
      (learningRate * (newFirstMoment[i]! / (1 - 0.9 ** step))) / (Math.sqrt(newSecondMoment[i]! / (1 - 0.999 ** step)) + 1e-5),
  );
  return { newParameters, newFirstMoment, newSecondMoment, stats: statsByHand(p, batch, config.clipCoef), gradientNorm };
}

function largestDifference(a: Float64Array, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}
