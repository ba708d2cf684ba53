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

/** Draws the cells of the things and of the player, who stands on none of them, by rejection. The first thing's cell is any that is left. */
export function drawSeparated(
  options: SeparationOptions,
  prng: Prng,
): { readonly player: number; readonly cells: readonly number[] } {
  const { size, count, separation, reach } = options;
  const numCells = size * size;
  for (;;) {
    const player = prng.integer(numCells);
    const cells: number[] = [];
    for (let i = 0; i < count; i++) {
      cells.push(separation === "together" && i > 0 ? cells[0]! : prng.integer(numCells));
    }
    if (!cells.includes(player) && stepsBetween(player, cells[0]!, size) <= reach && keeps(separation, { player, cells, size })) {
      return { player, cells };
    }
  }
}

/** Whether cells that were drawn independently lie as asked. */
function keeps(
  separation: Separation,
  { player, cells, size }: { readonly player: number; readonly cells: readonly number[]; readonly size: number },
): boolean {
  if (separation === "together") return true;
  for (let i = 1; i < cells.length; i++) {
    const cell = cells[i]!;
    let isNextToOne = false;
    for (let j = 0; j < i; j++) {
      if (cells[j] === cell) return false;
      if (stepsBetween(cell, cells[j]!, size) === 1) isNextToOne = true;
    }
    if (separation === "adjacent" && !isNextToOne) return false;
    if (separation === "equidistant" && stepsBetween(player, cell, size) !== stepsBetween(player, cells[0]!, size)) return false;
  }
  return true;
}

/** Steps between two cells of an open square board. */
export function stepsBetween(cell: number, other: number, size: number): number {
  const [row, otherRow] = [(cell / size) | 0, (other / size) | 0];
  return Math.abs(row - otherRow) + Math.abs(cell - row * size - (other - otherRow * size));
}
