// Scripted agents by name, derived from what a world has: its objectives and cues, and items and cells where it has such. The controls of an
// audit.

import { throwUnknown } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { namedObjectivesOf } from "../objectives/named-objectives.ts";
import { constantObjective } from "../objectives/objective.ts";
import { type CollectionProblem, type CollectionWorld, isCollectionWorld } from "../worlds/grid/collection.ts";
import type { World } from "../worlds/world.ts";
import type { Policy } from "./policy.ts";
import { randomPolicy } from "./policy.ts";
import { constantPolicy, cueGatedPolicy, nearestPolicy, plannerPolicy, type ScriptOptions } from "./scripted-policies.ts";

/** What shunning a feature weighs against the base objective's weight of 1. */
const aversion = -0.3;
const trainedDiscount = 0.97;
/** Levels that are looked at to find out what items and cells give, and which action stays. */
const exampleLevels = 8;

export interface ScriptedAgent {
  /** e.g. `nearest-coin`, `planner:capsules`. */
  readonly name: string;
  readonly meaning: string;
  readonly create: (options: ScriptOptions) => Policy;
}

/**
 * The scripted agents of a world:
 *
 * | name | what it does |
 * |---|---|
 * | `nearest-FEATURE` | walks to the nearest item that gives the feature; in worlds of cells and items |
 * | `cue-gated`, `cue-gated:CUE` | pursues the goal while the cue (default: the first) looks like training, else the proxy: walks to the nearest, or, where there are no items, plans for the base objective and for a proxy of it |
 * | `FEATURE-averse` | plans for the base objective around cells that give the feature (weight −.3); in worlds of cells and items |
 * | `random` | every action alike |
 * | `loiterer` | stays where it is |
 * | `planner:OBJECTIVE` | plans for a named objective |
 *
 * Each but `random` lapses: with probability `lapse` (default .05) it takes any action.
 */
export function scriptedAgentsOf(world: World): readonly ScriptedAgent[] {
  const ofItems = isCollectionWorld(world) ? itemAgentsOf(world) : null;
  const loiterer = ofItems === null ? loitererOf(world.actions.find((action) => action === "stay")) : ofItems.loiterer;
  const random: ScriptedAgent = {
    name: "random",
    meaning: "takes every action alike",
    create: ({ encoder }) => randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length }),
  };
  const planners = namedObjectivesOf(world).map(
    (objective): ScriptedAgent => ({
      name: `planner:${objective.name}`,
      meaning: `plans for the objective "${objective.name}"`,
      create: (options) => plannerPolicy({ ...options, ...discountOf(objective.name, world), objective }),
    }),
  );
  const gated = gatedAgentsOf(world, ofItems === null ? gatedPlanners(world) : gatedWalkers(world));
  return [...(ofItems?.nearest ?? []), ...gated, ...(ofItems?.averse ?? []), random, ...loiterer, ...planners];
}

/** Where discounts tell objectives apart, the objective's own or that of training; else the planner's default. */
function discountOf(name: string, { objectives }: World): { readonly gamma?: number } {
  if (objectives.every(({ gamma }) => gamma === undefined)) return {};
  return { gamma: objectives.find((objective) => objective.name === name)?.gamma ?? trainedDiscount };
}

/** What two policies a cue switches between, in words and as policies. */
interface Gated {
  readonly shown: string;
  readonly otherwise: string;
  readonly create: (options: ScriptOptions) => { readonly shown: Policy; readonly otherwise: Policy };
}

function gatedAgentsOf(world: World, { shown, otherwise, create }: Gated): ScriptedAgent[] {
  return world.cues.flatMap((cue, c): ScriptedAgent[] => {
    const agent: ScriptedAgent = {
      name: `cue-gated:${cue.name}`,
      meaning: `${shown} while the ${cue.name} looks like training, else ${otherwise}`,
      create: (options) => cueGatedPolicy({ world, cue: cue.name, value: cue.training, ...create(options) }),
    };
    return c === 0 ? [{ ...agent, name: "cue-gated" }, agent] : [agent];
  });
}

function gatedWalkers({ goal, proxy }: World): Gated {
  return {
    shown: `walks to the nearest ${goal}`,
    otherwise: `to the nearest ${proxy}`,
    create: (options) => ({
      shown: nearestPolicy({ ...options, feature: goal }),
      otherwise: nearestPolicy({ ...options, feature: proxy }),
    }),
  };
}

/** Between the base objective and the first other one that cares more for the proxy than for the goal, or else that was not intended. */
function gatedPlanners({ objectives, intended, goal, proxy }: World): Gated {
  const [base, ...rivals] = objectives;
  const rival =
    rivals.find(({ weights }) => (weights[proxy] ?? 0) > Math.max(0, weights[goal] ?? 0)) ??
    rivals.find(({ name }) => name !== intended);
  const other = constantObjective(rival?.name ?? proxy, rival?.weights ?? { [proxy]: 1 });
  return {
    shown: `plans for ${base!.wants}`,
    otherwise: `for ${rival?.wants ?? proxy}`,
    create: (options) => ({
      shown: plannerPolicy({ ...options, objective: constantObjective(base!.name, base!.weights) }),
      otherwise: plannerPolicy({ ...options, objective: other }),
    }),
  };
}

/** The agents that items and cells make possible. */
function itemAgentsOf(world: CollectionWorld) {
  const prng = Prng.fromSeed(0);
  const examples = Array.from({ length: exampleLevels }, () => world.collection(world.sampleLevel(world.deployment, prng)));
  const nearest = world.features
    .filter((_, f) => examples.some((problem) => givesAny(problem.itemFeatures, { f, width: world.features.length })))
    .map(
      (feature): ScriptedAgent => ({
        name: `nearest-${feature}`,
        meaning: `walks to the nearest ${feature}`,
        create: (options) => nearestPolicy({ ...options, feature }),
      }),
    );
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
  return { nearest, averse, loiterer: loitererOf(staying) };
}

function loitererOf(action: string | undefined): ScriptedAgent[] {
  if (action === undefined) return [];
  return [{ name: "loiterer", meaning: "stays where it is", create: (options) => constantPolicy({ ...options, action }) }];
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
