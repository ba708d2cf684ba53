// What a comparison keeps in the address: which runs, and which of them the others are compared with.

import { z } from "zod";
import { textField } from "../../app/search-fields.ts";
import { isBeginningOfKey } from "../../views/job-key.ts";

export const compareSearchSchema = z.object({
  /** Keys of jobs: `KEY,KEY`. They count before `filter`. */
  runs: textField(),
  filter: textField(),
  /** Key of a run of the group that others are compared with. */
  baseline: textField(),
});
export type CompareSearch = z.infer<typeof compareSearchSchema>;

/** Left out of the address. */
export const compareSearchDefaults = { runs: "", filter: "", baseline: "" } as const satisfies CompareSearch;

function wordsIn(runs: string): readonly string[] {
  return [...new Set(runs.split(",").map((word) => word.trim()))].filter((word) => word !== "");
}

/** The keys in `runs`, or their beginnings; words that are neither are left out. */
export function chosenKeys({ runs }: Pick<CompareSearch, "runs">): readonly string[] {
  return wordsIn(runs).filter(isBeginningOfKey);
}

/** Those words, for the page to tell of. */
export function wordsThatAreNoKeys({ runs }: Pick<CompareSearch, "runs">): readonly string[] {
  return wordsIn(runs).filter((word) => !isBeginningOfKey(word));
}

/** The filter that the lab is asked with; null where nothing was chosen. */
export function comparedFilter(search: Pick<CompareSearch, "runs" | "filter">): string | null {
  const keys = chosenKeys(search);
  if (keys.length > 0) return keys.map((key) => `key:${key}`).join(" OR ");
  const filter = search.filter.trim();
  return filter === "" ? null : filter;
}
