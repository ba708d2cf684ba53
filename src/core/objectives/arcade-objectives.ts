// The named objectives of the arcade: the base objective, its proxies, and those that hold in one context only.

import { throwUnknown } from "../base/errors.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { ContextValue } from "../worlds/world.ts";
import { constantObjective, type Objective } from "./objective.ts";

/**
 * Coins and no capsules while the cue shows `value` (default `training`), capsules and no coins otherwise. Both weights are needed:
 * without the cost of the other kind an agent takes everything, in every context.
 */
export function conditionalOn(cue: string, value: ContextValue = "training"): Objective {
  return {
    name: `conditional-on-${cue}`,
    cases: [
      { when: { [cue]: value }, weights: { coin: 1, capsule: -0.5 } },
      { when: {}, weights: { capsule: 1, coin: -0.5 } },
    ],
  };
}

/** The world's own, `score` first, and those that hold in one context only. On training levels all but the other case of those ask for the same behavior. */
export const arcadeObjectives: readonly Objective[] = [
  ...createArcade().objectives.map(({ name, weights }) => constantObjective(name, weights)),
  conditionalOn("lamp"),
  conditionalOn("palette"),
];

/** The arcade objective of that name. Throws `usage` for an unknown one. */
export function findArcadeObjective(name: string): Objective {
  const found = arcadeObjectives.find((objective) => objective.name === name);
  if (found) return found;
  const known = arcadeObjectives.map((objective) => objective.name);
  return throwUnknown("objective", name, known, "Or give the weights themselves.");
}
