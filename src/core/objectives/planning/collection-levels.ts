// Planning in worlds of cells and items, by their own exact solvers.

import type { Prng } from "../../base/prng.ts";
import { ended } from "../../worlds/enumeration/enumerated-level.ts";
import type { CollectionProblem, CollectionState, CollectionWorld } from "../../worlds/grid/collection.ts";
import { ActionValueBuffers, solveActionValues } from "../action-values.ts";
import { HorizonBuffers, optimalReturn } from "../finite-horizon.ts";
import type { AskedStates, AskOptions, LevelGraph, LevelPlanner, Way } from "./planned-level.ts";

interface Buffers {
  readonly values: ActionValueBuffers;
  readonly horizon: HorizonBuffers;
}

/** Exact planning; levels share their work space. */
export function collectionPlanner(world: CollectionWorld): LevelPlanner {
  const buffers: Buffers = { values: new ActionValueBuffers(), horizon: new HorizonBuffers() };
  return {
    isExact: true,
    plan(level) {
      const collection = world.collection(level);
      const { numActions, numCells, horizon } = collection;
      return {
        ...{ level, numActions, horizon, collection },
        bestReturn(weights) {
          const best = optimalReturn(collection, { weights, buffers: buffers.horizon });
          return { lower: best, upper: best };
        },
        valuesFor(aim) {
          const values = solveActionValues(collection, { ...aim, buffers: buffers.values });
          return (state) => {
            const { cell, mask } = state as CollectionState;
            const start = (mask * numCells + cell) * numActions;
            return values.subarray(start, start + numActions);
          };
        },
        ask: (options) => askIn(collection, options, buffers),
        drawState: (prng) => drawState(collection, prng),
        graph: () => graphOf(collection, buffers),
      };
    },
  };
}

/** States are numbered mask · cells + cell. */
function graphOf(problem: CollectionProblem, buffers: Buffers): LevelGraph {
  const { numActions, numCells, next, itemAt, start, fullMask, features, itemFeatures, cellFeatures } = problem;
  const cellAfter = (state: number, action: number): number => next[(state % numCells) * numActions + action]!;
  const takes = (state: number, cell: number): boolean =>
    itemAt[cell]! >= 0 && ((Math.floor(state / numCells) >> itemAt[cell]!) & 1) !== 0;
  return {
    ...{ numActions, numStates: (fullMask + 1) * numCells, start: fullMask * numCells + start },
    follow(state, action) {
      const cell = cellAfter(state, action);
      const mask = Math.floor(state / numCells);
      const left = itemAt[cell]! >= 0 ? mask & ~(1 << itemAt[cell]!) : mask;
      return left === 0 ? ended : left * numCells + cell;
    },
    stays: (state, action) => cellAfter(state, action) === state % numCells,
    gives(state, action, feature) {
      const cell = cellAfter(state, action);
      const ofItem = takes(state, cell) ? itemFeatures[itemAt[cell]! * features.length + feature]! : 0;
      return ofItem + cellFeatures[cell * features.length + feature]!;
    },
    solve: (aim) => solveActionValues(problem, { ...aim, buffers: buffers.values }),
  };
}

function askIn(problem: CollectionProblem, options: AskOptions, buffers: Buffers): AskedStates {
  const { numActions, numCells, fullMask, next } = problem;
  const states = drawStates(problem, options);
  let all: Float32Array | undefined;
  const out = new Float32Array(states.length * numActions);
  return {
    states,
    stays(s, action) {
      const { cell } = states[s]!;
      return next[cell * numActions + action] === cell;
    },
    solve(aim) {
      all ??= new Float32Array((fullMask + 1) * numCells * numActions);
      const values = solveActionValues(problem, { ...aim, buffers: buffers.values, out: all });
      states.forEach(({ cell, mask }, s) => {
        const start = (mask * numCells + cell) * numActions;
        for (let a = 0; a < numActions; a++) out[s * numActions + a] = values[start + a]!;
      });
      return out;
    },
    wayTo: (s, { steps, prng }) => wayTo(problem, { state: states[s]!, steps, prng }),
  };
}

/**
 * Random states of a level: any open cell without an item, any set of items that still holds every wanted feature (or any non-empty set,
 * where the level has none of them), at most half of the time gone.
 */
function drawStates(problem: CollectionProblem, { count, wanted, prng }: AskOptions): CollectionState[] {
  const width = problem.features.length;
  const holds = (mask: number, feature: string): boolean => {
    const f = problem.features.indexOf(feature);
    for (let item = 0; item < problem.numItems; item++) {
      if (((mask >> item) & 1) !== 0 && problem.itemFeatures[item * width + f]! > 0) return true;
    }
    return false;
  };
  const available = wanted.filter((feature) => holds(problem.fullMask, feature));
  const states: CollectionState[] = [];
  while (states.length < count) {
    const mask = 1 + prng.integer(problem.fullMask);
    const cell = prng.integer(problem.numCells);
    const item = problem.itemAt[cell]!;
    const isFree = problem.open[cell] !== 0 && (item < 0 || ((mask >> item) & 1) === 0);
    if (!isFree || !available.every((feature) => holds(mask, feature))) continue;
    states.push({ cell, mask, elapsed: prng.integer((problem.horizon >> 1) + 1) });
  }
  return states;
}

/** Any non-empty set of items, any open cell without one of them, any time. */
function drawState(problem: CollectionProblem, prng: Prng): CollectionState {
  const mask = 1 + prng.integer(problem.fullMask);
  let cell: number;
  do cell = prng.integer(problem.numCells);
  while (problem.open[cell] === 0 || (problem.itemAt[cell]! >= 0 && ((mask >> problem.itemAt[cell]!) & 1) === 1));
  return { cell, mask, elapsed: prng.integer(problem.horizon) };
}

/**
 * A random walk of `steps` steps over free cells, drawn backwards: before each cell one of those from which a step leads to it, or the cell itself;
 * and of the actions that lead from one to the next any. It takes `steps` steps of the time that the state has left.
 */
function wayTo(
  problem: CollectionProblem,
  options: { readonly state: CollectionState; readonly steps: number; readonly prng: Prng },
): Way {
  const { state, steps, prng } = options;
  const actions: number[] = [];
  let { cell } = state;
  while (actions.length < steps) {
    const cells = cellsBefore(problem, { ...state, cell });
    const before = cells[prng.integer(cells.length)]!;
    const leading = actionsBetween(problem, before, cell);
    actions.unshift(leading[prng.integer(leading.length)]!);
    cell = before;
  }
  return { from: { ...state, cell }, actions };
}

function actionsBetween({ next, numActions }: CollectionProblem, from: number, to: number): number[] {
  return Array.from({ length: numActions }, (_, action) => action).filter((action) => next[from * numActions + action] === to);
}

function cellsBefore({ next, numActions, numCells, open, itemAt }: CollectionProblem, state: CollectionState): number[] {
  const cells = [state.cell];
  for (let cell = 0; cell < numCells; cell++) {
    const item = itemAt[cell]!;
    if (cell === state.cell || open[cell] === 0 || (item >= 0 && ((state.mask >> item) & 1) !== 0)) continue;
    if (next.subarray(cell * numActions, (cell + 1) * numActions).includes(state.cell)) cells.push(cell);
  }
  return cells;
}
