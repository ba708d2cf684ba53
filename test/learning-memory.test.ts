// Whether memory is learned: a GRU with recurrent PPO recalls a cue over a dozen steps of other symbols, and a network without memory cannot.

import { describe, expect, it } from "vitest";
import { Prng } from "../src/core/base/prng.ts";
import { gru } from "../src/core/nets/gru.ts";
import { mlp } from "../src/core/nets/mlp.ts";
import type { BaseOptimizer } from "../src/core/optimizers/base-optimizer.ts";
import { Ppo, type PpoConfig } from "../src/core/optimizers/ppo.ts";
import { RecurrentPpo } from "../src/core/optimizers/recurrent-ppo.ts";
import { CueRecall } from "../src/core/optimizers/tasks/cue-recall.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const engine = await createOnnxEngine();
const seeds = [1, 2, 3, 4, 5];
/** Shown at the first of sixteen steps and asked for at the last; chance is one in four. */
const [symbols, steps] = [4, 16];

const config: PpoConfig = {
  totalTimesteps: 260_000,
  numEnvs: 64,
  numSteps: 2 * steps,
  updateEpochs: 4,
  minibatchSize: 16 * 2 * steps,
  gamma: 0.97,
  gaeLambda: 0.95,
  learningRate: 2.5e-3,
  finalLearningRateShare: 0.1,
  clipCoef: 0.2,
  entCoef: 0.01,
  finalEntCoefShare: 0,
  vfCoef: 0.5,
  maxGradNorm: 0.5,
};
/** Updates at the end of a run over which the share of right answers is taken: 1,280 episodes. */
const measuredUpdates = 10;

function prepare(kind: "gru" | "mlp", seed: number): Promise<BaseOptimizer> {
  const prng = Prng.fromSeed(seed);
  const environment = new CueRecall({ numEnvs: config.numEnvs, symbols, steps, prng: prng.fork("environment") });
  const { inputSize, actionCount } = environment;
  const shape = { inputSize, observationShape: [inputSize], actionCount };
  const options = { engine, environment, config, prng: prng.fork("ppo") };
  return kind === "gru"
    ? RecurrentPpo.create({ ...options, network: gru({ kind, embed: 32, hidden: 32 }, shape) })
    : Ppo.create({ ...options, network: mlp({ kind, hidden: [32, 32] }, shape) });
}

/** Shares of right answers, actions sampled, in the first update and over the last. */
async function train(kind: "gru" | "mlp", seed: number) {
  const optimizer = await prepare(kind, seed);
  const shares: number[] = [];
  while (!optimizer.isDone) shares.push((await optimizer.update()).meanReturn!);
  await optimizer.release();
  const last = shares.slice(-measuredUpdates);
  return { first: shares[0]!, last: last.reduce((sum, share) => sum + share, 0) / last.length };
}

async function trainAll(kind: "gru" | "mlp") {
  const results = [];
  for (const seed of seeds) results.push(await train(kind, seed));
  const spread = results.map(({ last }) => last.toFixed(3)).join(", ");
  return { results, spread };
}

describe("a cue shown at step 1 and asked for at step 16", () => {
  // Measured over seeds 1 to 5: 99.8%, 99.6%, 99.8%, 99.7%, 99.3%; first above 97% after 82,000 to 141,000 steps.
  it("is recalled by a GRU trained with recurrent PPO, right in 95% of episodes with each of five seeds", async () => {
    const { results, spread } = await trainAll("gru");
    expect(Math.max(...results.map(({ first }) => first))).toBeLessThan(0.4);
    expect(Math.min(...results.map(({ last }) => last)), `right answers ${spread}`).toBeGreaterThanOrEqual(0.95);
  });

  it("is guessed by a network without memory, right in one of four", async () => {
    const { results, spread } = await trainAll("mlp");
    // Five standard deviations of the share of 1,280 answers that are right with probability 1/4.
    const tolerance = 5 * Math.sqrt((0.25 * 0.75) / (measuredUpdates * config.numEnvs * 2));
    for (const { last } of results) expect(Math.abs(last - 0.25), `right answers ${spread}`).toBeLessThan(tolerance);
  });
});
