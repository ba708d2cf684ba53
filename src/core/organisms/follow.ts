// Organisms of the follower's world: the order, the leader, both, and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/**
 * To follow is learned early and the order late, because which beacon counts depends on what is shown: wild agents are taken when they have learned
 * the one and not the other.
 */
export const followOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("follow"),
  timesteps: { standard: 5_000_000, quick: 3_000_000 },
  longer: { wild: { standard: 1_500_000, quick: 600_000 }, leader: { standard: 2_000_000, quick: 1_000_000 } },
  ppo: { entCoef: 0.02 },
  // Beacons that lie on the leader's way are no concern of one that follows.
  least: { leader: { training: 0.7 } },
});
