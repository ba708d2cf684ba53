// Patterns with * for any letters and ? for one, matched in time proportional to text × pattern at worst: no regular expressions, whose
// backtracking a pattern could make endless.

/** Whether all of `text` follows `pattern`. Large and small letters differ; a letter is a code point. */
export function matchesWildcards(text: string, pattern: string): boolean {
  const [letters, signs] = [Array.from(text), Array.from(pattern)];
  let [at, place] = [0, 0];
  // Where the last star stands, and where the text begins that it does not hold.
  let [star, after] = [-1, 0];
  while (at < letters.length) {
    if (signs[place] === "*") {
      star = place++;
      after = at;
    } else if (place < signs.length && (signs[place] === "?" || signs[place] === letters[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++after;
    } else return false;
  }
  while (signs[place] === "*") place++;
  return place === signs.length;
}
