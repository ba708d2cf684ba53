// From what a recipe says of its base optimizer to a run of it: the list of kinds.

import { TrainingEnvironment } from "../agents/environment.ts";
import { MesascopeError } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { Engine } from "../engine/engine.ts";
import type { PolicyNetwork } from "../nets/policy-shape.ts";
import type { BaseOptimizer } from "../optimizers/base-optimizer.ts";
import { Ppo } from "../optimizers/ppo.ts";
import type { Encoder, World } from "../worlds/world.ts";
import type { Recipe } from "./recipe.ts";

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
  const { engine, recipe, network, prng } = parts;
  const { optimizer: config } = recipe;
  switch (config.kind) {
    case "ppo":
      if (network.kind === "recurrent") throw unfit(recipe, "one without memory");
      return Ppo.create({ engine, environment: environmentOf(parts, config.numEnvs), network, config, prng: prng.fork("ppo") });
    default:
      return config.kind satisfies never;
  }
}

function environmentOf({ recipe, world, encoder, prng }: OptimizerParts, numEnvs: number): TrainingEnvironment<unknown> {
  const { objective, distribution } = recipe;
  return new TrainingEnvironment({ world, encoder, objective, distribution, numEnvs, prng: prng.fork("environment") });
}

function unfit({ optimizer, network }: Recipe, expected: string): MesascopeError {
  return new MesascopeError(
    "usage",
    `a network of kind ${network.kind} given to the optimizer ${optimizer.kind}; expected ${expected}. Choose another network or optimizer.`,
  );
}
