// Exact values of an enumerated level: discounted action values by value iteration, and the best undiscounted return within the horizon.

import { MesascopeError } from "../base/errors.ts";
import type { EnumeratedLevel } from "../worlds/enumeration/enumerated-level.ts";
import { type SolvingOrder, solvingOrder } from "./solving-order.ts";

/** A change below this ends the sweeps. */
const tolerance = 1e-10;
/** Pairs of sweeps, there and back. */
const maxSweeps = 5_000;

export interface EnumeratedValueOptions {
  /** A weight per feature, in the order of the world. */
  readonly weights: Float64Array;
  /** Discount per step, 0 ≤ γ < 1. */
  readonly gamma: number;
  /** Where to write, `[states, actions]` or longer; default a new array. */
  readonly out?: Float32Array;
}

/** What solving for one objective after another has in common. */
interface Groundwork {
  readonly order: SolvingOrder;
  /** Which of the different rows of features each move gives, `[states, actions]`. */
  readonly kinds: Int32Array;
  /** The different rows, `[kinds, features]`. */
  readonly rows: readonly (readonly number[])[];
  readonly rewards: Float64Array;
  readonly values: Float64Array;
}

const groundworks = new WeakMap<EnumeratedLevel, Groundwork>();

/**
 * Q*(state, action) `[states, actions]`, as `solveActionValues` means it: the reward of the d-th step from here counts γ^(d−1), nothing
 * comes after an end (nor beyond what was explored), and the horizon counts only as far as the states know of it. Components of states
 * that lead to each other are solved after those that they lead to, each by Gauss–Seidel sweeps from values that are too low (staying
 * where an action stays, else the least reward for ever), so that sweeps only raise them.
 *
 * Throws `usage` for a γ outside [0, 1), `unconverged` after 10,000 sweeps.
 */
export function solveEnumeratedValues(problem: EnumeratedLevel, { weights, gamma, out }: EnumeratedValueOptions): Float32Array {
  if (!(gamma >= 0 && gamma < 1)) {
    throw new MesascopeError(
      "usage",
      `gamma ${gamma} given; expected 0 ≤ gamma < 1 (for gamma 1 use the best return). Give a smaller one.`,
    );
  }
  const { next } = problem;
  const { order, values } = groundworkOf(problem);
  const rewards = rewardsOf(problem, weights);
  setStayValues(problem, { rewards, values, gamma });
  for (let c = 0; c + 1 < order.begins.length; c++) {
    const states = order.states.subarray(order.begins[c], order.begins[c + 1]);
    sweepUntilStable(problem, { states, rewards, values, gamma });
  }
  const q = out ?? new Float32Array(next.length);
  for (let move = 0; move < next.length; move++) {
    const to = next[move]!;
    q[move] = to < 0 ? rewards[move]! : rewards[move]! + gamma * values[to]!;
  }
  return q;
}

interface Sweeping {
  readonly rewards: Float64Array;
  readonly values: Float64Array;
  readonly gamma: number;
}

function setStayValues({ numStates, numActions, next }: EnumeratedLevel, { rewards, values, gamma }: Sweeping): void {
  let least = 0;
  for (const reward of rewards) if (reward < least) least = reward;
  for (let state = 0; state < numStates; state++) {
    let value = least / (1 - gamma);
    for (let move = state * numActions; move < (state + 1) * numActions; move++) {
      if (next[move] === state) value = Math.max(value, rewards[move]! / (1 - gamma));
    }
    values[state] = value;
  }
}

