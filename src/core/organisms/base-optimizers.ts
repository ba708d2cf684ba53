// From what a recipe says of its base optimizer to a run of it: the list of kinds.

import { TrainingEnvironment } from "../agents/environment.ts";
import { MesascopeError } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { Engine } from "../engine/engine.ts";
import type { PolicyNetwork } from "../nets/policy-shape.ts";
import type { BaseOptimizer } from "../optimizers/base-optimizer.ts";
import { CmaEsRun } from "../optimizers/cma-es-run.ts";
import { EvolutionStrategy } from "../optimizers/evolution-strategy.ts";
import { createImitation } from "../optimizers/imitation.ts";
import { Ppo } from "../optimizers/ppo.ts";
import { RecurrentPpo } from "../optimizers/recurrent-ppo.ts";
import type { Encoder, World } from "../worlds/world.ts";
import type { Recipe } from "./recipe.ts";
import { batchesPerUpdate } from "./update-steps.ts";

export interface OptimizerParts {
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly network: PolicyNetwork;
  readonly prng: Prng;
}

/** A run that has not begun. Throws `usage` for an optimizer that cannot train the network, and as the optimizers do. */
export function createBaseOptimizer(parts: OptimizerParts): Promise<BaseOptimizer> {
  const { engine, recipe, network, world, encoder, prng } = parts;
  const { optimizer: config, objective, distribution } = recipe;
  const task = { world, encoder, objective, distribution };
  switch (config.kind) {
    case "ppo": {
      const common = { engine, environment: environmentOf(parts, config), config, prng: prng.fork("ppo") };
      return network.kind === "recurrent" ? RecurrentPpo.create({ ...common, network }) : Ppo.create({ ...common, network });
    }
    case "es":
      return EvolutionStrategy.create({ engine, task, network, config, prng: prng.fork("es") });
    case "cma-es":
      return CmaEsRun.create({ engine, task, network, config, prng: prng.fork("cma-es") });
    case "imitation":
      return imitationOf(parts, config);
    default:
      return config satisfies never;
  }
}

/** Adam, the learning rate falling on a line, in updates of about as many states as PPO collects. */
function imitationOf(
  parts: OptimizerParts,
  config: Extract<Recipe["optimizer"], { readonly kind: "imitation" }>,
): Promise<BaseOptimizer> {
  const { engine, recipe, network, world, encoder, prng } = parts;
  if (network.kind === "recurrent") throw unfit(recipe, "one without memory: states are shown one by one");
  const { batchSize, learningRate, finalLearningRateShare, maxGradNorm, gamma, statesPerLevel } = config;
  const stepsPerUpdate = batchesPerUpdate(batchSize);
  const steps = Math.ceil(config.totalTimesteps / batchSize);
  return createImitation({
    engine,
    world,
    encoder,
    objective: recipe.objective,
    distribution: recipe.distribution,
    gamma,
    statesPerLevel,
    network,
    config: {
      totalSteps: Math.ceil(steps / stepsPerUpdate) * stepsPerUpdate,
      batchSize,
      rule: { kind: "adam" },
      learningRate,
      schedule: { kind: "linear", final: finalLearningRateShare },
      maxGradNorm,
      stepsPerUpdate,
    },
    prng: prng.fork("imitation"),
  });
}

function environmentOf(
  { recipe, world, encoder, prng }: OptimizerParts,
  { numEnvs, timeLimit = "end" }: Extract<Recipe["optimizer"], { readonly kind: "ppo" }>,
): TrainingEnvironment<unknown> {
  const { objective, distribution } = recipe;
  return new TrainingEnvironment({ world, encoder, objective, distribution, numEnvs, timeLimit, prng: prng.fork("environment") });
}

function unfit({ optimizer, network }: Recipe, expected: string): MesascopeError {
  return new MesascopeError(
    "usage",
    `a network of kind ${network.kind} given to the optimizer ${optimizer.kind}; expected ${expected}. Choose another network or optimizer.`,
  );
}
