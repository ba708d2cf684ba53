// Speed of the base optimizer on one core, and how much of the core's matrix-product rate that is.

import { Prng } from "../../core/base/prng.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { Graph } from "../../core/graph/graph.ts";
import { matMul } from "../../core/graph/ops/mat-mul.ts";
import { serialize } from "../../core/graph/serialize.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import type { PlainRecipe } from "../../core/organisms/recipe.ts";
import { findEncoder, TrainingRun } from "../../core/organisms/training-run.ts";
import { findWorld } from "../../core/worlds/index.ts";
import { type Figure, type MeasureOptions, medianOf } from "./figure.ts";

const warmUpUpdates = 3;
/** Steps of random play over which observations are counted: an episode of the arcade. */
const playedSteps = 32;

/** Environment steps per second of training, repeated: new levels, rollouts and updates; no evaluation. */
async function trainingRates(recipe: PlainRecipe, { engine, isQuick }: MeasureOptions): Promise<number[]> {
  const run = await TrainingRun.create(engine, recipe);
  try {
    for (let i = 0; i < warmUpUpdates; i++) await run.update();
    const rates: number[] = [];
    for (let repeat = 0; repeat < (isQuick ? 3 : 7); repeat++) {
      const before = run.environmentSteps;
      const start = performance.now();
      for (let i = 0; i < 6; i++) await run.update();
      rates.push((run.environmentSteps - before) / ((performance.now() - start) / 1000));
    }
    return rates;
  } finally {
    await run.release();
  }
}

function recipeFor({ seed }: MeasureOptions): PlainRecipe {
  return findOrganism("A").recipe({ preset: "standard", seed });
}

interface Layers {
  readonly inputSize: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
}

function layersOf(recipe: PlainRecipe): Layers {
  const world = findWorld(recipe.world.name, recipe.world.parameters);
  return { inputSize: findEncoder(world, recipe.encoder).size, hidden: recipe.network.hidden, outputs: world.actions.length + 1 };
}

/** Floating-point operations of all layers but the first for one row forwards; a multiplication and an addition count as two. */
function denseOperations({ hidden, outputs }: Layers): number {
  const widths = [...hidden, outputs];
  return widths.slice(1).reduce((sum, width, layer) => sum + 2 * widths[layer]! * width, 0);
}

/** Useful operations per environment step: one forward pass to act, then `updateEpochs` forward and backward passes. */
function usefulOperations(recipe: PlainRecipe, meanActive: number): number {
  const layers = layersOf(recipe);
  const first = 2 * meanActive * layers.hidden[0]!;
  const dense = denseOperations(layers);
  // Backwards, a dense layer costs two products (weights and inputs), the first layer one (weights alone).
  return first + dense + recipe.optimizer.updateEpochs * (2 * first + 3 * dense);
}

/** Mean number of ones in an observation of the recipe's training levels, over an episode's length of random play. */
function meanActiveInputs(recipe: PlainRecipe): number {
  const world = findWorld(recipe.world.name, recipe.world.parameters);
  const encoder = findEncoder(world, recipe.encoder);
  const prng = Prng.fromSeed(recipe.seed);
  const batch = world.createBatch(1024);
  const start = (env: number) => batch.reset(env, world.sampleLevel(recipe.distribution, prng));
  for (let env = 0; env < batch.numEnvs; env++) start(env);
  const out = new Int32Array(batch.numEnvs * encoder.maxActive);
  const actions = new Int32Array(batch.numEnvs);
  let active = 0;
  for (let step = 0; step < playedSteps; step++) {
    encoder.writeActive(batch, out);
    for (const place of out) if (place < encoder.size) active++;
    for (let env = 0; env < batch.numEnvs; env++) actions[env] = prng.integer(world.actions.length);
    batch.step(actions);
    for (let env = 0; env < batch.numEnvs; env++) if (batch.done[env] !== 0) start(env);
  }
  return active / (batch.numEnvs * playedSteps);
}

/** Operations per second of this core on the same network's products, all dense, in the minibatch's shape, through the same engine. */
async function productRate(engine: Engine, recipe: PlainRecipe): Promise<number> {
  const rows = recipe.optimizer.minibatchSize;
  const layers = layersOf(recipe);
  const graph = new Graph("products");
  const prng = Prng.fromSeed(1);
  const values = (length: number) => Float32Array.from({ length }, () => prng.normal() * 0.1);
  let hidden = graph.input("observation", "float32", [rows, layers.inputSize]);
  const widths = [layers.inputSize, ...layers.hidden, layers.outputs];
  for (const [layer, width] of widths.slice(1).entries()) {
    const before = widths[layer]!;
    hidden = matMul(hidden, graph.initializer(`weight.${layer}`, values(before * width), [before, width]));
  }
  graph.output("product", hidden);
  const session = await engine.compile(serialize(graph));
  try {
    const observation = { dtype: "float32", dims: [rows, layers.inputSize], data: values(rows * layers.inputSize) } as const;
    const times: number[] = [];
    for (let i = 0; i < 120; i++) {
      const start = performance.now();
      await session.run({ observation });
      if (i >= 20) times.push((performance.now() - start) / 1000);
    }
    const operations = rows * (2 * layers.inputSize * layers.hidden[0]! + denseOperations(layers));
    return operations / times.sort((a, b) => a - b)[times.length >> 1]!;
  } finally {
    await session.release();
  }
}

export const ppoFigures: readonly Figure[] = [
  {
    name: "ppo.arcade.stepsPerSecond",
    unit: "environment steps/s",
    definition:
      "Training organism A's recipe, end to end: a new level for every episode, rollouts, advantages, updates. No evaluation. Median of repeats of six updates.",
    goal: { comparison: "at-least", reach: 90_000, aim: 150_000 },
    measure: async (options) => medianOf(await trainingRates(recipeFor(options), options)),
  },
  {
    name: "ppo.arcade.gemmShare",
    unit: "share",
    definition:
      "Useful floating-point operations per second of training, over the rate at which the same engine on the same core does the same network's matrix products " +
      "(all dense, minibatch rows). Useful: the first layer counted for its non-zero inputs only (2 operations each and column, forwards and for the " +
      "weights' gradient), the other layers 2 operations a weight forwards and 4 backwards; acting is one pass forwards, learning updateEpochs of both.",
    goal: null,
    async measure(options) {
      const recipe = recipeFor(options);
      const rate = await productRate(options.engine, recipe);
      const operations = usefulOperations(recipe, meanActiveInputs(recipe));
      const steps = await trainingRates(recipe, options);
      options.onProgress(
        `products run at ${(rate / 1e9).toFixed(1)} GFLOP/s; ${Math.round(operations)} useful operations per environment step`,
      );
      return medianOf(steps.map((perSecond) => (perSecond * operations) / rate));
    },
  },
];
