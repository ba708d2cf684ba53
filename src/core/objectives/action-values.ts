// Exact discounted action values of a collection problem over (items left, cell): value iteration, told from top to bottom.

import { MesascopeError } from "../base/errors.ts";
import type { CollectionProblem } from "../worlds/grid/collection.ts";
import type { FeatureWeights } from "../worlds/world.ts";
import { weightVector } from "./objective.ts";

/** A change below this ends the sweeps; the values are then within tolerance / (1 − γ) of the fixed point. */
const tolerance = 1e-10;
/** Pairs of sweeps, there and back. */
const maxSweeps = 5_000;
/** Cells that a cell of a grid can lead to, itself not counted. */
const degree = 4;

/** Work space that grows with the problems it meets. Give the same one to every call of a loop. */
export class ActionValueBuffers {
  /** U[mask][cell]: value of arriving at the cell with these items left, `[masks, cells]`. */
  values = new Float64Array(0);
  /** Reward of each step that ends on a cell, without its item. */
  cellReward = new Float64Array(0);
  itemReward = new Float64Array(0);
  /** Value of arriving and staying for ever (see `setStayValues`). */
  stayValue = new Float64Array(0);
  /** Cells whose value the sweeps compute at the mask in hand, in reading order. */
  cells = new Int32Array(0);
  /** Where each cell leads (see `setNeighbors`). */
  neighbors = new Int32Array(0);

  /** Makes room; contents are undefined afterwards. */
  fit(problem: CollectionProblem): void {
    const { numCells, numItems, fullMask } = problem;
    if (this.values.length < (fullMask + 1) * numCells) this.values = new Float64Array((fullMask + 1) * numCells);
    if (this.itemReward.length < numItems) this.itemReward = new Float64Array(numItems);
    if (this.cellReward.length < numCells) {
      this.cellReward = new Float64Array(numCells);
      this.stayValue = new Float64Array(numCells);
      this.cells = new Int32Array(numCells);
    }
    if (this.neighbors.length < numCells * degree) this.neighbors = new Int32Array(numCells * degree);
  }
}

export interface ActionValueOptions {
  readonly weights: FeatureWeights;
  /** Discount per step, 0 ≤ γ < 1. */
  readonly gamma: number;
  readonly buffers?: ActionValueBuffers;
  /** Where to write, `[masks · cells · actions]` or longer; default a new array. */
  readonly out?: Float32Array;
}

/**
 * Q*(mask, cell, action) of the undisturbed infinite-horizon problem, `[masks, cells, actions]`: the reward of a step that arrives
 * after d steps counts γ^(d−1), and the episode is over when the last item is taken. With U[m][q] the value of arriving at q,
 *
 *     Q(m, c, a) = U[m][next(c, a)]
 *     U[m][c] = r(c) + γ · max_a U[m][next(c, a)]        no item of m on c
 *     U[m][q] = w(item) + U[m without the item][q]        an item of m on q
 *     U[0][q] = r(q)
 *
 * so masks are solved from few items to many, each by Gauss–Seidel sweeps in alternating directions (Bertsekas, Dynamic Programming
 * and Optimal Control II, §2.2) until no value changes by more than 1e-10. Rows of mask 0 are 0; rows of closed cells mean nothing.
 *
 * Throws `usage` for a γ outside [0, 1), an unknown feature or a cell that leads to more than four others, `shape-mismatch` when `out`
 * is too short, `unconverged` after 10,000 sweeps.
 */
export function solveActionValues(problem: CollectionProblem, options: ActionValueOptions): Float32Array {
  const { numCells, numItems, fullMask, itemCells } = problem;
  const { gamma, buffers = new ActionValueBuffers() } = options;
  if (!(gamma >= 0 && gamma < 1)) {
    throw new MesascopeError(
      "usage",
      `gamma ${gamma} given; expected 0 ≤ gamma < 1 (for gamma 1 use the finite-horizon solver). Give a smaller one.`,
    );
  }
  buffers.fit(problem);
  setRewards(problem, options.weights, buffers);
  setStayValues(problem, gamma, buffers);
  setNeighbors(problem, buffers.neighbors);
  const { values, cellReward, itemReward, stayValue, cells, neighbors } = buffers;

  for (let cell = 0; cell < numCells; cell++) values[cell] = cellReward[cell]!;
  for (let mask = 1; mask <= fullMask; mask++) {
    const row = mask * numCells;
    for (let cell = 0; cell < numCells; cell++) values[row + cell] = stayValue[cell]!;
    for (let item = 0; item < numItems; item++) {
      if (((mask >> item) & 1) === 0) continue;
      const cell = itemCells[item]!;
      values[row + cell] = itemReward[item]! + values[(mask ^ (1 << item)) * numCells + cell]!;
    }
    const count = listCells(problem, mask, cells);
    sweepUntilStable({ values, row, cells, count, neighbors, cellReward, gamma });
  }
  return writeActionValues(problem, values, options.out);
}

