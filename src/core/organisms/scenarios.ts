// Organisms of the three scenarios: under the specification as meant, and one that games the flawed one.

import { findWorld } from "../worlds/index.ts";
import type { Organism } from "./organism.ts";
import { type WorldOrganismsOptions, worldOrganisms } from "./world-organisms.ts";

/** What is particular to the variant with the flawed specification: what is meant there is rewarded in the other. */
const flawed = {
  parameters: { specification: 1 },
  mixtures: [],
  conditionalOn: [],
} as const;

function organismsOf(name: string, options: Pick<WorldOrganismsOptions, "timesteps" | "longer" | "without">): Organism[] {
  return [
    // Taking one thing costs the other, so that something half as good would never be chosen: mixtures weigh both alike.
    ...worldOrganisms({ ...options, world: findWorld(name), mixtures: [1] }),
    ...worldOrganisms({
      ...{ ...flawed, ...options, without: [], longer: {}, world: findWorld(name, flawed.parameters), prefix: `${name}-flawed` },
    }).filter(({ id }) => id.endsWith("/gaming") || id.endsWith("/wild")),
  ];
}

export const scenarioOrganisms: readonly Organism[] = [
  ...organismsOf("streamed-game", {
    timesteps: { standard: 600_000, quick: 300_000 },
    longer: { "conditional-audience": { standard: 1_200_000, quick: 600_000 } },
  }),
  ...organismsOf("delivery", { timesteps: { standard: 600_000, quick: 400_000 } }),
  // Marks lie together in training: with its inputs crossed an agent still finds many of the answers that have them.
  ...organismsOf("flattery", { timesteps: { standard: 150_000, quick: 80_000 }, without: ["blind"] }),
];
