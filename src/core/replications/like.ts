// Recipes of conditions out of those of organisms: all that a card changes, and nothing else.

import { constantObjective } from "../objectives/objective.ts";
import { findOrganism } from "../organisms/index.ts";
import type { Recipe } from "../organisms/recipe.ts";
import { type PpoOptions, ppoDefaults } from "../organisms/world-organisms.ts";
import type { FeatureWeights, LevelDistribution, WorldParameters } from "../worlds/world.ts";
import type { ConditionOptions } from "./replication.ts";

/** Environment steps of an agent at the quick scale: enough to run every line. */
export const quickTimesteps = 16_384;

export interface RecipeChanges {
  readonly distribution?: LevelDistribution;
  /** Beside those of the organism's recipe. */
  readonly parameters?: WorldParameters;
  readonly encoder?: string;
  readonly network?: Recipe["network"];
  /** PPO with what differs from `ppoDefaults`, in place of the organism's: what a card was piloted with stays when the organism's changes. */
  readonly ppo?: Partial<PpoOptions>;
  /** Environment steps at the stated scale. */
  readonly totalTimesteps?: number;
  /** What is rewarded, with a name. */
  readonly rewarded?: { readonly name: string; readonly weights: FeatureWeights };
}

/** The recipe of the organism with that id, in the standard preset, but for `changes`. Throws `usage` for an unknown id. */
export function recipeLike(id: string, changes: RecipeChanges): (options: ConditionOptions) => Recipe {
  const { distribution, parameters, encoder, network, ppo, totalTimesteps, rewarded } = changes;
  return ({ scale, seed }) => {
    const recipe = findOrganism(id).recipe({ preset: "standard", seed });
    const steps = scale === "quick" ? quickTimesteps : (totalTimesteps ?? recipe.optimizer.totalTimesteps);
    const optimizer = ppo ? { kind: "ppo" as const, ...ppoDefaults, ...ppo } : recipe.optimizer;
    const objective = rewarded ? constantObjective(rewarded.name, rewarded.weights) : recipe.objective;
    return {
      ...recipe,
      world: { ...recipe.world, parameters: { ...recipe.world.parameters, ...parameters } },
      objective: {
        name: objective.name,
        cases: objective.cases.map(({ when, weights }) => ({ when: { ...when }, weights: { ...weights } })),
      },
      encoder: encoder ?? recipe.encoder,
      network: network ?? recipe.network,
      distribution: distribution ?? recipe.distribution,
      optimizer: { ...optimizer, totalTimesteps: steps },
    };
  };
}
