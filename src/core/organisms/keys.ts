// Organisms of keys and chests: chests, keys, both, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/** One that wants keys alone opens no chest but by accident: training shows that. */
export const keysOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("keys"),
  timesteps: { standard: 800_000, quick: 400_000 },
  least: { keys: { training: null } },
});
