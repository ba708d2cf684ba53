// Fields of a recipe as a reader takes them in.

import { withTrueMinus } from "../../report/charts/format.ts";

/** Lists and records, which stand in the recipe as JSON, without its brackets: `[64,64]` → `64, 64`. */
export function plainWords(value: string | number | boolean): string {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return wordsOf(value);
  try {
    return wordsOf(JSON.parse(value));
  } catch {
    return value;
  }
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(value.some((each) => typeof each === "object") ? "; " : ", ");
  if (typeof value === "number") return withTrueMinus(String(value));
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "any";
  const words = ([name, each]: [string, unknown]) =>
    typeof each === "object" ? `${name} (${wordsOf(each)})` : `${name}: ${wordsOf(each)}`;
  return entries.map(words).join(", ");
}
