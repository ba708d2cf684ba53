// What somebody's file or module gave, as plain JSON of bounded depth and size, before anything recurses into it.

import { MesascopeError } from "../../core/base/errors.ts";

const mostDepth = 40;
const mostValues = 1_000_000;

/**
 * A copy of `given` that holds nothing but JSON, without fields that are undefined. Throws `usage` naming `source` and the place of what is no
 * JSON, deeper than 40 levels, or too much.
 */
export function requirePlain(given: unknown, source: string): unknown {
  let values = 0;
  const copy = (value: unknown, path: readonly (string | number)[]): unknown => {
    const at = path.length === 0 ? "it" : `${path.slice(0, 6).join(".")}${path.length > 6 ? ".…" : ""}`;
    const refuse = (what: string, expected: string) =>
      new MesascopeError("usage", `${source}: ${at} ${what}; expected ${expected}. Leave it out or write it as plain JSON.`);
    values++;
    if (values > mostValues) throw refuse(`is beyond the ${mostValues.toLocaleString("en-US")}th value`, "fewer values");
    if (path.length > mostDepth)
      throw refuse(`lies more than ${mostDepth} levels deep`, "fewer levels, and nothing that holds itself");
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      if (Number.isFinite(value)) return value;
      throw refuse(`is ${value}`, "a finite number");
    }
    if (Array.isArray(value)) return Array.from(value, (item: unknown, i) => copy(item, [...path, i]));
    if (typeof value !== "object") throw refuse(`is a ${typeof value}`, "JSON");
    const prototype: unknown = Object.getPrototypeOf(value);
    // A module's objects may come from another realm, so that a plain object is one whose prototype has none.
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    if (!isPlain) throw refuse(`is a ${value.constructor?.name ?? "class"}`, "a plain object");
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    for (const [name] of fields) if (name === "__proto__") throw refuse('has a field "__proto__"', "another name");
    return Object.fromEntries(fields.map(([name, field]) => [name, copy(field, [...path, name])]));
  };
  return copy(given, []);
}
