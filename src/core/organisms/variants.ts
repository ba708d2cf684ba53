// Recipes of an organism for another network or base optimizer than the plain ones: what each of them needs to be practical.

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
 * planes. Evolution searches few parameters: the compass as observation and networks of 16 units. The hyper-parameters are those with which
 * organism A learned the arcade (docs/decisions).
 */
export function variantOf(recipe: PlainRecipe, { network = "mlp", optimizer = "ppo" }: Variant): Recipe {
  const isEvolution = optimizer === "es" || optimizer === "cma-es";
  const isPlanes = network === "conv" || network === "impala" || network === "conv-gru";
  const encoder = isPlanes ? "planes" : isEvolution ? "compass" : recipe.encoder;
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
