// One text for one value: what hashes and keys are made of.

import { MesascopeError } from "./errors.ts";

/**
 * JSON that is the same for equal values: fields sorted by name, no spaces, numbers as ECMAScript writes them (RFC 8785 without its
 * treatment of lone surrogates). Throws `invalid-data` for values that JSON does not have, NaN and undefined among them.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(",")}}`;
  }
  const isJson = value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (isJson) return JSON.stringify(value);
  throw new MesascopeError(
    "invalid-data",
    `${String(value)} given where JSON is written; expected a value that JSON has. Leave it out.`,
  );
}
