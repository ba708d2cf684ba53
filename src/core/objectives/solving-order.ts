// The order in which the states of a level are solved: components of states that lead to each other, each after those that it leads to.

import type { EnumeratedLevel } from "../worlds/enumeration/enumerated-level.ts";

/** States of a level in the order in which they can be solved: what one leads to comes before it, or in the same component. */
export interface SolvingOrder {
  /** States, components after the components that they lead to, within one by number. */
  readonly states: Int32Array;
  /** Where each component begins in `states`, and the end: `[components + 1]`. */
  readonly begins: Int32Array;
}

/** Strongly connected components in reverse topological order (Tarjan 1972, "Depth-first search and linear graph algorithms"), without recursion. */
export function solvingOrder({ numStates, numActions, next }: EnumeratedLevel): SolvingOrder {
  const index = new Int32Array(numStates).fill(-1);
  const low = new Int32Array(numStates);
  const isOpen = new Uint8Array(numStates);
  const open = new Int32Array(numStates);
  const path = new Int32Array(numStates);
  const nextMove = new Int32Array(numStates);
  const states = new Int32Array(numStates);
  const begins = [0];
  let found = 0;
  let numOpen = 0;
  let placed = 0;
  for (let root = 0; root < numStates; root++) {
    if (index[root] !== -1) continue;
    let depth = 0;
    path[0] = root;
    while (depth >= 0) {
      const state = path[depth]!;
      if (index[state] === -1) {
        index[state] = low[state] = found++;
        open[numOpen++] = state;
        isOpen[state] = 1;
      }
      let child = -1;
      while (nextMove[state]! < numActions && child < 0) {
        const to = next[state * numActions + nextMove[state]!++]!;
        if (to < 0) continue;
        if (index[to] === -1) child = to;
        else if (isOpen[to] === 1 && index[to]! < low[state]!) low[state] = index[to]!;
      }
      if (child >= 0) {
        path[++depth] = child;
        continue;
      }
      if (low[state] === index[state]) {
        const first = placed;
        let member: number;
        do {
          member = open[--numOpen]!;
          isOpen[member] = 0;
          states[placed++] = member;
        } while (member !== state);
        states.subarray(first, placed).sort();
        begins.push(placed);
      }
      depth--;
      if (depth >= 0 && low[state]! < low[path[depth]!]!) low[path[depth]!] = low[state]!;
    }
  }
  return { states, begins: Int32Array.from(begins) };
}
