// Which part of an axis is looked at. An address or a button may ask for one that no axis has.

/** Null for all there is. */
export type Range = { readonly from: number; readonly to: number } | null;

/** What can be shown of what was asked for: a logarithm begins at the least value above 0, and a part that ends before it begins is none. */
export function shownRange(
  asked: Range,
  { x, isLogarithmic }: { readonly x: readonly number[]; readonly isLogarithmic: boolean },
): Range {
  if (asked === null) return null;
  const from = isLogarithmic ? Math.max(asked.from, leastOf(x, true)) : asked.from;
  return from < asked.to ? { from, to: asked.to } : null;
}

/** Where the axis begins; `x` ascends. */
export function leastOf(x: readonly number[], isLogarithmic: boolean): number {
  return (isLogarithmic ? x.find((value) => value > 0) : x[0]) ?? 0;
}

/** Place of the last measurement in sight; -1 where none is. */
export function lastInSight(x: readonly number[], range: Range): number {
  if (range === null) return x.length - 1;
  const last = x.findLastIndex((value) => value <= range.to);
  return last >= 0 && x[last]! >= range.from ? last : -1;
}
