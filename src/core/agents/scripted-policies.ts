// Agents without a network, written over the state of the world: what they go for is known exactly, so they are the positive and negative
// controls of every instrument.

import { MesascopeError, throwUnknown } from "../base/errors.ts";
import { type Objective, requireKnownCues, weightsFor, weightVector } from "../objectives/objective.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { LevelPlanner } from "../objectives/planning/planned-level.ts";
import { asCollectionWorld, type CollectionProblem, type CollectionState } from "../worlds/grid/collection.ts";
import type { Encoder, FeatureWeights, World } from "../worlds/world.ts";
import type { Policy, Situation } from "./policy.ts";

export interface ScriptOptions {
  readonly world: World;
  /** What the agent is said to observe; it looks at the state instead. */
  readonly encoder: Encoder<unknown>;
  /** Share of uniformly random actions, 0 to 1. Default .05. */
  readonly lapse?: number;
}

/** Preferences of a script in a state: probabilities of each action before lapses, `[numActions]`. */
type Script = (situation: Situation) => ArrayLike<number>;

export interface PlannerOptions extends ScriptOptions {
  readonly objective: Objective;
  /** Inverse temperature of the choice. Default 40. */
  readonly beta?: number;
  /** Discount a step. Default .85. */
  readonly gamma?: number;
  /** How levels are solved. Default the world's own way. */
  readonly planner?: LevelPlanner;
}

/**
 * Plans for `objective` in the context of its level: (1 − lapse)·softmax(β·Q) + lapse/A, with Q as the world's levels are solved: exact, or
 * planned over the states nearby. Throws `usage` for cues or features that the world does not have.
 */
export function plannerPolicy(options: PlannerOptions): Policy {
  const { world, objective, beta = 40, gamma = 0.85, planner = levelPlannerOf(world) } = options;
  for (const { weights } of objective.cases) weightVector(weights, world.features);
  requireKnownCues(objective, world.cues);
  const solved = new WeakMap<object, (state: unknown) => Float32Array>();
  return scriptedPolicy(options, ({ level, state }) => {
    const key = asKey(level);
    const weights = (): FeatureWeights => weightsFor(objective, world.contextOf(level));
    const valuesIn = solved.get(key) ?? planner.plan(level).valuesFor({ weights: weights(), gamma });
    solved.set(key, valuesIn);
    const own = valuesIn(state);
    const highest = Math.max(...own);
    const odds = Float64Array.from(own, (value) => Math.exp(beta * (value - highest)));
    const sum = odds.reduce((a, b) => a + b, 0);
    return odds.map((value) => value / sum);
  });
}

/**
 * Takes the shortest way to the nearest item that gives `feature`, any of the shortest ways alike, and stays where none is left. Throws `usage`
 * for an unknown feature, and in a world that is none of cells and items.
 */
export function nearestPolicy(options: ScriptOptions & { readonly feature: string }): Policy {
  const { feature } = options;
  const world = asCollectionWorld(options.world);
  const f = world.features.indexOf(feature);
  if (f < 0) throwUnknown(`feature of ${world.name}`, feature, world.features, "Choose one that its items give.");
  const problems = new WeakMap<object, CollectionProblem>();
  return scriptedPolicy(options, (situation) => {
    const key = asKey(situation.level);
    const problem = problems.get(key) ?? world.collection(situation.level);
    problems.set(key, problem);
    const state = situation.state as CollectionState;
    const distances = distancesToItems(problem, (item) => {
      const gives = problem.itemFeatures[item * problem.features.length + f]! > 0;
      return gives && ((state.mask >> item) & 1) !== 0;
    });
    const here = distances[state.cell]!;
    const leads = (action: number): boolean => {
      const to = problem.next[state.cell * problem.numActions + action]!;
      return Number.isFinite(here) ? distances[to]! < here : to === state.cell;
    };
    const good = Array.from({ length: problem.numActions }, (_, action) => Number(leads(action)));
    const count = good.reduce((sum, value) => sum + value, 0);
    return good.map((value) => (count === 0 ? 1 / good.length : value / count));
  });
}

