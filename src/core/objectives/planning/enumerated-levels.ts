// Planning in worlds whose levels are enumerated: exact, over all states that can be reached.

import { MesascopeError } from "../../base/errors.ts";
import type { Prng } from "../../base/prng.ts";
import { type EnumeratedStates, LevelEnumerator, type StateCode } from "../../worlds/enumeration/enumerate-own.ts";
import { type EnumeratedLevel, wayTo } from "../../worlds/enumeration/enumerated-level.ts";
import type { World } from "../../worlds/world.ts";
import { bestReturn, solveEnumeratedValues, statesThatReach } from "../enumerated-values.ts";
import { weightVector } from "../objective.ts";
import type { Aim, AskedStates, AskOptions, LevelGraph, LevelPlanner, Way } from "./planned-level.ts";
import { type DrawVisits, type Visit, visitedShare, visitsOf } from "./visited-states.ts";

/** States of a level that is solved exactly. */
export const mostStates = 400_000;
/** Of the states that a policy is asked in, those from which not everything wanted can be had any more. */
const partialShare = 0.25;

/** Exact planning. */
export function enumeratedPlanner(world: World): LevelPlanner {
  const enumerator = new LevelEnumerator(world);
  const walker = world.createBatch(1);
  return {
    isExact: true,
    plan(level) {
      const problem = enumerator.enumerate(level, { limit: mostStates });
      if (!problem.isComplete) {
        throw new MesascopeError(
          "usage",
          `a level of ${world.name} with more than ${mostStates} states given, which its description says can be enumerated; expected fewer. Choose a smaller variant.`,
        );
      }
      const { numActions, horizon } = problem;
      const codeOf = (state: unknown): StateCode => enumerator.codeOf(level, state);
      const valuesFor = (aim: Aim) => rowsOf(problem, { aim, world, codeOf });
      return {
        ...{ level, numActions, horizon, collection: null },
        bestReturn(weights) {
          const best = bestReturn(problem, weightVector(weights, world.features));
          return { lower: best, upper: best };
        },
        valuesFor,
        ask(options) {
          const { aims, prng } = options;
          const visits = visitsOf({ ...{ batch: walker, level, steps: horizon >> 1 }, ...{ aims, valuesFor, prng } });
          return askIn({ problem, world, visits, numberOf: (state) => problem.numbers.get(codeOf(state))! }, options);
        },
        drawState: (prng) => problem.states[prng.integer(problem.numStates)],
        graph: () => graphOf(problem, world),
      };
    },
  };
}

/** Looks up states in a table; holds no more of the level than that. */
function rowsOf(
  problem: EnumeratedStates,
  options: { readonly aim: Aim; readonly world: World; readonly codeOf: (state: unknown) => StateCode },
): (state: unknown) => Float32Array {
  const { aim, world, codeOf } = options;
  const { numActions, numbers } = problem;
  const values = solveEnumeratedValues(problem, { weights: weightVector(aim.weights, world.features), gamma: aim.gamma });
  return (state) => {
    const number = numbers.get(codeOf(state));
    if (number === undefined) {
      throw new MesascopeError(
        "usage",
        `the state ${JSON.stringify(state)} given; expected one that can be reached from the start of its level within the horizon.`,
      );
    }
    return values.subarray(number * numActions, (number + 1) * numActions);
  };
}

/** A level, or the part of one around its start, as a graph. */
export function graphOf(problem: EnumeratedLevel, world: World): LevelGraph {
  const { numActions, numStates, numFeatures, next, features } = problem;
  return {
    ...{ numActions, numStates, start: 0 },
    follow: (state, action) => next[state * numActions + action]!,
    stays: (state, action) => next[state * numActions + action] === state,
    gives: (state, action, feature) => features[(state * numActions + action) * numFeatures + feature]!,
    solve: ({ weights, gamma }) => solveEnumeratedValues(problem, { weights: weightVector(weights, world.features), gamma }),
  };
}

interface Asking {
  readonly problem: EnumeratedStates;
  readonly world: World;
  readonly visits: DrawVisits;
  readonly numberOf: (state: unknown) => number;
}

/** A state in which a policy is asked, its number, and what led there. */
type Place = Visit & { readonly number: number };

function askIn(asking: Asking, options: AskOptions): AskedStates {
  const { problem, world } = asking;
  const { numActions, next } = problem;
  const drawn = drawPlaces(asking, options);
  const out = new Float32Array(drawn.length * numActions);
  let all: Float32Array | undefined;
  return {
    states: drawn.map(({ state }) => state),
    stays(s, action) {
      const { number } = drawn[s]!;
      return next[number * numActions + action] === number;
    },
    solve({ weights, gamma }) {
      all = solveEnumeratedValues(problem, { weights: weightVector(weights, world.features), gamma, ...(all && { out: all }) });
      drawn.forEach(({ number }, s) => {
        out.set(all!.subarray(number * numActions, (number + 1) * numActions), s * numActions);
      });
      return out;
    },
    wayTo: wayAmong(drawn.map(({ actions }) => actions)),
  };
}

/**
 * States in the first half of an episode. Half lie where agents come who want something of the library, because a trained agent is arbitrary
 * where it never comes; the others are any that can be reached, on shortest ways, because an agent that wants something else comes elsewhere.
 * From three quarters of them every wanted feature can still be had that the level has, from one quarter only some (where there are such
 * states), because what an agent does once one of two things is gone tells whether it wanted the other. None twice before all have come once.
 */
function drawPlaces({ problem, world, visits, numberOf }: Asking, { count, wanted, prng }: AskOptions): Place[] {
  const { states, depth, numStates, horizon } = problem;
  const reaches = wanted
    .map((feature) => statesThatReach(problem, world.features.indexOf(feature)))
    .filter((reach) => reach[0] === 1);
  const openTo = (state: number): number => reaches.reduce((sum, reach) => sum + reach[state]!, 0);
  const early = Array.from({ length: numStates }, (_, state) => state).filter((state) => depth[state]! <= horizon >> 1);
  const draw = (share: number, isOfKind: (state: number) => boolean): Place[] => {
    const choices = early.filter(isOfKind);
    if (choices.length === 0) return [];
    const visited = visits(Math.floor(share * visitedShare), (state) => isOfKind(numberOf(state))).map((visit) => ({
      ...{ ...visit, number: numberOf(visit.state) },
    }));
    const taken = new Set(visited.map(({ number }) => number));
    const reached = drawAmong(choices, { count: share - visited.length, taken, prng });
    return [...visited, ...reached.map((number) => ({ number, state: states[number], actions: wayTo(problem, number).actions }))];
  };
  const partial = draw(Math.floor(count * partialShare), (state) => openTo(state) > 0 && openTo(state) < reaches.length);
  return [...draw(count - partial.length, (state) => openTo(state) === reaches.length), ...partial];
}

/** `count` of `choices`, of which some are taken already: all of them before any comes again. */
function drawAmong(
  choices: readonly number[],
  { count, taken, prng }: { readonly count: number; readonly taken: ReadonlySet<number>; readonly prng: Prng },
): number[] {
  const drawn: number[] = [];
  let round = choices.filter((choice) => !taken.has(choice));
  while (drawn.length < count) {
    prng.shuffle(round);
    drawn.push(...round.slice(0, count - drawn.length));
    round = [...choices];
  }
  return drawn;
}

/** Ways from the start by their actions, and nothing else in reach of the function: levels are forgotten once they are tabulated. */
export function wayAmong(ways: readonly (readonly number[])[]): (s: number) => Way {
  return (s) => ({ from: null, actions: ways[s]! });
}
