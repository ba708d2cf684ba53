// What the page of a run keeps in the address.

import { z } from "zod";
import { choiceField, flagField, numberField, placeField, textField } from "../../app/search-fields.ts";

export const runSearchSchema = z.object({
  x: choiceField(["steps", "seconds"], "steps"),
  log: flagField(),
  /** Weight of what was before in the average. */
  smooth: numberField({ least: 0, most: 0.98, fallback: 0.6 }),
  /** Which audits over training are shown: `20 levels, seed 1`; those of the most levels where there are no such. */
  budget: textField(),
  /** Bounds of what is looked at, in steps. */
  from: placeField(),
  to: placeField(),
});
export type RunSearch = z.infer<typeof runSearchSchema>;

/** Left out of the address. */
export const runSearchDefaults = { x: "steps", log: false, smooth: 0.6, budget: "" } as const satisfies RunSearch;
