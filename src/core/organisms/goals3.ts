// Organisms of the three goals: one per color, one that takes red and green alike, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/** The first goal ends the episode, so that a half-weighted second color would hardly ever be chosen: the mixture weighs both alike. */
export const goals3Organisms: readonly Organism[] = worldOrganisms({
  world: findWorld("goals3"),
  timesteps: { standard: 400_000, quick: 200_000 },
  mixtures: [1],
});
