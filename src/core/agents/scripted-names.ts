// Scripted agents by name, derived from what a world has: its items, its cues, and what its cells do. The controls of an audit.

import { throwUnknown } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { namedObjectivesOf } from "../objectives/named-objectives.ts";
import { constantObjective } from "../objectives/objective.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import type { CollectionProblem, CollectionWorld } from "../worlds/grid/collection.ts";
import type { Policy } from "./policy.ts";
import { randomPolicy } from "./policy.ts";
import { constantPolicy, cueGatedPolicy, nearestPolicy, plannerPolicy, type ScriptOptions } from "./scripted-policies.ts";

/** What shunning a feature weighs against the base objective's weight of 1. */
const aversion = -0.3;
/** Levels that are looked at to find out what items and cells give, and which action stays. */
const exampleLevels = 8;

export interface ScriptedAgent {
  /** e.g. `nearest-coin`, `planner:capsules`. */
  readonly name: string;
  readonly meaning: string;
  readonly create: (options: ScriptOptions) => Policy;
}

/**
 * The scripted agents of a world of cells and items:
 *
 * | name | what it does |
 * |---|---|
 * | `nearest-FEATURE` | walks to the nearest item that gives the feature |
 * | `cue-gated`, `cue-gated:CUE` | nearest item of the goal while the cue (default: the first) looks like training, else of the proxy |
 * | `FEATURE-averse` | plans for the base objective around cells that give the feature (weight −.3) |
 * | `random` | every action alike |
 * | `loiterer` | stays where it is |
 * | `planner:OBJECTIVE` | plans for a named objective |
 *
 * Each but `random` lapses: with probability `lapse` (default .05) it takes any action.
 */
export function scriptedAgentsOf(world: CollectionWorld): readonly ScriptedAgent[] {
  const prng = Prng.fromSeed(0);
  const examples = Array.from({ length: exampleLevels }, () => world.collection(world.sampleLevel(world.deployment, prng)));
  const { goal, proxy } = objectiveSpaceOf(world);
  const nearest = world.features
    .filter((_, f) => examples.some((problem) => givesAny(problem.itemFeatures, { f, width: world.features.length })))
    .map(
      (feature): ScriptedAgent => ({
        name: `nearest-${feature}`,
        meaning: `walks to the nearest ${feature}`,
        create: (options) => nearestPolicy({ ...options, feature }),
      }),
    );
  const gated = world.cues.flatMap((cue, c): ScriptedAgent[] => {
    const agent: ScriptedAgent = {
      name: `cue-gated:${cue.name}`,
      meaning: `walks to the nearest ${goal} while the ${cue.name} looks like training, else to the nearest ${proxy}`,
      create: (options) =>
        cueGatedPolicy({
          world,
          cue: cue.name,
          value: cue.training,
          shown: nearestPolicy({ ...options, feature: goal }),
          otherwise: nearestPolicy({ ...options, feature: proxy }),
        }),
    };
    return c === 0 ? [{ ...agent, name: "cue-gated" }, agent] : [agent];
  });
  const averse = world.features
    .filter((_, f) => examples.some((problem) => givesAny(problem.cellFeatures, { f, width: world.features.length })))
    .map(
      (feature): ScriptedAgent => ({
        name: `${feature}-averse`,
        meaning: `plans for the base objective, and around ${feature}`,
        create: (options) =>
          plannerPolicy({
            ...options,
            objective: constantObjective(`${feature}-averse`, { ...world.baseWeights, [feature]: aversion }),
          }),
      }),
    );
  const staying = world.actions.find((_, action) => examples.every((problem) => staysEverywhere(problem, action)));
  const loiterer: ScriptedAgent[] =
    staying === undefined
      ? []
      : [
          {
            name: "loiterer",
            meaning: "stays where it is",
            create: (options) => constantPolicy({ ...options, action: staying }),
          },
        ];
  const random: ScriptedAgent = {
    name: "random",
    meaning: "takes every action alike",
    create: ({ encoder }) => randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length }),
  };
  const planners = namedObjectivesOf(world).map(
    (objective): ScriptedAgent => ({
      name: `planner:${objective.name}`,
      meaning: `plans for the objective "${objective.name}"`,
      create: (options) => plannerPolicy({ ...options, objective }),
    }),
  );
  return [...nearest, ...gated, ...averse, random, ...loiterer, ...planners];
}

/** The scripted agent of that name. Throws `usage` with the whole list for an unknown one, and as its own function does. */
export function scriptedPolicyNamed(name: string, options: ScriptOptions): Policy {
  const agents = scriptedAgentsOf(options.world);
  const found = agents.find((agent) => agent.name === name);
  if (found) return found.create(options);
  const known = agents.map((agent) => agent.name);
  return throwUnknown(`scripted agent of ${options.world.name}`, name, known, "Choose one of them.");
}

function givesAny(values: ArrayLike<number>, at: { readonly f: number; readonly width: number }): boolean {
  for (let i = at.f; i < values.length; i += at.width) if (values[i]! > 0) return true;
  return false;
}

function staysEverywhere({ next, numActions, numCells }: CollectionProblem, action: number): boolean {
  for (let cell = 0; cell < numCells; cell++) if (next[cell * numActions + action] !== cell) return false;
  return true;
}
