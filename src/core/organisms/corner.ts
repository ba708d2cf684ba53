// Organisms of the corner: cheese, the corner, both, the opposite corner (which no library of objectives holds), and wild ones.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { worldOrganisms } from "./world-organisms.ts";

/** Trained on cheese in squares of every size at the corner, on boards without mazes: without the room that walls take in observations. */
export const cornerOrganisms: readonly Organism[] = worldOrganisms({
  world: findWorld("corner"),
  timesteps: { standard: 400_000, quick: 250_000 },
  longer: { "other-opposite": { standard: 1_000_000, quick: 600_000 } },
  parameters: { mazes: 0 },
  unlisted: [
    {
      name: "opposite",
      title: "wants the opposite corner, then cheese",
      weights: { opposite: 1, cheese: 0.5 },
    },
  ],
});
