// Series made readable: an average that follows, and the few points of many that a narrow chart can show.

/** A value per place; null where none was measured, which stays a gap. */
export type Values = readonly (number | null)[];

/**
 * The exponential moving average with the bias of its beginning taken out, as Adam's moments (Kingma & Ba 2015, section 3): the first value is the
 * first measurement and not a share of it. `weight` of what was before, 0 (no smoothing) to below 1. Gaps stay gaps and count for nothing.
 */
export function debiasedAverage(values: Values, weight: number): (number | null)[] {
  let average = 0;
  let bias = 1;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    average = weight * average + (1 - weight) * value;
    bias *= weight;
    return average / (1 - bias);
  });
}

/**
 * Places to draw so that at most about four a bucket and series are left and no peak is lost: of each bucket the first and last place, and of each
 * series the places of its least and greatest value; besides, the first of a gap. Sorted, all places where there are few.
 */
export function bucketPlaces(
  series: readonly Values[],
  { length, buckets }: { readonly length: number; readonly buckets: number },
): number[] {
  if (length <= 4 * buckets) return Array.from({ length }, (_, i) => i);
  const places = new Set<number>();
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * length) / buckets);
    const to = Math.floor(((bucket + 1) * length) / buckets);
    places.add(from).add(to - 1);
    for (const values of series) for (const place of extremes(values, { from, to })) places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

function extremes(values: Values, { from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  let least = -1;
  let greatest = -1;
  let gap = -1;
  for (let place = from; place < to; place++) {
    const value = values[place];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      if (gap < 0) gap = place;
      continue;
    }
    if (least < 0 || value < values[least]!) least = place;
    if (greatest < 0 || value > values[greatest]!) greatest = place;
  }
  return [least, greatest, gap].filter((place) => place >= 0);
}
