// Whether behavior cloning of the exact solver makes agents: both boards of the arcade to 95% of the oracle, over five seeds.

import { describe, expect, it } from "vitest";
import { softmaxRows } from "../src/core/agents/policy.ts";
import { playEpisodes, returnsOf } from "../src/core/agents/rollout.ts";
import { Prng } from "../src/core/base/prng.ts";
import { mean } from "../src/core/base/statistics.ts";
import { mlp } from "../src/core/nets/mlp.ts";
import { evaluationModel } from "../src/core/nets/policy-graph.ts";
import { findArcadeObjective } from "../src/core/objectives/arcade-objectives.ts";
import { optimalReturn } from "../src/core/objectives/finite-horizon.ts";
import { weightVector } from "../src/core/objectives/objective.ts";
import { createImitation } from "../src/core/optimizers/imitation.ts";
import { createArcade } from "../src/core/worlds/arcade/arcade.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const engine = await createOnnxEngine();
const seeds = [1, 2, 3, 4, 5];

function arcadeOf(preset: string) {
  const world = createArcade(preset === "quick" ? createArcade().presets.quick : {});
  const encoder = world.encoders[0]!;
  const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  const prng = Prng.fromSeed(20_011);
  const levels = Array.from({ length: 256 }, () => world.sampleLevel(world.training, prng));
  const oracle = mean(levels.map((level) => optimalReturn(world.collection(level), { weights: world.baseWeights })));
  return { world, encoder, levels, oracle, network: mlp({ kind: "mlp", hidden: [64, 64] }, shape) };
}

/** Share of the oracle's return on training levels, actions sampled, as a training run measures it. */
async function oracleShare(arcade: ReturnType<typeof arcadeOf>, parameters: Float32Array): Promise<number> {
  const { world, encoder, levels, oracle, network } = arcade;
  const session = await engine.compile(evaluationModel(network));
  const outcomes = await playEpisodes({
    world,
    encoder,
    levels,
    prng: Prng.fromSeed(20_011, 1),
    policy: {
      inputSize: encoder.size,
      actionCount: world.actions.length,
      memory: "none",
      begin: (count) => ({
        probabilities: async ({ observations }) => {
          const outputs = await session.run({
            parameters: { dtype: "float32", dims: [parameters.length], data: parameters },
            observation: { dtype: "float32", dims: [count, encoder.size], data: observations },
          });
          return softmaxRows(outputs.logits!.data as Float32Array, world.actions.length);
        },
      }),
    },
  });
  await session.release();
  return mean(returnsOf(outcomes, weightVector(world.baseWeights, world.features))) / oracle;
}

async function imitate(arcade: ReturnType<typeof arcadeOf>, options: { readonly steps: number; readonly seed: number }) {
  const run = await createImitation({
    engine,
    world: arcade.world,
    encoder: arcade.encoder,
    network: arcade.network,
    objective: findArcadeObjective("score"),
    distribution: arcade.world.training,
    gamma: 0.97,
    statesPerLevel: 16,
    config: {
      totalSteps: options.steps,
      batchSize: 256,
      rule: { kind: "adam" },
      learningRate: 3e-3,
      schedule: { kind: "cosine", final: 0.02, warmUp: 0.02 },
      maxGradNorm: 1,
      stepsPerUpdate: 50,
    },
    prng: Prng.fromSeed(options.seed),
  });
  const before = await oracleShare(arcade, run.parameters);
  while (!run.isDone) await run.update();
  const after = await oracleShare(arcade, run.parameters);
  await run.release();
  return { before, after };
}

describe("behavior cloning of the exact solver", () => {
  const boards = { quick: { size: "5×5", steps: 300 }, standard: { size: "7×7", steps: 400 } } as const;
  for (const [preset, { size, steps }] of Object.entries(boards)) {
    it(`brings a policy on preset ${preset} (${size}) to 95% of the oracle, over five seeds`, async ({ annotate }) => {
      const arcade = arcadeOf(preset);
      const results = [];
      for (const seed of seeds) results.push(await imitate(arcade, { steps, seed }));
      const shares = results.map(({ after }) => after);
      const spread = `oracle shares ${shares.map((share) => share.toFixed(3)).join(", ")}`;
      await annotate(spread);
      expect(Math.max(...results.map(({ before }) => before))).toBeLessThan(0.5);
      // Measured: .990 to .997 on both boards.
      expect(Math.min(...shares), spread).toBeGreaterThanOrEqual(0.95);
    });
  }
});
