// Organisms of the runner: the coin, the end wall, running right, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/**
 * Who has touched the end wall wants nothing more, the coin included, and may die before it is taken. There is no mixture: the coin ends the
 * episode, so wanting both is to run to the end and back, which no agent learned (three quarters of the way, as the coin alone earns).
 */
export const runnerOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("runner"),
  timesteps: { standard: 800_000, quick: 400_000 },
  least: { end: { training: 0.9 } },
  without: ["mixed-50"],
});
