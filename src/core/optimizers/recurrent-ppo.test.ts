import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import type { Environment } from "../agents/environment.ts";
import { Prng } from "../base/prng.ts";
import type { Engine, Feeds, TensorData } from "../engine/engine.ts";
import { interpret } from "../graph/interpreter.ts";
import { gru } from "../nets/gru.ts";
import { lstm } from "../nets/lstm.ts";
import { mlp } from "../nets/mlp.ts";
import type { RecurrentNetwork } from "../nets/policy-shape.ts";
import { Ppo, type PpoConfig } from "./ppo.ts";
import { RecurrentPpo, recurrentUpdateGraph } from "./recurrent-ppo.ts";
import { CueRecall } from "./tasks/cue-recall.ts";

const engine = await createOnnxEngine();
const symbols = 3;
const shape = { inputSize: symbols + 2, observationShape: [symbols + 2], actionCount: symbols };
const networks: Readonly<Record<"gru" | "lstm", RecurrentNetwork>> = {
  gru: gru({ kind: "gru", embed: 6, hidden: 7 }, shape),
  lstm: lstm({ kind: "lstm", embed: 6, hidden: 5 }, shape),
};

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

interface Changes {
  readonly config?: Partial<PpoConfig>;
  readonly seed?: number;
  readonly engine?: Engine;
  readonly kind?: "gru" | "lstm";
}

/** Episodes of five steps in sequences of eight: ends lie in the middle, and at other places in every update. */
function create({ config = {}, seed = 1, engine: chosen = engine, kind = "gru" }: Changes = {}) {
  const prng = Prng.fromSeed(seed);
  const full = { ...small, ...config };
  const environment = new CueRecall({ numEnvs: full.numEnvs, symbols, steps: 5, prng: prng.fork("environment") });
  return RecurrentPpo.create({ engine: chosen, environment, network: networks[kind], config: full, prng: prng.fork("ppo") });
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
        runs.push({ feeds: copy, outputs: structuredClone(outputs) });
        return outputs;
      },
    };
  };
  return { engine: { ...engine, compile }, rollouts, updates };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

