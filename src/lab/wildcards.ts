// Patterns with * for any letters and ? for one, matched in time proportional to text × pattern at worst: no regular expressions, whose
// backtracking a pattern could make endless.

/** Whether all of `text` follows `pattern`. Large and small letters differ. */
export function matchesWildcards(text: string, pattern: string): boolean {
  let [at, place] = [0, 0];
  // Where the last star stands, and the text that it does not hold begins.
  let [star, after] = [-1, 0];
  while (at < text.length) {
    if (pattern[place] === "*") {
      star = place++;
      after = at;
    } else if (place < pattern.length && (pattern[place] === "?" || pattern[place] === text[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++after;
    } else return false;
  }
  while (pattern[place] === "*") place++;
  return place === pattern.length;
}
