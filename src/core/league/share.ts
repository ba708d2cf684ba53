// A count of a count, with its interval: what every score of the league but calibration is.

import { z } from "zod";
import { wilsonInterval } from "../base/intervals.ts";

export const shareSchema = z.object({
  count: z.int().min(0),
  of: z.int().min(0),
  share: z.number().min(0).max(1).nullable().describe("count / of; null where there was none to count"),
  low: z.number().min(0).max(1).nullable().describe("95% Wilson interval"),
  high: z.number().min(0).max(1).nullable(),
});

export type Share = z.infer<typeof shareSchema>;

/** How many of `items` pass, with the 95% Wilson interval. No items is no share: missing data is not a zero. */
export function shareOf<Item>(items: readonly Item[], passes: (item: Item) => boolean): Share {
  const count = items.filter(passes).length;
  if (items.length === 0) return { count, of: 0, share: null, low: null, high: null };
  const { low, high } = wilsonInterval({ successes: count, trials: items.length });
  return { count, of: items.length, share: count / items.length, low, high };
}
