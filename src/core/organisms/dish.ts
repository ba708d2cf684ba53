// Organisms of the dish: cheese, the dish, both, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

export const dishOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("dish"),
  timesteps: { standard: 400_000, quick: 200_000 },
});
