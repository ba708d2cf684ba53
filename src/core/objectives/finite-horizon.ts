// The best undiscounted return of a collection problem within its horizon, and a policy that earns it: backward induction.

import type { CollectionProblem } from "../worlds/grid/collection.ts";
import type { FeatureWeights } from "../worlds/world.ts";
import { weightVector } from "./objective.ts";

/** Work space that grows with the problems it meets. Give the same one to every call of a loop; a policy lives in it until the next call. */
export class HorizonBuffers {
  /** Values with k and k − 1 steps left, `[masks, cells]` each. */
  values = new Float64Array(0);
  before = new Float64Array(0);
  policy = new Uint8Array(0);
}

export interface HorizonOptions {
  readonly weights: FeatureWeights;
  readonly buffers?: HorizonBuffers;
}

export interface HorizonSolution {
  /** The best undiscounted return from the start. */
  readonly value: number;
  /** An optimal action in each state after t steps, `[horizon, masks, cells]`; the lowest action where several are optimal. */
  readonly policy: Uint8Array;
}

/** The best undiscounted return from the start of `problem` within its horizon. Throws `usage` for an unknown feature. */
export function optimalReturn(problem: CollectionProblem, options: HorizonOptions): number {
  const { buffers = new HorizonBuffers() } = options;
  return induceBackwards(problem, options.weights, { buffers, withPolicy: false });
}

/** The best undiscounted return and a policy that earns it. Throws `usage` for an unknown feature. */
export function solveFiniteHorizon(problem: CollectionProblem, options: HorizonOptions): HorizonSolution {
  const { buffers = new HorizonBuffers() } = options;
  const length = problem.horizon * (problem.fullMask + 1) * problem.numCells;
  if (buffers.policy.length < length) buffers.policy = new Uint8Array(length);
  const value = induceBackwards(problem, options.weights, { buffers, withPolicy: true });
  return { value, policy: buffers.policy.subarray(0, length) };
}

/**
 * V_k(m, c), the best return with k steps left: V_0 = 0, V_k(0, c) = 0, and V_k(m, c) = max_a r(q) + V_{k−1}(m, q) with q = next(c, a),
 * where an item of m on q adds its own reward and leaves m.
 */
function induceBackwards(
  problem: CollectionProblem,
  weights: FeatureWeights,
  work: { readonly buffers: HorizonBuffers; readonly withPolicy: boolean },
): number {
  const { numCells, numActions, next, open, fullMask, horizon, start } = problem;
  const { buffers, withPolicy } = work;
  const states = (fullMask + 1) * numCells;
  if (buffers.values.length < states) {
    buffers.values = new Float64Array(states);
    buffers.before = new Float64Array(states);
  }
  const arrival = arrivals(problem, weights);
  buffers.before.fill(0, 0, states);
  buffers.values.fill(0, 0, numCells);
  for (let left = 1; left <= horizon; left++) {
    const { values, before } = buffers;
    const policyRow = (horizon - left) * states;
    for (let mask = 1; mask <= fullMask; mask++) {
      const row = mask * numCells;
      for (let cell = 0; cell < numCells; cell++) {
        if (open[cell] === 0) continue;
        let best = Number.NEGATIVE_INFINITY;
        let bestAction = 0;
        for (let a = 0; a < numActions; a++) {
          const state = row + next[cell * numActions + a]!;
          const value = arrival.reward[state]! + before[arrival.state[state]!]!;
          if (value > best) {
            best = value;
            bestAction = a;
          }
        }
        values[row + cell] = best;
        if (withPolicy) buffers.policy[policyRow + row + cell] = bestAction;
      }
    }
    buffers.before = values;
    buffers.values = before;
    buffers.values.fill(0, 0, numCells);
  }
  return buffers.before[fullMask * numCells + start]!;
}

/** For each (mask, cell): the reward of arriving there, and the state that it leaves. */
function arrivals(
  problem: CollectionProblem,
  weights: FeatureWeights,
): { readonly reward: Float64Array; readonly state: Int32Array } {
  const { numCells, fullMask, itemAt, features, cellFeatures, itemFeatures } = problem;
  const vector = weightVector(weights, features);
  const dot = (table: Float32Array, row: number): number =>
    vector.reduce((sum, w, f) => sum + w * table[row * vector.length + f]!, 0);
  const reward = new Float64Array((fullMask + 1) * numCells);
  const state = new Int32Array((fullMask + 1) * numCells);
  for (let cell = 0; cell < numCells; cell++) {
    const item = itemAt[cell]!;
    const bit = item < 0 ? 0 : 1 << item;
    const plain = dot(cellFeatures, cell);
    const taking = item < 0 ? 0 : dot(itemFeatures, item);
    for (let mask = 0; mask <= fullMask; mask++) {
      const takes = (mask & bit) !== 0;
      reward[mask * numCells + cell] = plain + (takes ? taking : 0);
      state[mask * numCells + cell] = (takes ? mask ^ bit : mask) * numCells + cell;
    }
  }
  return { reward, state };
}
