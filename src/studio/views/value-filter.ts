// The filter that finds the jobs whose recipes have a value in a field, or none there.

import type { ConfigValue } from "../../lab/flatten-recipe.ts";

export interface Terms {
  /** All of which are to hold. */
  readonly terms: readonly string[];
  /** Whether they find no others. */
  readonly isExact: boolean;
}

const askable = /^([A-Za-z_][\w-]*)(\.([A-Za-z_][\w-]*|0|[1-9]\d{0,8})){0,11}$/;

/** Of a field of recipes by its path, and its value as a flat recipe has it. No terms for a name that is no path. */
export function recipeFilter(path: string, value: ConfigValue | null): Terms {
  return valueFilter(path, typeof value === "string" ? (listIn(value) ?? value) : value);
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

/** A value as filters have it, words in quotes. */
export function written(value: unknown): string {
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
