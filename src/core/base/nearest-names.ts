// Names that are like one that was mistyped.

/**
 * The names, most like `given` first: by how many single letters have to change, as a share of the longer of both, for else short names would
 * be like everything. Large and small letters are alike; ties stay in their order.
 */
export function nearestNames(given: string, names: readonly string[]): readonly string[] {
  const farness = new Map(names.map((name) => [name, unlikeness(given.toLowerCase(), name.toLowerCase())]));
  return names.toSorted((a, b) => farness.get(a)! - farness.get(b)!);
}

function unlikeness(from: string, to: string): number {
  return editDistance(from, to) / Math.max(1, from.length, to.length);
}

/** Letters to insert, leave out or replace (Levenshtein 1966), by rows of the table of all prefixes. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