function setRewards(problem: CollectionProblem, weights: FeatureWeights, buffers: ActionValueBuffers): void {
  const vector = weightVector(weights, problem.features);
  const width = vector.length;
  for (let cell = 0; cell < problem.numCells; cell++) {
    let reward = 0;
    for (let f = 0; f < width; f++) reward += vector[f]! * problem.cellFeatures[cell * width + f]!;
    buffers.cellReward[cell] = reward;
  }
  for (let item = 0; item < problem.numItems; item++) {
    let reward = 0;
    for (let f = 0; f < width; f++) reward += vector[f]! * problem.itemFeatures[item * width + f]!;
    buffers.itemReward[item] = reward;
  }
}

/**
 * First values, a lower bound so that sweeps only raise them: staying for ever where an action stays, r(c) / (1 − γ). With such an
 * action everywhere the bound is also the value of every policy that never takes another item and has stopped walking (walking in
 * circles is never better than staying at the best cell of the circle), so the sweeps only spread shortest ways and end after a few.
 */
function setStayValues(problem: CollectionProblem, gamma: number, buffers: ActionValueBuffers): void {
  const { numCells, numActions, next } = problem;
  let least = 0;
  for (let cell = 0; cell < numCells; cell++) least = Math.min(least, buffers.cellReward[cell]!);
  for (let item = 0; item < problem.numItems; item++) least = Math.min(least, buffers.itemReward[item]! + least);
  for (let cell = 0; cell < numCells; cell++) {
    let canStay = false;
    for (let a = 0; a < numActions; a++) canStay ||= next[cell * numActions + a] === cell;
    buffers.stayValue[cell] = (canStay ? buffers.cellReward[cell]! : least) / (1 - gamma);
  }
}

/** Fills `neighbors`, `[cells, 4]`: the cells that each cell leads to, itself left out (staying is in the first values), repeated to four. */
function setNeighbors(problem: CollectionProblem, neighbors: Int32Array): void {
  const { numCells, numActions, next } = problem;
  for (let cell = 0; cell < numCells; cell++) {
    const first = cell * degree;
    let end = first;
    for (let a = 0; a < numActions; a++) {
      const target = next[cell * numActions + a]!;
      if (target === cell) continue;
      if (end === first + degree)
        throw new MesascopeError("usage", `cell ${cell} leads to more than ${degree} others; this solver is for grids`);
      neighbors[end++] = target;
    }
    const filler = end === first ? cell : neighbors[first]!;
    while (end < first + degree) neighbors[end++] = filler;
  }
}

/** Lists the open cells that hold no item of `mask`, and returns how many there are. */
function listCells(problem: CollectionProblem, mask: number, cells: Int32Array): number {
  const { numCells, open, itemAt } = problem;
  let count = 0;
  for (let cell = 0; cell < numCells; cell++) {
    const item = itemAt[cell]!;
    if (open[cell] !== 0 && (item < 0 || ((mask >> item) & 1) === 0)) cells[count++] = cell;
  }
  return count;
}

interface Sweep {
  readonly values: Float64Array;
  readonly row: number;
  readonly cells: Int32Array;
  readonly count: number;
  readonly neighbors: Int32Array;
  readonly cellReward: Float64Array;
  readonly gamma: number;
}

/** One loop per direction and no loop over neighbors: written otherwise it takes up to 1.6 times as long. */
function sweepUntilStable(sweep: Sweep): void {
  const { values, row, cells, count, neighbors, cellReward, gamma } = sweep;
  for (let round = 0; round < maxSweeps; round++) {
    let changed = false;
    for (let i = 0; i < count; i++) {
      const cell = cells[i]!;
      const value = cellReward[cell]! + gamma * bestNeighbor(values, row, neighbors, cell);
      if (value <= values[row + cell]! + tolerance) continue;
      values[row + cell] = value;
      changed = true;
    }
    if (!changed) return;
    changed = false;
    for (let i = count - 1; i >= 0; i--) {
      const cell = cells[i]!;
      const value = cellReward[cell]! + gamma * bestNeighbor(values, row, neighbors, cell);
      if (value <= values[row + cell]! + tolerance) continue;
      values[row + cell] = value;
      changed = true;
    }
    if (!changed) return;
  }
  throw new MesascopeError(
    "unconverged",
    `values still change after ${2 * maxSweeps} sweeps at gamma ${gamma}; use a smaller gamma`,
  );
}

/** Not an options object: this is called ten thousand times a problem. */
function bestNeighbor(values: Float64Array, row: number, neighbors: Int32Array, cell: number): number {
  const first = cell * degree;
  return Math.max(
    Math.max(values[row + neighbors[first]!]!, values[row + neighbors[first + 1]!]!),
    Math.max(values[row + neighbors[first + 2]!]!, values[row + neighbors[first + 3]!]!),
  );
}

function writeActionValues(problem: CollectionProblem, values: Float64Array, given: Float32Array | undefined): Float32Array {
  const { numCells, numActions, fullMask, next } = problem;
  const length = (fullMask + 1) * numCells * numActions;
  const out = given ?? new Float32Array(length);
  if (out.length < length)
    throw new MesascopeError("shape-mismatch", `out has ${out.length} places; expected at least ${length}`);
  const perMask = numCells * numActions;
  out.fill(0, 0, perMask);
  for (let mask = 1; mask <= fullMask; mask++) {
    const row = mask * numCells;
    const base = mask * perMask;
    for (let i = 0; i < perMask; i++) out[base + i] = values[row + next[i]!]!;
  }
  return out;
}