describe("RecurrentPpo", () => {
  it.each([12, 48, 4])(
    "refuses minibatches of %i steps, which are no whole sequences or do not divide the batch",
    async (minibatchSize) => {
      await expect(create({ config: { minibatchSize } })).rejects.toMatchObject({ code: "usage" });
    },
  );

  it.each(["gru", "lstm"] as const)(
    "finds the policy unchanged in the first minibatch of every update: what is unrolled is what was played, with a %s",
    async (kind) => {
      const ppo = await create({
        kind,
        config: { minibatchSize: 64, updateEpochs: 1, learningRate: 0.1, finalLearningRateShare: 1 },
      });
      const entropies: number[] = [];
      for (let i = 0; i < 6; i++) {
        const { values } = await ppo.update();
        expect(Math.abs(values.approxKl!)).toBeLessThan(1e-6);
        expect(Math.abs(values.policyLoss!)).toBeLessThan(1e-5);
        expect(values.clipFraction).toBe(0);
        entropies.push(values.entropy!);
      }
      await ppo.release();
      // The weights did change in between.
      expect(new Set(entropies.map((entropy) => entropy.toFixed(4))).size).toBe(6);
    },
  );

  it("carries the memory over the border of updates, and wipes it where an episode ended", async () => {
    const { engine: recording, rollouts, updates } = recordingEngine();
    const ppo = await create({ engine: recording, config: { minibatchSize: 64, updateEpochs: 1, numSteps: 8 } });
    for (let i = 0; i < 2; i++) await ppo.update();
    await ppo.release();
    // Eight steps and one beyond in each update. Episodes end after the steps 4 and 9 (from 0); the last of the first update is step 7.
    expect(rollouts).toHaveLength(18);
    const memoryIn = (run: number) => [...rollouts[run]!.feeds.memory!.data].map(Number);
    const memoryOut = (run: number) => [...rollouts[run]!.outputs.nextMemory!.data].map(Number);
    for (const run of [0, 5]) expect(memoryIn(run).every((value) => value === 0)).toBe(true);
    for (const run of [1, 2, 3, 4, 6, 7, 8]) expect(memoryIn(run)).toEqual(memoryOut(run - 1));
    // The step beyond sees the memory with which the next update begins.
    expect(memoryIn(9)).toEqual(memoryIn(8));
    expect(memoryIn(11).every((value) => value === 0)).toBe(true);
    const sorted = (values: Iterable<number | bigint>) => [...values].map(Number).sort((a, b) => a - b);
    expect(sorted(updates[1]!.feeds.memory!.data)).toEqual(sorted(memoryIn(9)));
    // The first sequence keeps its memory but at step 5; the second begins with step 8 and an episode at step 10.
    const keptSteps = (update: number) => Array.from({ length: 8 }, (_, t) => Number(updates[update]!.feeds.keep!.data[t * 8]));
    expect(keptSteps(0)).toEqual([1, 1, 1, 1, 1, 0, 1, 1]);
    expect(keptSteps(1)).toEqual([1, 1, 0, 1, 1, 1, 1, 0]);
  });

  it("uses the whole sequence of every environment once in each epoch", async () => {
    const { engine: recording, updates } = recordingEngine();
    const ppo = await create({ engine: recording });
    await ppo.update();
    await ppo.release();
    expect(updates).toHaveLength(8);
    const sequences = (epoch: readonly Run[]) =>
      epoch
        .flatMap(({ feeds }) =>
          [0, 1].map((row) =>
            Array.from({ length: 8 }, (_, t) => [
              ...feeds.active!.data.slice((t * 2 + row) * 2, (t * 2 + row) * 2 + 2),
              feeds.actions!.data[t * 2 + row],
              feeds.oldLogProbs!.data[t * 2 + row],
              feeds.returns!.data[t * 2 + row],
            ]).join(" "),
          ),
        )
        .sort();
    expect(sequences(updates.slice(0, 4))).toEqual(sequences(updates.slice(4)));
    expect(new Set(sequences(updates.slice(0, 4))).size).toBe(8);
  });

  it("is computed by the engine as in float64, on what training feeds it", async () => {
    const { engine: recording, updates } = recordingEngine();
    const ppo = await create({ engine: recording });
    for (let i = 0; i < 2; i++) await ppo.update();
    await ppo.release();
    const { feeds, outputs } = updates[15]!;
    const exact = interpret(recurrentUpdateGraph(networks.gru, small, 2), feeds as Parameters<typeof interpret>[1]);
    for (const [name, { data }] of Object.entries(exact)) {
      expect(largestDifference(data, Array.from(outputs[name]!.data, Number))).toBeLessThan(1e-4);
    }
  });

  it("gives bit-identical weights for the same seed and others for another", async () => {
    const after = async (seed: number) => {
      const ppo = await create({ seed });
      for (let i = 0; i < 3; i++) await ppo.update();
      await ppo.release();
      return ppo.parameters;
    };
    const [one, same, other] = [await after(1), await after(1), await after(2)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it("continues from a snapshot in the middle of episodes, stored as vectors and JSON, to bit-identical weights", async () => {
    const ppo = await create();
    for (let i = 0; i < 2; i++) await ppo.update();
    const snapshot = ppo.snapshot();
    const stored = { tensors: structuredClone(snapshot.tensors), json: JSON.stringify(snapshot.state) };
    const copy = structuredClone(snapshot);
    const uninterrupted = [await ppo.update(), await ppo.update()];
    expect(snapshot).toEqual(copy);
    const other = await create({ seed: 5 });
    await other.update();
    other.restore({ tensors: stored.tensors, state: JSON.parse(stored.json) });
    expect([await other.update(), await other.update()]).toEqual(uninterrupted);
    expect(other.parameters).toEqual(ppo.parameters);
    expect(other.snapshot()).toEqual(ppo.snapshot());
    await ppo.release();
    await other.release();
  });

  it("refuses the snapshot of another optimizer", async () => {
    const ppo = await create();
    const { tensors, state } = ppo.snapshot();
    const { memory: _, ...others } = tensors;
    for (const wrong of [
      { tensors: others, state },
      { tensors: { ...tensors, parameters: new Float32Array(3) }, state },
      { tensors, state: { generation: 4 } },
      { tensors, state: { ...(state as object), environment: {} } },
    ]) {
      expect(() => ppo.restore(wrong)).toThrow(expect.objectContaining({ code: "invalid-checkpoint" }));
    }
    await ppo.release();
  });

  it("fails on losses that are no numbers", async () => {
    const exploding = await create({ config: { learningRate: 1e30 } });
    await expect(exploding.update()).rejects.toMatchObject({ code: "unconverged" });
    await exploding.release();
  });
});

/** Every step is rewarded with 1, and for every second episode, by chance, the last one: its end, or where it is cut off. */
function tossedUp(numEnvs: number, kind: 1 | 2): Environment {
  const prng = Prng.fromSeed(7);
  const ended = new Uint8Array(numEnvs);
  return {
    numEnvs,
    maxActive: 1,
    rewards: new Float32Array(numEnvs).fill(1),
    ended,
    beyond: new Int32Array(numEnvs),
    observe: (out) => {
      out.fill(0);
    },
    step: () => {
      for (let env = 0; env < numEnvs; env++) ended[env] = prng.uniform() < 0.5 ? kind : 0;
    },
    takeTotals: () => ({ episodes: 0, returnSum: 0 }),
    snapshot: () => null,
    restore: () => {},
  };
}

describe.each(["Ppo", "RecurrentPpo"] as const)("the mean value that %s learns", (name) => {
  it.each([
    { kind: 1, is: "1 / (1 − γ/2) where every second step ends its episode", worth: 4 / 3 },
    { kind: 2, is: "1 / (1 − γ) where every second step only cuts it off", worth: 2 },
  ] as const)("is $is", async ({ kind, worth }) => {
    const { engine: recording, rollouts } = recordingEngine();
    const config = { ...small, numEnvs: 64, minibatchSize: 512, gamma: 0.5, learningRate: 0.03, totalTimesteps: 512 * 200 };
    const place = { inputSize: 1, observationShape: [1], actionCount: 2 };
    const options = { engine: recording, environment: tossedUp(64, kind), config, prng: Prng.fromSeed(1) };
    const optimizer =
      name === "Ppo"
        ? await Ppo.create({ ...options, network: mlp({ kind: "mlp", hidden: [4] }, place) })
        : await RecurrentPpo.create({ ...options, network: gru({ kind: "gru", embed: 4, hidden: 4 }, place) });
    while (!optimizer.isDone) await optimizer.update();
    await optimizer.release();
    const values = rollouts.slice(-8).flatMap(({ outputs }) => Array.from(outputs.value!.data, Number));
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - worth)).toBeLessThan(0.05);
  });
});
