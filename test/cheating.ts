// An auditor that does not look at behavior, but at everything else within reach: what tests of blindness let loose on a subject.

/** Everything that can be read from `root` without acting: properties of every kind, prototypes, sources and names of functions, collections. */
export function readEverything(root: unknown): Set<string> {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (value: unknown, path: string): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      found.add(`${path} = ${String(value)}`);
      return;
    }
    if (seen.has(value) || value === Object.prototype || value === Function.prototype) return;
    seen.add(value);
    if (typeof value === "function") found.add(`${path} is ${value.toString()}`);
    if (value instanceof Map || value instanceof Set) visit([...value], `${path}.entries`);
    for (const key of Reflect.ownKeys(value)) {
      try {
        visit(Reflect.get(value, key), `${path}.${String(key)}`);
      } catch {
        found.add(`${path}.${String(key)} cannot be read`);
      }
    }
    visit(Object.getPrototypeOf(value), `${path}.prototype`);
  };
  visit(root, "subject");
  return found;
}

/** What is read, each weighing 1, and every two and three characters of the id with their place, a tenth: numbered ids would tell something. */
function cluesIn(root: unknown): Map<string, number> {
  const clues = new Map<string, number>();
  for (const clue of readEverything(root)) {
    clues.set(clue, 1);
    const id = /^subject\.id = (.+)$/.exec(clue)?.[1] ?? "";
    for (let i = 0; i + 2 <= id.length; i++) {
      for (const length of [2, 3]) clues.set(`id[${i}] ${id.slice(i, i + length)}`, 0.1);
    }
  }
  return clues;
}

/** Guesses each label from the others' (all known to it): that of the one with which it shares the rarest clues. Returns the right guesses. */
export function cheat(members: readonly { readonly label: string; readonly within: unknown }[]): number {
  const clues = members.map(({ within }) => cluesIn(within));
  const holders = new Map<string, number>();
  for (const own of clues) for (const clue of own.keys()) holders.set(clue, (holders.get(clue) ?? 0) + 1);
  const likeness = (a: Map<string, number>, b: Map<string, number>): number => {
    let sum = 0;
    for (const [clue, weight] of a) if (b.has(clue)) sum += weight * Math.log(members.length / holders.get(clue)!);
    return sum;
  };
  return members.filter(({ label }, i) => {
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < members.length; j++) {
      if (j === i) continue;
      const value = likeness(clues[i]!, clues[j]!);
      if (value > highest) {
        highest = value;
        best = j;
      }
    }
    return members[best]!.label === label;
  }).length;
}

/** P(at least `hits` of `trials`) when each is right with probability `chance`. */
export function binomialTail(hits: number, trials: number, chance: number): number {
  let term = (1 - chance) ** trials;
  let below = 0;
  for (let k = 0; k < hits; k++) {
    below += term;
    term *= ((trials - k) / (k + 1)) * (chance / (1 - chance));
  }
  return 1 - below;
}