/** Takes the same action wherever it is; one that leaves the agent in place makes a loiterer. Throws `usage` for an unknown action. */
export function constantPolicy(options: ScriptOptions & { readonly action: string }): Policy {
  const { world, action } = options;
  const chosen = world.actions.indexOf(action);
  if (chosen < 0) throwUnknown(`action of ${world.name}`, action, world.actions, "Choose one of them.");
  const row = world.actions.map((_, a) => Number(a === chosen));
  return scriptedPolicy(options, () => row);
}

/** Acts as `shown` on levels whose `cue` has `value`, else as `otherwise`. Throws `usage` for an unknown cue or value. */
export function cueGatedPolicy(options: {
  readonly world: World;
  readonly cue: string;
  readonly value: string;
  readonly shown: Policy;
  readonly otherwise: Policy;
}): Policy {
  const { world, cue, value, shown, otherwise } = options;
  requireKnownCues({ name: "gate", cases: [{ when: { [cue]: value }, weights: {} }] }, world.cues);
  const { inputSize, actionCount } = shown;
  if (inputSize !== otherwise.inputSize || actionCount !== otherwise.actionCount) {
    throw new MesascopeError(
      "usage",
      `policies of ${inputSize} and ${otherwise.inputSize} inputs, ${actionCount} and ${otherwise.actionCount} actions given; expected the same of both. Make them for one world and encoder.`,
    );
  }
  return {
    inputSize,
    actionCount,
    memory: shown.memory === "none" ? otherwise.memory : shown.memory,
    begin(count) {
      const episodes = [shown.begin(count), otherwise.begin(count)] as const;
      return {
        async probabilities(step) {
          const [first, second] = await Promise.all(episodes.map((each) => each.probabilities(step)));
          const out = second!.slice();
          for (let row = 0; row < count; row++) {
            if (step.running[row] === 0 || world.contextOf(step.situationOf(row).level)[cue] !== value) continue;
            out.set(first!.subarray(row * actionCount, (row + 1) * actionCount), row * actionCount);
          }
          return out;
        },
      };
    },
  };
}

function scriptedPolicy(options: ScriptOptions, script: Script): Policy {
  const { world, encoder, lapse = 0.05 } = options;
  if (!(lapse >= 0 && lapse <= 1)) {
    throw new MesascopeError("usage", `lapse ${lapse} given; expected a share from 0 to 1, e.g. .05.`);
  }
  const actionCount = world.actions.length;
  return {
    inputSize: encoder.size,
    actionCount,
    memory: "none",
    begin: (count) => ({
      async probabilities({ running, situationOf }) {
        const out = new Float32Array(count * actionCount);
        for (let row = 0; row < count; row++) {
          if (running[row] === 0) continue;
          const chosen = script(situationOf(row));
          for (let a = 0; a < actionCount; a++) out[row * actionCount + a] = (1 - lapse) * chosen[a]! + lapse / actionCount;
        }
        return out;
      },
    }),
  };
}

/** Levels are objects, the same one through an episode: what is worked out for one is kept as long as it is. */
function asKey(level: unknown): object {
  if (typeof level === "object" && level !== null) return level;
  throw new MesascopeError("usage", `a level that is a ${typeof level} given; expected an object, as worlds make them.`);
}

/** Steps from every cell to the nearest of the wanted items, Infinity where there is no way, `[numCells]`. Walks into no closed cell. */
function distancesToItems(problem: CollectionProblem, isWanted: (item: number) => boolean): Float64Array {
  const { numCells, numActions, next, open, itemCells } = problem;
  const distances = new Float64Array(numCells).fill(Number.POSITIVE_INFINITY);
  itemCells.forEach((cell, item) => {
    if (isWanted(item)) distances[cell] = 0;
  });
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (let cell = 0; cell < numCells; cell++) {
      if (open[cell] === 0) continue;
      for (let a = 0; a < numActions; a++) {
        const through = distances[next[cell * numActions + a]!]! + 1;
        if (through >= distances[cell]!) continue;
        distances[cell] = through;
        isSettled = false;
      }
    }
  }
  return distances;
}
