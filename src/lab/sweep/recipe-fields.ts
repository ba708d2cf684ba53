// Fields of a recipe by their paths, such as `optimizer.learningRate` or `network.hidden.0`: read, and put anew into a copy.

/** The value at a path; undefined where there is none. */
export function fieldOf(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null || !hasField(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

/** A copy with `field` at `path`; null where the path leads through something that has no fields, or beyond the end of a list. */
export function withField(value: unknown, path: string, field: unknown): unknown {
  const [key, ...rest] = path.split(".");
  return put(value, { key: key!, rest, field });
}

function put(
  value: unknown,
  { key, rest, field }: { readonly key: string; readonly rest: readonly string[]; readonly field: unknown },
): unknown {
  if (typeof value !== "object" || value === null || (Array.isArray(value) && !hasField(value, key))) return null;
  const [next, ...others] = rest;
  const inner: unknown = hasField(value, key) ? Reflect.get(value, key) : undefined;
  const made = next === undefined ? field : put(inner, { key: next, rest: others, field });
  if (made === null && next !== undefined) return null;
  return Array.isArray(value) ? value.with(Number(key), made) : { ...value, [key]: made };
}

/** All paths that lead to something in `value`, fields before what they hold. */
export function pathsOf(value: unknown, prefix = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [`${prefix}${name}`, ...pathsOf(inner, `${prefix}${name}.`)]);
}

/** A list has its places, and no length. */
function hasField(value: object, key: string): boolean {
  return Object.hasOwn(value, key) && !(Array.isArray(value) && key === "length");
}
