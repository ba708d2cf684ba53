// Drawing cells of a board no two of which are the same.

import type { Prng } from "../../base/prng.ts";

/** Draws `count` different cells, at least one, of a board of `cells`; in the order in which they came. */
export function drawDistinct({ cells, count }: { readonly cells: number; readonly count: number }, prng: Prng): number[] {
  const drawn = [prng.integer(cells)];
  while (drawn.length < count) {
    const cell = prng.integer(cells);
    let i = 0;
    while (i < drawn.length && drawn[i] !== cell) i++;
    if (i === drawn.length) drawn.push(cell);
  }
  return drawn;
}
