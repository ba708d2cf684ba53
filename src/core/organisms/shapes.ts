// Organisms of the shapes: the line, what is yellow, either, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/** The first object ends the episode, so that a half-weighted color would hardly ever be chosen: the mixture weighs both alike. */
export const shapesOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("shapes"),
  timesteps: { standard: 400_000, quick: 200_000 },
  mixtures: [1],
});
