// Organisms of the pottery: the bin, the corner, both, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

export const potteryOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("pottery"),
  timesteps: { standard: 1_200_000, quick: 600_000 },
});
