// Sealing: labels are committed to by a salted hash before an audit, and opened only by whoever scores it.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { MesascopeError } from "../base/errors.ts";

/** SHA-256 in lowercase hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** SHA-256 over canonical JSON. Throws `invalid-data` for what is no JSON. */
export function hashOfJson(value: unknown): string {
  return hashOf(utf8ToBytes(canonicalJson(value)));
}

/**
 * The seal of a label: SHA-256 over the canonical JSON of `{ label, salt }`. Without the salt, which must be long and unknown, nobody can
 * find the label by trying the few that there are; with it, any change of the label is found. Throws `invalid-data` for what is no JSON.
 */
export function sealLabel(label: unknown, salt: string): string {
  return hashOfJson({ label, salt });
}

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
  throw new MesascopeError("invalid-data", `${String(value)} given to be sealed; expected a value that JSON has. Leave it out.`);
}
