// What tells runs of one name apart, in words: the fields in which they differ, as tables and headings tell them.

import type { JobRow } from "./api.ts";

/** Longer values are cut. */
const mostLetters = 20;

/** A field as a table tells it: `learningRate=0.001` for its path `optimizer.learningRate`. */
export function fieldText(path: string, value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const letters = [...text];
  return `${path.split(".").at(-1)}=${letters.length > mostLetters ? `${letters.slice(0, mostLetters - 1).join("")}…` : text}`;
}

/** e.g. `learningRate=0.001 hidden=[64,64]`; fields that a job does not have are left out, and where there are more than `most` the others. */
export function variantText(variant: JobRow["variant"], most = Number.POSITIVE_INFINITY): string {
  const told = Object.entries(variant).filter(([, value]) => value !== null);
  const words = told.slice(0, most).map(([path, value]) => fieldText(path, value));
  return [...words, ...(told.length > most ? ["…"] : [])].join(" ");
}
