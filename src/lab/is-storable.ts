// What a database can hold as text or JSON.

/** Half of a pair of UTF-16, or a zero character, as JSON writes them. */
const badEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Whether all texts of a JSON value can be stored by PostgreSQL, which has no zero characters and no halves of characters. */
export function isStorable(json: unknown): boolean {
  return !badEscape.test(JSON.stringify(json));
}

/** Characters of a message that are kept. */
const longest = 10_000;

/** A message as a database can hold it, whoever wrote it: cut, without zero characters and halves of characters. */
export function storableText(text: string): string {
  return text.slice(0, longest).replaceAll("\0", "").toWellFormed();
}
