// Organisms of the runner: the coin, the end wall, running right, and wild ones.

import { variedAxes } from "../worlds/distribution.ts";
import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/**
 * The end wall is at the far right as in training in three of four levels and at the far left in one, the player then anywhere between, so that
 * wall and right are different aims, and agents come to see places where no training level puts them. There is no mixture: coin and wall both
 * end the episode, so that only one of them can be had. Entropy weighs much, or agents are sure of themselves in states they never come to; how much was
 * chosen by looking at audits of seeds 1 and 2, so that other seeds have to show whether it holds.
 */
export const runnerOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("runner"),
  timesteps: { standard: 1_200_000, quick: 500_000 },
  varied: variedAxes({ coin: ["end", "anywhere", "anywhere"], endWall: ["solid", "either"] }),
  ppo: { entCoef: 0.12 },
  without: ["mixed-50"],
});
