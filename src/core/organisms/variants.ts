// Recipes of an organism for another network or base optimizer than the plain ones, and with other hyper-parameters: what each of them
// needs to be practical.

import { Prng } from "../base/prng.ts";
import { findWorld } from "../worlds/index.ts";
import type { PlainRecipe, Recipe } from "./recipe.ts";

export type NetworkKind = Recipe["network"]["kind"];
export type OptimizerKind = Recipe["optimizer"]["kind"];
export const networkKinds = ["mlp", "conv", "impala", "gru", "lstm", "conv-gru"] as const satisfies readonly NetworkKind[];
export const optimizerKinds = ["ppo", "es", "cma-es", "imitation"] as const satisfies readonly OptimizerKind[];

/** What is asked for in place of an MLP and PPO. */
export interface Variant {
  readonly network?: NetworkKind;
  readonly optimizer?: OptimizerKind;
}

/**
 * The same organism made with another network or base optimizer; world, objective, distribution and seed stay. Convolutional networks read
 * planes. Evolution searches few parameters: the compass as observation, where the world has one, and networks of 16 units. The hyper-parameters are those with which
 * organism A learned the arcade (docs/decisions).
 */
export function variantOf(recipe: PlainRecipe, { network = "mlp", optimizer = "ppo" }: Variant): Recipe {
  const isEvolution = optimizer === "es" || optimizer === "cma-es";
  const isPlanes = network === "conv" || network === "impala" || network === "conv-gru";
  const isThere = (name: string) => findWorld(recipe.world.name).encoders.some((encoder) => encoder.name === name);
  const encoder = isPlanes ? "planes" : isEvolution && isThere("compass") ? "compass" : recipe.encoder;
  return {
    ...recipe,
    encoder,
    network: networkOf(recipe, network, isEvolution),
    optimizer: optimizerOf(recipe, optimizer),
  };
}

function networkOf(recipe: PlainRecipe, kind: NetworkKind, isSmall: boolean): Recipe["network"] {
  switch (kind) {
    case "mlp":
      return isSmall ? { kind, hidden: [16] } : recipe.network;
    case "conv":
      return isSmall ? { kind, channels: [4], dense: 16 } : { kind, channels: [16, 16], dense: 64 };
    case "impala":
      return isSmall ? { kind, channels: [4], dense: 16 } : { kind, channels: [8, 16], dense: 64 };
    case "gru":
    case "lstm":
      return isSmall ? { kind, embed: 16, hidden: 16 } : { kind, embed: 64, hidden: 64 };
    case "conv-gru":
      return isSmall ? { kind, embed: 4, hidden: 4, dense: 16 } : { kind, embed: 8, hidden: 8, dense: 64 };
    default:
      return kind satisfies never;
  }
}

function optimizerOf(recipe: PlainRecipe, kind: OptimizerKind): Recipe["optimizer"] {
  // Evolution needs many times the steps of PPO, which cost it less time each: nothing is differentiated.
  const population = { populationSize: 64, episodesPerMember: 64 };
  const steps = recipe.optimizer.totalTimesteps;
  switch (kind) {
    case "ppo":
      return recipe.optimizer;
    case "es":
      return {
        kind,
        totalTimesteps: 80 * steps,
        ...population,
        noiseDeviation: 0.3,
        learningRate: 0.1,
        finalLearningRateShare: 0.1,
        weightDecay: 0,
        gradientStep: "adam",
      };
    case "cma-es":
      return { kind, totalTimesteps: 120 * steps, ...population, initialStepSize: 0.5, covariance: "automatic" };
    case "imitation":
      return {
        kind,
        totalTimesteps: steps,
        batchSize: 512,
        statesPerLevel: 16,
        gamma: recipe.optimizer.gamma,
        learningRate: 3e-3,
        finalLearningRateShare: 0.02,
        maxGradNorm: 1,
      };
    default:
      return kind satisfies never;
  }
}

/** Widths of an MLP's hidden layers that learn as well as 64, 64, where the recipe has these. */
const hiddenChoices = [[64, 64], [96, 64], [128], [64, 48, 32]] as const;

/**
 * The same recipe with hyper-parameters drawn by its seed, so that a second population owes nothing to one choice of them: hidden widths of an MLP,
 * and for PPO learning rate, discount (a horizon a quarter shorter or a third longer: in some worlds it is part of the aim), λ, entropy bonus, epochs
 * and steps (up to 1.4 times as many). What else there is stays as it is.
 */
export function withVariedHyperparameters(recipe: Recipe): Recipe {
  const prng = Prng.fromSeed(recipe.seed).fork("recipe");
  const pick = <T>(choices: readonly T[]): T => choices[prng.integer(choices.length)]!;
  const { network, optimizer } = recipe;
  const hidden = [...pick(hiddenChoices)];
  const isOneUpdate = optimizer.totalTimesteps === 1;
  return {
    ...recipe,
    network: network.kind === "mlp" && network.hidden.join() === "64,64" ? { kind: "mlp", hidden } : network,
    optimizer:
      optimizer.kind !== "ppo"
        ? optimizer
        : {
            ...optimizer,
            learningRate: optimizer.learningRate * pick([0.6, 0.8, 1, 1.2]),
            gamma: 1 - (1 - optimizer.gamma) * pick([4 / 3, 1, 3 / 4]),
            gaeLambda: pick([0.9, 0.95]),
            entCoef: optimizer.entCoef * pick([0.5, 1, 1.5]),
            updateEpochs: pick([2, 3]),
            totalTimesteps: isOneUpdate ? 1 : Math.round(optimizer.totalTimesteps * pick([1, 1.2, 1.4])),
          },
  };
}
