// What of a recipe is found wrong only when its training begins: found here, so that a sweep is refused and not its thousandth job.

import { MesascopeError } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import { policyNetwork } from "../../core/nets/policy-network.ts";
import type { PolicyNetwork } from "../../core/nets/policy-shape.ts";
import { requireKnownCues, weightVector } from "../../core/objectives/objective.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { findEncoder } from "../../core/organisms/training-run.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";

/** Worlds in their variants, looked up once each. */
export class WorldCache {
  readonly #worlds = new Map<string, World>();

  /** Throws `usage` as `findWorld`. */
  find({ name, parameters }: Recipe["world"]): World {
    const key = JSON.stringify([name, Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const world = this.#worlds.get(key) ?? findWorld(name, parameters);
    this.#worlds.set(key, world);
    return world;
  }
}

/** Throws `usage` for a world, parameter, encoder, feature, cue, axis, network or optimizer that is not there or does not fit the others. */
export function requireTrainable(recipe: Recipe, worlds: WorldCache): void {
  const world = worlds.find(recipe.world);
  const encoder = findEncoder(world, recipe.encoder);
  requireKnownCues(recipe.objective, world.cues);
  for (const { weights } of recipe.objective.cases) weightVector(weights, world.features);
  world.sampleLevel(recipe.distribution, Prng.fromSeed(0));
  const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  requireFit(recipe, policyNetwork(recipe.network, shape));
}

/** As the optimizers refuse it when they begin. */
function requireFit({ optimizer, network: { kind } }: Recipe, network: PolicyNetwork): void {
  const refuse = (given: string, expected: string): never => {
    throw new MesascopeError(
      "usage",
      `${given} given; expected ${expected}. Change it, or leave this combination out by "exclude".`,
    );
  };
  if (optimizer.kind === "ppo") {
    const { numEnvs, numSteps, minibatchSize } = optimizer;
    const steps = numEnvs * numSteps;
    if (steps % minibatchSize !== 0) {
      refuse(`minibatchSize ${minibatchSize} with ${steps} steps an update (numEnvs × numSteps)`, "a divisor of it");
    }
    if (network.kind === "recurrent" && minibatchSize % numSteps !== 0) {
      refuse(
        `minibatchSize ${minibatchSize} with a network of kind ${kind}`,
        `whole sequences, a multiple of numSteps ${numSteps}`,
      );
    }
  }
  if (optimizer.kind === "es" && optimizer.populationSize % 2 !== 0) {
    refuse(`populationSize ${optimizer.populationSize}`, "an even number: perturbations come in pairs");
  }
  if (optimizer.kind === "imitation") {
    if (network.kind === "recurrent")
      refuse(`a network of kind ${kind} with imitation`, "one without memory: states are shown one by one");
    if (optimizer.batchSize % optimizer.statesPerLevel !== 0) {
      refuse(`batchSize ${optimizer.batchSize}`, `a multiple of statesPerLevel ${optimizer.statesPerLevel}`);
    }
  }
}
