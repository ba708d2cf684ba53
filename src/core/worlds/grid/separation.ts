// Where a few things lie on an open square board, from all on one cell to anywhere: how far apart, and how far from the player.

import type { Prng } from "../../base/prng.ts";

/**
 * - `together`: all on one cell.
 * - `adjacent`: each next to one of those before it.
 * - `equidistant`: on different cells, as many steps from the player each.
 * - `apart`: on different cells.
 */
export const separations = ["together", "adjacent", "equidistant", "apart"] as const;
export type Separation = (typeof separations)[number];

export interface SeparationOptions {
  readonly size: number;
  /** How many things, 1 to 3. */
  readonly count: number;
  readonly separation: Separation;
  /** The first thing lies at most this many steps from the player. */
  readonly reach: number;
}

/**
 * Draws the cells of the things and of the player, who stands on none of them. The player's and the first thing's cells are any; the others
 * are any that lie as asked; all are drawn anew where there is none.
 */
export function drawSeparated(
  options: SeparationOptions,
  prng: Prng,
): { readonly player: number; readonly cells: readonly number[] } {
  const { size, count, separation, reach } = options;
  const numCells = size * size;
  for (;;) {
    const player = prng.integer(numCells);
    const first = prng.integer(numCells);
    if (first === player || stepsBetween(player, first, size) > reach) continue;
    const cells = [first];
    while (cells.length < count) {
      const next = separation === "together" ? first : drawNext({ size, separation, player, cells }, prng);
      if (next < 0) break;
      cells.push(next);
    }
    if (cells.length === count) return { player, cells };
  }
}

/** A free cell that lies as asked of those before it; −1 where there is none. */
function drawNext(
  {
    size,
    separation,
    player,
    cells,
  }: Pick<SeparationOptions, "size" | "separation"> & {
    readonly player: number;
    readonly cells: readonly number[];
  },
  prng: Prng,
): number {
  const far = stepsBetween(player, cells[0]!, size);
  const fitting: number[] = [];
  for (let cell = 0; cell < size * size; cell++) {
    if (cell === player || cells.includes(cell)) continue;
    if (separation === "equidistant" && stepsBetween(player, cell, size) !== far) continue;
    if (separation === "adjacent" && !cells.some((other) => stepsBetween(cell, other, size) === 1)) continue;
    fitting.push(cell);
  }
  return fitting.length === 0 ? -1 : fitting[prng.integer(fitting.length)]!;
}

/** Steps between two cells of an open square board. */
export function stepsBetween(cell: number, other: number, size: number): number {
  const [row, otherRow] = [(cell / size) | 0, (other / size) | 0];
  return Math.abs(row - otherRow) + Math.abs(cell - row * size - (other - otherRow * size));
}
