// Keys of jobs as they come by an address, and what is said of those that are none.

/** Digits that tell a key from others where a beginning will do. */
const fewestDigits = 6;

export function isJobKey(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The first digits of a key, enough to look for it by. */
export function isBeginningOfKey(text: string): boolean {
  return /^[0-9a-f]*$/.test(text) && text.length >= fewestDigits && text.length <= 64;
}

/** Characters of what was given that are told. */
const mostTold = 80;

/** `“xyz” is no key of a run. A key has 64 digits …` */
export function noKeyWords(given: string, what: string): string {
  const told = given.length > mostTold ? `${given.slice(0, mostTold)} …` : given;
  return `“${told}” is no key of ${what}. A key has 64 digits, 0 to 9 and a to f, such as 3fa9c1d20b…`;
}
