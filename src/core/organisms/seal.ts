// Sealing: labels are committed to by a salted hash before an audit, and opened only by whoever scores it.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../base/canonical-json.ts";

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
