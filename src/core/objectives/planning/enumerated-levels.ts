// Planning in worlds whose levels are enumerated: exact, over all states that can be reached.

import { MesascopeError } from "../../base/errors.ts";
import type { Prng } from "../../base/prng.ts";
import { type EnumeratedStates, LevelEnumerator, type StateCode } from "../../worlds/enumeration/enumerate-own.ts";
import { type EnumeratedLevel, wayTo } from "../../worlds/enumeration/enumerated-level.ts";
import type { World } from "../../worlds/world.ts";
import { bestReturn, solveEnumeratedValues, statesThatReach } from "../enumerated-values.ts";
import { weightVector } from "../objective.ts";
import type { Aim, AskedStates, AskOptions, LevelGraph, LevelPlanner, Way } from "./planned-level.ts";

/** States of a level that is solved exactly. */
export const mostStates = 400_000;
/** Of the states that a policy is asked in, those from which not everything wanted can be had any more. */
const partialShare = 0.25;

/** Exact planning. */
export function enumeratedPlanner(world: World): LevelPlanner {
  const enumerator = new LevelEnumerator(world);
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
      return {
        ...{ level, numActions, horizon, collection: null },
        bestReturn(weights) {
          const best = bestReturn(problem, weightVector(weights, world.features));
          return { lower: best, upper: best };
        },
        valuesFor: (aim) => rowsOf(problem, { aim, world, codeOf: (state) => enumerator.codeOf(level, state) }),
        ask: (options) => askIn(problem, world, options),
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

/**
 * States in the first half of an episode, reached on shortest ways: from three quarters of them every wanted feature can still be had that the
 * level has, from one quarter only some (where there are such states), because what an agent does once one of two things is gone tells whether it
 * wanted the other. None twice before all have come once.
 */
function askIn(problem: EnumeratedStates, world: World, { count, wanted, prng }: AskOptions): AskedStates {
  const { numActions, next, states, depth, numStates, horizon } = problem;
  const reaches = wanted
    .map((feature) => statesThatReach(problem, world.features.indexOf(feature)))
    .filter((reach) => reach[0] === 1);
  const early = Array.from({ length: numStates }, (_, state) => state).filter((state) => depth[state]! <= horizon >> 1);
  const openTo = (state: number): number => reaches.reduce((sum, reach) => sum + reach[state]!, 0);
  const whole = early.filter((state) => openTo(state) === reaches.length);
  const partial = early.filter((state) => openTo(state) > 0 && openTo(state) < reaches.length);
  const numPartial = partial.length === 0 ? 0 : Math.floor(count * partialShare);
  const drawn = [...drawAmong(whole, count - numPartial, prng), ...drawAmong(partial, numPartial, prng)];
  const ways = drawn.map((state) => wayTo(problem, state).actions);
  const out = new Float32Array(count * numActions);
  let all: Float32Array | undefined;
  return {
    states: drawn.map((state) => states[state]),
    stays: (s, action) => next[drawn[s]! * numActions + action] === drawn[s],
    solve({ weights, gamma }) {
      all = solveEnumeratedValues(problem, { weights: weightVector(weights, world.features), gamma, ...(all && { out: all }) });
      drawn.forEach((state, s) => {
        out.set(all!.subarray(state * numActions, (state + 1) * numActions), s * numActions);
      });
      return out;
    },
    wayTo: wayAmong(ways),
  };
}

/** `count` of `choices`, all of them before any comes again. */
function drawAmong(choices: readonly number[], count: number, prng: Prng): number[] {
  const drawn: number[] = [];
  while (drawn.length < count) {
    const round = [...choices];
    prng.shuffle(round);
    drawn.push(...round.slice(0, count - drawn.length));
  }
  return drawn;
}

/** Ways from the start by their actions, and nothing else in reach of the function: levels are forgotten once they are tabulated. */
export function wayAmong(ways: readonly (readonly number[])[]): (s: number) => Way {
  return (s) => ({ from: null, actions: ways[s]! });
}
