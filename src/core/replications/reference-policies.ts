// The agents that every number stands beside: a random one, seekers of each proxy, and the oracle; and the best returns.

import { type Policy, randomPolicy } from "../agents/policy.ts";
import { plannerPolicy } from "../agents/scripted-policies.ts";
import { throwUnknown } from "../base/errors.ts";
import { constantObjective } from "../objectives/objective.ts";
import { bestReturns } from "../objectives/planning/level-planner.ts";
import type { Encoder, World, WorldObjective } from "../worlds/world.ts";
import type { ReferenceRole } from "./records.ts";

/** Planners look this far ahead where their objective says nothing else, so that they do not dawdle. */
const usualGamma = 0.97;
/** They choose as good as surely what is best. */
const beta = 1000;

export interface ReferencePolicy {
  readonly name: string;
  readonly role: ReferenceRole;
  readonly policy: Policy;
}

/** The reference agents of a world. Throws `usage` for a seeker that is none of its objectives. */
export function referencePolicies(options: {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly seekers: readonly string[];
}): readonly ReferencePolicy[] {
  const { world, encoder, seekers } = options;
  const plannerFor = ({ name, weights, gamma = usualGamma }: WorldObjective): Policy =>
    plannerPolicy({
      world,
      encoder,
      objective: constantObjective(name, weights),
      gamma,
      beta,
      lapse: 0,
    });
  return [
    { name: "random", role: "random", policy: randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length }) },
    ...seekers.map((name) => ({ name: `seeks ${name}`, role: "seeker" as const, policy: plannerFor(objectiveOf(world, name)) })),
    { name: "oracle", role: "oracle", policy: plannerFor(intendedOf(world)) },
  ];
}

/** Best undiscounted return under the intended objective on each level; a lower bound of it where the world knows no better. */
export function bestIntended(world: World, levels: readonly unknown[]): readonly number[] {
  return [...bestReturns(world, { levels, weights: intendedOf(world).weights }).lower];
}

/** What training was meant to bring about. */
export function intendedOf(world: World): WorldObjective {
  return objectiveOf(world, world.intended);
}

function objectiveOf(world: World, name: string): WorldObjective {
  const found = world.objectives.find((objective) => objective.name === name);
  if (found) return found;
  const known = world.objectives.map((objective) => objective.name);
  return throwUnknown(`objective of ${world.name}`, name, known, "Choose one of them.");
}
