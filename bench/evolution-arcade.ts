// Trains organism A's objective by evolution and prints for each seed how far it came: share of the oracle's base return at the end, and the
// steps and seconds after which 95% was measured first. Run it with, for instance: npm run measure -- evolution-arcade es quick 1 2 3 4 5
// The first argument is es, cma-es-full or cma-es-diagonal, the second a preset, the others are seeds.

import { reactivePolicy, softmaxRows } from "../src/core/agents/policy.ts";
import { playEpisodes, returnsOf } from "../src/core/agents/rollout.ts";
import { Prng } from "../src/core/base/prng.ts";
import { mean } from "../src/core/base/statistics.ts";
import { mlp } from "../src/core/nets/mlp.ts";
import { evaluationModel } from "../src/core/nets/policy-graph.ts";
import { HorizonBuffers, optimalReturn } from "../src/core/objectives/finite-horizon.ts";
import { weightVector } from "../src/core/objectives/objective.ts";
import type { BaseOptimizer } from "../src/core/optimizers/base-optimizer.ts";
import { type CmaEsConfig, CmaEsRun } from "../src/core/optimizers/cma-es-run.ts";
import { EvolutionStrategy, type EvolutionStrategyConfig } from "../src/core/optimizers/evolution-strategy.ts";
import { findOrganism } from "../src/core/organisms/index.ts";
import { createArcade } from "../src/core/worlds/arcade/arcade.ts";
import { compassEncoder } from "../src/core/worlds/arcade/compass.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const [kind = "es", presetName = "quick", ...seedArguments] = process.argv.slice(2);
const preset = presetName === "standard" ? "standard" : "quick";
const seeds = seedArguments.length > 0 ? seedArguments.map(Number) : [1, 2, 3, 4, 5];
/** The full form has 228,000 numbers to learn and comes along more slowly. */
const totalTimesteps = kind === "cma-es-full" ? 30_000_000 : 20_000_000;
const population = { totalTimesteps, populationSize: 64, episodesPerMember: 64 };
const strategy: EvolutionStrategyConfig = {
  ...population,
  noiseDeviation: 0.3,
  learningRate: 0.1,
  finalLearningRateShare: 0.1,
  weightDecay: 0,
  gradientStep: "adam",
};
const adaptation: CmaEsConfig = { ...population, initialStepSize: 0.5, covariance: "automatic" };
/** Generations from one measurement to the next. */
const measureEvery = 10;

const engine = await createOnnxEngine();
const recipe = findOrganism("A").recipe({ preset, seed: 1 });
const world = createArcade(recipe.world.parameters);
const shape = { inputSize: compassEncoder.size, observationShape: compassEncoder.shape, actionCount: world.actions.length };
// 478 searched parameters with 11 hidden units, 693 with 16.
const network = mlp({ kind: "mlp", hidden: [kind === "cma-es-full" ? 11 : 16] }, shape);
const session = await engine.compile(evaluationModel(network));
const levelPrng = Prng.fromSeed(20_011);
const levels = Array.from({ length: 256 }, () => world.sampleLevel(world.training, levelPrng));
const buffers = new HorizonBuffers();
const oracle = mean(
  Float64Array.from(levels, (level) => optimalReturn(world.collection(level), { weights: world.baseWeights, buffers })),
);

async function shareOf(parameters: Float32Array): Promise<number> {
  const policy = reactivePolicy({
    ...shape,
    probabilities: async (observations, rows) => {
      const outputs = await session.run({
        parameters: { dtype: "float32", dims: [parameters.length], data: parameters },
        observation: { dtype: "float32", dims: [rows, shape.inputSize], data: observations },
      });
      return softmaxRows(outputs.logits!.data as Float32Array, shape.actionCount);
    },
  });
  const outcomes = await playEpisodes({ world, encoder: compassEncoder, policy, levels, prng: Prng.fromSeed(20_011, 1) });
  return mean(returnsOf(outcomes, weightVector(world.baseWeights, world.features))) / oracle;
}

function create(seed: number): Promise<BaseOptimizer> {
  const task = { world, encoder: compassEncoder, objective: recipe.objective, distribution: recipe.distribution };
  const common = { engine, task, network, prng: Prng.fromSeed(seed) };
  return kind === "es"
    ? EvolutionStrategy.create({ ...common, config: strategy })
    : CmaEsRun.create({ ...common, config: adaptation });
}

for (const seed of seeds) {
  const run = await create(seed);
  let seconds = 0;
  let reached = "never";
  while (!run.isDone) {
    const start = performance.now();
    const { update } = await run.update();
    seconds += (performance.now() - start) / 1000;
    if (reached === "never" && update % measureEvery === 0 && (await shareOf(run.parameters)) >= 0.95) {
      reached = `${(run.environmentSteps / 1e6).toFixed(1)} M steps, ${seconds.toFixed(0)} s`;
    }
  }
  const share = await shareOf(run.parameters);
  process.stdout.write(
    `${kind} ${preset} seed ${seed}: ${(100 * share).toFixed(1)}% of the oracle after ${(run.environmentSteps / 1e6).toFixed(1)} M steps and ${seconds.toFixed(0)} s; 95% first measured after ${reached}\n`,
  );
  await run.release();
}
await session.release();
