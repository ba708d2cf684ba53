// Organisms of the monsters' world: apples, shields, both, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

export const monstersOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("monsters"),
  timesteps: { standard: 2_000_000, quick: 800_000 },
  ppo: { timeLimit: "cut" },
});
