// What the API finds wrong with what it was given, in words: one text for its server and for those who call it.

import { z } from "zod";

/** What a refused call brings as its data, whichever version of a lab refused it. */
const issuesSchema = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).default([]) })).min(1),
});

const mostTold = 8;
/** Names of fields are the caller's own, and as long as he likes. */
const mostLetters = 300;

/**
 * Fields with what is wrong about each, separated by semicolons: `jobs.0.seed: expected an integer`. The first eight are told, others counted, and each
 * is cut at 300 characters. Null for data that has no issues.
 */
export function issuesText(data: unknown): string | null {
  const issues = issuesSchema.safeParse(data).data?.issues;
  if (issues === undefined) return null;
  const told = issues.slice(0, mostTold).map(({ message, path }) => cut([...pathText(path), message].join(": ")));
  return [...told, ...(issues.length > mostTold ? [`and ${issues.length - mostTold} more`] : [])].join("; ");
}

function pathText(path: readonly (string | number)[]): readonly string[] {
  return path.length === 0 ? [] : [path.join(".")];
}

function cut(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text;
}
