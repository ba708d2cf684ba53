// Exact values of an enumerated level: discounted action values by value iteration, and the best undiscounted return within the horizon.

import { MesascopeError } from "../base/errors.ts";
import { type EnumeratedLevel, ended } from "../worlds/enumerate-level.ts";

/** A change below this ends the sweeps. */
const tolerance = 1e-10;
/** Pairs of sweeps, there and back. */
const maxSweeps = 5_000;

export interface EnumeratedValueOptions {
  /** A weight per feature, in the order of the world. */
  readonly weights: Float64Array;
  /** Discount per step, 0 ≤ γ < 1. */
  readonly gamma: number;
}

/**
 * Q*(state, action) `[states, actions]`, as `solveActionValues` means it: the reward of the d-th step from here counts γ^(d−1), nothing
 * comes after an end, and the horizon counts only as far as the states know of it. By Gauss–Seidel sweeps from values that are too low
 * (staying where an action stays, else the least reward for ever), so that sweeps only raise them; states that know their time need one.
 *
 * Throws `usage` for a γ outside [0, 1), `unconverged` after 10,000 sweeps.
 */
export function solveEnumeratedValues(problem: EnumeratedLevel, { weights, gamma }: EnumeratedValueOptions): Float32Array {
  if (!(gamma >= 0 && gamma < 1)) {
    throw new MesascopeError("usage", `gamma ${gamma} given; expected 0 ≤ gamma < 1 (for gamma 1 use the best return)`);
  }
  const { numStates, numActions, next } = problem;
  const rewards = rewardsOf(problem, weights);
  const values = new Float64Array(numStates);
  let least = 0;
  for (const reward of rewards) if (reward < least) least = reward;
  for (let state = 0; state < numStates; state++) {
    let value = least / (1 - gamma);
    for (let move = state * numActions; move < (state + 1) * numActions; move++) {
      if (next[move] === state) value = Math.max(value, rewards[move]! / (1 - gamma));
    }
    values[state] = value;
  }
  const backup = (move: number): number => rewards[move]! + (next[move] === ended ? 0 : gamma * values[next[move]!]!);
  const raise = (state: number): boolean => {
    let best = Number.NEGATIVE_INFINITY;
    for (let move = state * numActions; move < (state + 1) * numActions; move++) best = Math.max(best, backup(move));
    if (best <= values[state]! + tolerance) return false;
    values[state] = best;
    return true;
  };
  let isStable = false;
  for (let round = 0; round < maxSweeps && !isStable; round++) {
    isStable = true;
    // Farthest states first: values travel back towards the start.
    for (let state = numStates - 1; state >= 0; state--) if (raise(state)) isStable = false;
    if (isStable) break;
    isStable = true;
    for (let state = 0; state < numStates; state++) if (raise(state)) isStable = false;
  }
  if (!isStable) {
    throw new MesascopeError(
      "unconverged",
      `values still change after ${2 * maxSweeps} sweeps at gamma ${gamma}; use a smaller gamma`,
    );
  }
  const out = new Float32Array(next.length);
  for (let move = 0; move < out.length; move++) out[move] = backup(move);
  return out;
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
        best = Math.max(best, rewards[move]! + (to === ended ? 0 : before[to]!));
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
        if (features[move * numFeatures + feature]! <= 0 && (to === ended || reach[to] === 0)) continue;
        reach[state] = 1;
        isSettled = false;
        break;
      }
    }
  }
  return reach;
}

/** Σ weight · feature of every move, `[states, actions]`. */
function rewardsOf({ features, next }: EnumeratedLevel, weights: Float64Array): Float64Array {
  const rewards = new Float64Array(next.length);
  for (let move = 0, at = 0; move < rewards.length; move++) {
    let reward = 0;
    for (let f = 0; f < weights.length; f++, at++) reward += weights[f]! * features[at]!;
    rewards[move] = reward;
  }
  return rewards;
}
