// The filter that finds the runs of a group of a comparison in the run table.

import type { Comparison, RunGroup } from "../../../lab/compare.ts";
import type { ConfigValue } from "../../../lab/flatten-recipe.ts";

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

interface Terms {
  readonly terms: readonly string[];
  readonly isExact: boolean;
}

const askable = /^([A-Za-z_][\w-]*)(\.([A-Za-z_][\w-]*|0|[1-9]\d{0,8})){0,11}$/;

/** None for a field that no filter knows: the mixtures of levels, and names that are no path. */
function fieldFilter(field: string, value: ConfigValue | null): Terms {
  if (/^distribution(\.|$)/.test(field)) return { terms: [], isExact: false };
  if (field === "organism" || field === "code") return { terms: [`${field}:${written(value)}`], isExact: true };
  return valueFilter(field, typeof value === "string" ? (listIn(value) ?? value) : value);
}

/** Of a list each item and that there are no more; of a record each field, which others may have beside more. */
function valueFilter(path: string, value: unknown): Terms {
  if (Array.isArray(value)) {
    const items = [...value, null].map((item, i) => valueFilter(`${path}.${i}`, item));
    return { terms: items.flatMap(({ terms }) => terms), isExact: items.every(({ isExact }) => isExact) };
  }
  if (typeof value === "object" && value !== null) {
    const inner = Object.entries(value).map(([key, own]) => valueFilter(`${path}.${key}`, own));
    return { terms: inner.flatMap(({ terms }) => terms), isExact: false };
  }
  return askable.test(path) ? { terms: [`config.${path}:${written(value)}`], isExact: true } : { terms: [], isExact: false };
}

function written(value: unknown): string {
  return typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : String(value);
}

/** A list is told as its JSON. */
function listIn(text: string): readonly unknown[] | null {
  if (!text.startsWith("[")) return null;
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}
