// Drawing cells of a board no two of which are the same.

import type { Prng } from "../../base/prng.ts";

/** Draws `count` different cells of a board of `cells`, in the order in which they came. */
export function drawDistinct({ cells, count }: { readonly cells: number; readonly count: number }, prng: Prng): number[] {
  const drawn: number[] = [];
  while (drawn.length < count) {
    const cell = prng.integer(cells);
    if (!drawn.includes(cell)) drawn.push(cell);
  }
  return drawn;
}
