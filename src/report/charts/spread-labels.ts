// Keeps direct labels readable where the lines they name end in the same place.

/**
 * Positions for labels that want to sit at `wanted` but must be at least `gap` apart, in the order of their wishes, inside
 * `[low, high]` where there is room. Returns one position per wish, in the order given.
 */
export function spreadLabels(wanted: readonly number[], room: { gap: number; low: number; high: number }): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const placed = new Array<number>(wanted.length).fill(0);
  let floor = room.low;
  for (const index of order) {
    placed[index] = Math.max(floor, wanted[index]!);
    floor = placed[index]! + room.gap;
  }
  let ceiling = room.high;
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index]!, ceiling);
    ceiling = placed[index]! - room.gap;
  }
  return placed;
}
