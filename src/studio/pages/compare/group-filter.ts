// The filter that finds the runs of a group of a comparison in the run table.

import type { Comparison, RunGroup } from "../../../lab/compare.ts";
import type { ConfigValue } from "../../../lab/flatten-recipe.ts";
import { recipeFilter, type Terms, written } from "../../views/value-filter.ts";

export interface GroupFilter {
  readonly filter: string;
  /** Whether it finds these runs alone: what levels a run was trained on, and that it weighs nothing else, cannot be asked for. */
  readonly isExact: boolean;
}

/** Finished runs that `asked` found, and that have the group's values in the fields in which the groups differ. */
export function groupFilter(
  { fields }: Pick<Comparison, "fields">,
  { group, asked }: { readonly group: Pick<RunGroup, "config">; readonly asked: string },
): GroupFilter {
  const found = fields.map((field) => fieldFilter(field, group.config[field] ?? null));
  return {
    filter: ["state:done", `(${asked.trim()})`, ...found.flatMap(({ terms }) => terms)].join(" AND "),
    isExact: found.every(({ isExact }) => isExact),
  };
}

/** None for the mixtures of levels, which no filter knows. */
function fieldFilter(field: string, value: ConfigValue | null): Terms {
  if (/^distribution(\.|$)/.test(field)) return { terms: [], isExact: false };
  if (field === "organism" || field === "code") return { terms: [`${field}:${written(value)}`], isExact: true };
  return recipeFilter(field, value);
}
