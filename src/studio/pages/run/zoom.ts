// The part of an axis that is looked at, moved by buttons.

export type RangeMove = "in" | "out" | "earlier" | "later";

interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** Half of what was seen, twice of it, or a half of it to the side; never beyond what there is. Null for all. */
export function movedRange(
  range: Bounds | null,
  { how, least, most }: { readonly how: RangeMove; readonly least: number; readonly most: number },
): Bounds | null {
  const { from, to } = range ?? { from: least, to: most };
  const width = to - from;
  const center = (from + to) / 2;
  const next = {
    in: { from: center - width / 4, to: center + width / 4 },
    out: { from: center - width, to: center + width },
    earlier: { from: from - width / 2, to: to - width / 2 },
    later: { from: from + width / 2, to: to + width / 2 },
  }[how];
  if (how === "earlier" && next.from < least) return { from: least, to: least + width };
  if (how === "later" && next.to > most) return { from: most - width, to: most };
  const kept = { from: Math.max(least, next.from), to: Math.min(most, next.to) };
  return kept.from <= least && kept.to >= most ? null : kept;
}
