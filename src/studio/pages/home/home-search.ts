// What the first page keeps in the address: where the world stands, the board, the step, and the seed of what is trained here.

import { z } from "zod";
import { choiceField, numberField } from "../../app/search-fields.ts";

/** Steps per second. */
export const speeds = ["2", "5", "10"] as const;

export const homeSearchSchema = z.object({
  /** Axes moved away from training. */
  shift: numberField({ least: 0, most: 4, fallback: 0 }).transform(Math.round),
  board: numberField({ least: 1, most: 999, fallback: 1 }).transform(Math.round),
  step: numberField({ least: 0, most: 99, fallback: 0 }).transform(Math.round),
  speed: choiceField(speeds, "5"),
  seed: numberField({ least: 0, most: 999_999, fallback: 7 }).transform(Math.round),
});
export type HomeSearch = z.infer<typeof homeSearchSchema>;

/** Left out of the address. */
export const homeSearchDefaults = { shift: 0, board: 1, step: 0, speed: "5", seed: 7 } as const satisfies HomeSearch;
