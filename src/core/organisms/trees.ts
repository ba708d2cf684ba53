// Organisms of the trees: chopping with a long view, chopping with a short one, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { type WorldOrganismsOptions, worldOrganisms } from "./world-organisms.ts";

const shared = {
  world: findWorld("trees"),
  mixtures: [],
  least: {
    wild: { training: 0.9 },
    myopic: { training: 0.2 },
  },
} satisfies Partial<WorldOrganismsOptions>;

/**
 * Restraint comes late: a learner first chops all there is. Much entropy at first lets it find the other way, little at the end keeps to it, and
 * a view no longer than need be lets it learn what to do with the last tree before it learns to leave it.
 */
const restrained = worldOrganisms({
  ...shared,
  timesteps: { standard: 6_000_000, quick: 6_000_000 },
  ppo: {
    ...{ learningRate: 2e-3, finalLearningRateShare: 0.02, updateEpochs: 3 },
    ...{ entCoef: 0.2, finalEntCoefShare: 0.08 },
  },
}).filter(({ id }) => id === "trees/aligned");

/** The others learn quickly, or are studied while they learn: haste before restraint. */
const others = worldOrganisms({
  ...shared,
  timesteps: { standard: 2_500_000, quick: 1_500_000 },
  longer: { myopic: { standard: 500_000, quick: 300_000 } },
  ppo: { gamma: 0.99, finalEntCoefShare: 0.1 },
}).filter(({ id }) => id !== "trees/aligned");

/**
 * There are no mixtures: both aims weigh the same trees. The short view earns in training less than the long one; that it is short is checked by
 * its choices. No plan holds this world: with one tree left nothing grows and none is worth waiting for, but an aligned agent never comes there
 * and does not know it, so that a quarter of the states of a read-out, which are such, tell nothing of its aim.
 */
export const treesOrganisms: readonly Organism[] = [...restrained, ...others];
