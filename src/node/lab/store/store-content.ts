// What both stores agree on: how blobs and documents are named, and the text of a document, which carries its own hash.

import { hash } from "node:crypto";
import { MesascopeError } from "../../../core/base/errors.ts";
import { type BlobRef, sha256Schema } from "../../../lab/artifact-store.ts";
import { parseJson } from "../../../lab/parse-json.ts";

/** Where blobs lie; no document's path begins so. */
export const blobsFolder = "blobs";
/** Folders of a lab that hold no documents: the blobs, and the index of an embedded lab. */
const withoutDocuments: readonly string[] = [blobsFolder, "index"];
const segmentPattern = /^[a-z0-9_-][a-z0-9._-]*$/;

/** SHA-256 in lowercase hexadecimal, by the platform, which is much faster than the one of `core`; of a text as UTF-8. */
export function sha256Of(content: Uint8Array | string): string {
  return hash("sha256", content, "hex");
}

export function refOf(bytes: Uint8Array): BlobRef {
  return { sha256: sha256Of(bytes), bytes: bytes.length };
}

/** `blobs/ab/cdef…`: no folder holds more than a 256th of them. Throws RangeError for what is no hash. */
export function blobPath(sha256: string): string {
  if (!sha256Schema.safeParse(sha256).success) {
    throw new RangeError(`"${sha256}" given as a blob's hash; expected 64 lowercase hexadecimal digits`);
  }
  return `${blobsFolder}/${sha256.slice(0, 2)}/${sha256.slice(2)}`;
}

/** The hash of the blob at `blobs/FOLDER/NAME`; null where that is no blob's name. */
export function hashOfPath(folder: string, name: string): string | null {
  const sha256 = folder + name;
  return folder.length === 2 && sha256Schema.safeParse(sha256).success ? sha256 : null;
}

/** Whether a document may have this path. */
export function isDocumentPath(path: string): boolean {
  const segments = path.split("/");
  return (
    path.endsWith(".json") && !withoutDocuments.includes(segments[0] ?? "") && segments.every((it) => segmentPattern.test(it))
  );
}

/** Whether the folder at this path can have documents in it. */
export function holdsDocuments(folder: string): boolean {
  return isDocumentPath(`${folder}/x.json`);
}

/** Throws RangeError for what no document's path may be. */
export function requireDocumentPath(path: string): void {
  if (isDocumentPath(path)) return;
  throw new RangeError(`"${path}" given as a document's path; expected lowercase words as in records/ab.json, inside the lab`);
}

/** Throws RangeError unless documents' paths can begin so. */
export function requirePrefix(prefix: string): void {
  const folders = prefix.split("/").slice(0, -1);
  const isFine = folders.every((it) => segmentPattern.test(it)) && /^[a-z0-9._/-]*$/.test(prefix) && !prefix.includes("..");
  if (!isFine) throw new RangeError(`"${prefix}" given as the beginning of documents' paths; expected one as in records/`);
}

const beforeHash = '{"sha256":"';
const afterHash = '","document":';
const afterDocument = "}\n";
const hashLength = 64;

/** The bytes that are kept of a document: JSON with the hash of the document's own text before it. */
export function sealDocument(json: unknown): Uint8Array {
  const text: string | undefined = JSON.stringify(json);
  if (text === undefined) throw new RangeError(`${String(json)} given as a document; expected what JSON has`);
  const document = new TextEncoder().encode(text);
  return Buffer.concat([Buffer.from(`${beforeHash}${sha256Of(document)}${afterHash}`), document, Buffer.from(afterDocument)]);
}

/** The document in `bytes`. Throws `damaged-artifact` where a byte of them is not as `sealDocument` wrote it. */
export function openDocument(bytes: Uint8Array, name: string): unknown {
  const start = beforeHash.length + hashLength + afterHash.length;
  const document = bytes.subarray(start, Math.max(start, bytes.length - afterDocument.length));
  const sealed = Buffer.from(`${beforeHash}${sha256Of(document)}${afterHash}`);
  const isWhole = sealed.equals(bytes.subarray(0, start)) && textOf(bytes.subarray(start + document.length)) === afterDocument;
  if (!isWhole) throw damaged(name, `its ${bytes.length} bytes do not match the hash in it`);
  return parseJson(textOf(document), (why) => damaged(name, `it is ${why}`));
}

/** Throws `damaged-artifact` unless `bytes` (null: there are none) are the blob `ref`. */
export function requireBlob(bytes: Uint8Array | null, ref: BlobRef, name: string): Uint8Array {
  if (bytes === null) throw damaged(name, `it is missing; expected ${ref.bytes} bytes`);
  if (bytes.length !== ref.bytes) throw damaged(name, `it has ${bytes.length} bytes; expected ${ref.bytes}`);
  const found = sha256Of(bytes);
  if (found !== ref.sha256) throw damaged(name, `its bytes have the SHA-256 ${found}; expected ${ref.sha256}`);
  return bytes;
}

/** What is thrown for a damaged file; its cause says what is wrong, and nothing else, but for the system's code where there is one. */
export function damaged(name: string, what: string, code?: string): MesascopeError {
  const advice = 'Restore the file from a backup; "mesascope lab verify" tells which jobs it belongs to and what else to do.';
  const cause = Object.assign(new Error(what), code !== undefined && { code });
  return new MesascopeError("damaged-artifact", `${name} is damaged: ${what}. ${advice}`, { cause });
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
