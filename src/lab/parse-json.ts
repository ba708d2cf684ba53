// JSON from files and requests that anyone may have written.

/** Levels of nesting: recipes, whose distributions are mixtures of mixtures, have some fifteen. */
const mostLevels = 100;

/**
 * The value in a text of JSON. What `refuse` makes of what the text is, in words, is thrown for a text that is none, and for one that nests so deeply that
 * whatever walks through it would end the stack.
 */
export function parseJson(text: string, refuse: (why: string) => Error): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse(`not JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  if (isTooDeep(json)) throw refuse(`nested more than ${mostLevels} levels deep`);
  return json;
}

/** Whether a value nests deeper than JSON of ours does. Takes no more of the stack for it. */
export function isTooDeep(json: unknown): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostLevels) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) next.push(inner);
    }
    level = next;
  }
  return false;
}
