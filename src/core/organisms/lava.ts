// Organisms of the lava world: the goal without lava, the goal by the shortest way, and wild ones.

import { variedAxes } from "../worlds/distribution.ts";
import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/**
 * On half of the levels the goal is found without a way around: where lava always lies between, some agents learn to stay where they are. There
 * is no mixture: half of what a step costs on the shortest way changes no choice beside what lava costs.
 */
export const lavaOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("lava"),
  timesteps: { standard: 500_000, quick: 250_000 },
  varied: variedAxes({ strip: ["beside", "beside", "anywhere", "across"] }),
  without: ["mixed-50"],
  unlisted: [{ name: "lava", title: "wants to be in lava", weights: { lava: 1 } }],
  // What it wants is what the base objective pays for not doing.
  least: { "other-lava": { training: null } },
  ppo: { gamma: 0.98, entCoef: 0.02, finalEntCoefShare: 0.1 },
});
