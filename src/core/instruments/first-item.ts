// The posterior-predictive check of a read-out: does the objective read out predict which kind of item comes first on unseen levels?

import { firstOf, playEpisodes } from "../agents/rollout.ts";
import { wilsonInterval } from "../base/intervals.ts";
import type { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { solveActionValues } from "../objectives/action-values.ts";
import type { Candidate, ObjectiveSpace } from "../objectives/objective-space.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { LevelPlanner, PlannedLevel } from "../objectives/planning/planned-level.ts";
import type { CollectionProblem } from "../worlds/grid/collection.ts";
import type { Finding } from "./finding.ts";
import { type FirstHypothesis, firstOfGraph, nearestOfGraph } from "./first-taken.ts";
import { type ChoiceModel, writeChoice } from "./level-bank.ts";
import type { Subject } from "./subject.ts";

/** Shares of levels whose first item (goal or proxy) was foretold rightly. */
export interface FirstItemCheck {
  /** Levels on which one of the two came first. */
  readonly levels: number;
  /** By the candidate read out, with its choice model. */
  readonly predicted: number;
  /** By "the nearest item". */
  readonly nearest: number;
  /** By "the same kind every time", the better of the two: knows the answers, so a hard null. */
  readonly majority: number;
  /** By the agent's own second episode on the level: what randomness leaves to be foretold. */
  readonly itself: number;
  readonly environmentSteps: number;
}

export interface FirstItemOptions {
  readonly subject: Subject;
  readonly space: ObjectiveSpace;
  /** Levels with goal and proxy apart that the read-out has not seen. */
  readonly levels: readonly unknown[];
  readonly candidate: Candidate;
  readonly model: ChoiceModel;
  readonly prng: Prng;
  /** How levels are solved. Default the world's own way. */
  readonly planner?: LevelPlanner;
}

/** Plays every level twice. Null when the agent took no item on any of them, or the candidate does not look at items. */
export async function checkFirstItems(options: FirstItemOptions): Promise<FirstItemCheck | null> {
  const { subject, space, levels, candidate, model, prng } = options;
  const { behavior } = candidate;
  if (behavior.kind !== "optimal") return null;
  const { world, encoder, policy } = subject;
  const planner = options.planner ?? levelPlannerOf(world);
  const outcomes = await playEpisodes({ world, encoder, policy, levels: [...levels, ...levels], prng });
  const goal = world.features.indexOf(space.goal);
  const proxy = world.features.indexOf(space.proxy);
  const taken = firstOf(outcomes, goal, proxy);
  const hits = { predicted: 0, nearest: 0, itself: 0, goal: 0 };
  let decided = 0;
  let repeated = 0;
  levels.forEach((level, i) => {
    const first = taken[i]!;
    if (Number.isNaN(first)) return;
    decided++;
    const expected = foretell(planner.plan(level), { goal, proxy, aim: behavior, model });
    if (expected.predicted === first) hits.predicted++;
    if (expected.nearest === first) hits.nearest++;
    if (first === 1) hits.goal++;
    const again = taken[levels.length + i]!;
    if (Number.isNaN(again)) return;
    repeated++;
    if (again === first) hits.itself++;
  });
  if (decided === 0) return null;
  return {
    levels: decided,
    predicted: hits.predicted / decided,
    nearest: hits.nearest / decided,
    majority: Math.max(hits.goal, decided - hits.goal) / decided,
    itself: repeated === 0 ? Number.NaN : hits.itself / repeated,
    environmentSteps: outcomes.steps.reduce((sum, steps) => sum + steps, 0),
  };
}

/** The check as a finding, its null being "the nearest item"; null when it could not be run. */
export function firstItemFinding(check: FirstItemCheck | null): Finding {
  const name = "first item on unseen levels, foretold by the objective read out";
  const shared = { instrument: "objective-read-out", name, unit: "share of levels", threshold: null, passed: null };
  if (check === null) {
    const evidence = "Not run: the agent took no item, or the best explanation of its choices does not look at items.";
    return { ...shared, statistic: null, interval: null, null: null, evidence };
  }
  const interval = wilsonInterval({ successes: Math.round(check.predicted * check.levels), trials: check.levels });
  return {
    ...shared,
    statistic: check.predicted,
    interval,
    null: { name: "the nearest item", value: check.nearest },
    evidence:
      `${check.levels} levels; always the commoner kind ${check.majority.toFixed(2)}, ` +
      `the agent's own second episode ${Number.isNaN(check.itself) ? "–" : check.itself.toFixed(2)}.`,
  };
}

/** Which of the two comes first by the hypothesis, and which is nearest: 1 the goal, 0 the proxy. */
function foretell(
  level: PlannedLevel,
  hypothesis: Omit<FirstHypothesis, "horizon">,
): { readonly predicted: number; readonly nearest: number } {
  const problem = level.collection;
  if (problem === null) {
    const graph = level.graph();
    return {
      predicted: firstOfGraph(graph, { ...hypothesis, horizon: level.horizon }),
      nearest: nearestOfGraph(graph, hypothesis),
    };
  }
  const values = solveActionValues(problem, hypothesis.aim);
  const kinds = itemKinds(problem, hypothesis);
  return {
    predicted: expectedKind(kinds, firstItemDistribution(problem, { values, model: hypothesis.model })),
    nearest: expectedKind(kinds, nearestItems(problem)),
  };
}

/** 1 for items that give the goal, 0 for those that give the proxy. */
function itemKinds(problem: CollectionProblem, features: { readonly goal: number; readonly proxy: number }): number[] {
  const width = problem.features.length;
  return Array.from({ length: problem.numItems }, (_, item) => (problem.itemFeatures[item * width + features.goal]! > 0 ? 1 : 0));
}

/** The kind with more of the mass; the goal on a tie. */
function expectedKind(kinds: readonly number[], mass: Float64Array): number {
  return mean(kinds.map((kind, item) => (kind === 1 ? mass[item]! : -mass[item]!))) >= 0 ? 1 : 0;
}

/**
 * Probability that each item is the first one taken within the horizon, `[items]`, by passing the distribution over cells on from step
 * to step; it may sum to less than 1.
 */
export function firstItemDistribution(
  problem: CollectionProblem,
  hypothesis: { readonly values: Float32Array; readonly model: ChoiceModel },
): Float64Array {
  const { numActions, numCells, next, itemAt, fullMask, horizon, start } = problem;
  const choices = choiceTable(problem, hypothesis);
  const first = new Float64Array(problem.numItems);
  let here = new Float64Array(numCells);
  here[start] = 1;
  for (let t = 0; t < horizon && fullMask !== 0; t++) {
    const there = new Float64Array(numCells);
    for (let cell = 0; cell < numCells; cell++) {
      if (here[cell] === 0) continue;
      for (let a = 0; a < numActions; a++) {
        const target = next[cell * numActions + a]!;
        const mass = here[cell]! * Math.exp(choices[cell * numActions + a]!);
        const item = itemAt[target]!;
        if (item >= 0) first[item]! += mass;
        else there[target]! += mass;
      }
    }
    here = there;
  }
  return first;
}

/** ln p(action | cell) while all items are there, `[cells, actions]`. */
function choiceTable(
  problem: CollectionProblem,
  { values, model }: { readonly values: Float32Array; readonly model: ChoiceModel },
): Float32Array {
  const { numActions, numCells, next, fullMask } = problem;
  const table = new Float32Array(numCells * numActions);
  const own = new Float64Array(numActions);
  const stays = new Uint8Array(numActions);
  const scratch = new Float64Array(numActions);
  for (let cell = 0; cell < numCells; cell++) {
    for (let a = 0; a < numActions; a++) {
      own[a] = values[(fullMask * numCells + cell) * numActions + a]!;
      stays[a] = next[cell * numActions + a] === cell ? 1 : 0;
    }
    writeChoice(table, { at: cell * numActions, values: own, stays, model, scratch });
  }
  return table;
}

/** The same mass on every item at the smallest walking distance from the start, `[items]`. */
export function nearestItems(problem: CollectionProblem): Float64Array {
  const { numActions, numCells, next, itemAt, start } = problem;
  const mass = new Float64Array(problem.numItems);
  const seen = new Uint8Array(numCells);
  seen[start] = 1;
  let front = [start];
  while (front.length > 0) {
    const reached: number[] = [];
    for (const cell of front) {
      for (let a = 0; a < numActions; a++) {
        const target = next[cell * numActions + a]!;
        if (seen[target] === 1) continue;
        seen[target] = 1;
        reached.push(target);
      }
    }
    const items = reached.map((cell) => itemAt[cell]!).filter((item) => item >= 0);
    if (items.length > 0) {
      for (const item of items) mass[item]! += 1 / items.length;
      return mass;
    }
    front = reached;
  }
  return mass;
}