function sweepUntilStable(problem: EnumeratedLevel, component: Sweeping & { readonly states: Int32Array }): void {
  const { numActions, next } = problem;
  const { states, rewards, values, gamma } = component;
  const raise = (state: number): boolean => {
    let best = Number.NEGATIVE_INFINITY;
    for (let move = state * numActions, last = move + numActions; move < last; move++) {
      const to = next[move]!;
      const value = to < 0 ? rewards[move]! : rewards[move]! + gamma * values[to]!;
      if (value > best) best = value;
    }
    if (best <= values[state]! + tolerance) return false;
    values[state] = best;
    return true;
  };
  if (states.length === 1) {
    // All that it leads to is solved, and staying for ever is in its first value.
    raise(states[0]!);
    return;
  }
  for (let round = 0; round < maxSweeps; round++) {
    let isStable = true;
    // Farthest states first: values travel back towards the start.
    for (let i = states.length - 1; i >= 0; i--) if (raise(states[i]!)) isStable = false;
    if (isStable) return;
    isStable = true;
    for (let i = 0; i < states.length; i++) if (raise(states[i]!)) isStable = false;
    if (isStable) return;
  }
  throw new MesascopeError(
    "unconverged",
    `values still change after ${2 * maxSweeps} sweeps at gamma ${gamma}; use a smaller gamma`,
  );
}

/** The best undiscounted return from the start within the horizon, by backward induction. */
export function bestReturn(problem: EnumeratedLevel, weights: Float64Array): number {
  const { numStates, numActions, next, horizon } = problem;
  const rewards = rewardsOf(problem, weights);
  let before = new Float64Array(numStates);
  let values = new Float64Array(numStates);
  for (let left = 1; left <= horizon; left++) {
    for (let state = 0; state < numStates; state++) {
      let best = Number.NEGATIVE_INFINITY;
      for (let move = state * numActions; move < (state + 1) * numActions; move++) {
        const to = next[move]!;
        best = Math.max(best, rewards[move]! + (to < 0 ? 0 : before[to]!));
      }
      values[state] = best;
    }
    [before, values] = [values, before];
  }
  return before[0]!;
}

/** States from which some way gives a positive value of `feature`, `[states]`. */
export function statesThatReach(problem: EnumeratedLevel, feature: number): Uint8Array {
  const { numStates, numActions, numFeatures, next, features } = problem;
  const reach = new Uint8Array(numStates);
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (let state = numStates - 1; state >= 0; state--) {
      if (reach[state] === 1) continue;
      for (let move = state * numActions; move < (state + 1) * numActions; move++) {
        const to = next[move]!;
        if (features[move * numFeatures + feature]! <= 0 && (to < 0 || reach[to] === 0)) continue;
        reach[state] = 1;
        isSettled = false;
        break;
      }
    }
  }
  return reach;
}

/** Σ weight · feature of every move, `[states, actions]`; overwritten by the next call for the same level. */
function rewardsOf(problem: EnumeratedLevel, weights: Float64Array): Float64Array {
  const { kinds, rows, rewards } = groundworkOf(problem);
  const rewardOf = Float64Array.from(rows, (row) => row.reduce((sum, value, f) => sum + weights[f]! * value, 0));
  for (let move = 0; move < rewards.length; move++) rewards[move] = rewardOf[kinds[move]!]!;
  return rewards;
}

function groundworkOf(problem: EnumeratedLevel): Groundwork {
  const known = groundworks.get(problem);
  if (known !== undefined) return known;
  const { numStates, numFeatures, next, features } = problem;
  const kinds = new Int32Array(next.length);
  const rows = [Array.from({ length: numFeatures }, () => 0)];
  const places = new Map([[rows[0]!.join(), 0]]);
  for (let move = 0; move < next.length; move++) {
    const row = features.subarray(move * numFeatures, (move + 1) * numFeatures);
    if (row.every((value) => value === 0)) continue;
    const name = row.join();
    const place = places.get(name) ?? rows.push([...row]) - 1;
    places.set(name, place);
    kinds[move] = place;
  }
  const made = {
    order: solvingOrder(problem),
    kinds,
    rows,
    rewards: new Float64Array(next.length),
    values: new Float64Array(numStates),
  };
  groundworks.set(problem, made);
  return made;
}
