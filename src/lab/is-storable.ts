// What a database can hold as text or JSON.

import { z } from "zod";

/** Half of a pair of UTF-16, or a zero character, as JSON writes them. */
const badEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Whether all texts of a JSON value can be stored by PostgreSQL, which has no zero characters and no halves of characters. */
export function isStorable(json: unknown): boolean {
  return isStorableText(JSON.stringify(json));
}

/** As `isStorable`, of a value that is written as JSON. */
export function isStorableText(text: string): boolean {
  return !text.includes("\\u") || !badEscape.test(text);
}

const seen = { error: "expected letters that can be seen: no zero characters, no halves of characters" };

/** The schema, of values whose texts can all be stored. */
export function storable<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.refine(isStorable, seen);
}

/** ISO 8601, of a year that PostgreSQL has: it knows no year 0. */
export const storableInstant = z.iso.datetime().refine((text) => !text.startsWith("0000"), {
  error: "expected a time since the year 1",
});

/** A count that fits into 32 bits. */
export const storableCount = z.int().max(2 ** 31 - 1);

/** Characters of a message that are kept. */
const longest = 10_000;

/** A message as a database can hold it, whoever wrote it: cut, without zero characters and halves of characters. */
export function storableText(text: string): string {
  return text.slice(0, longest).replaceAll("\0", "").toWellFormed();
}
