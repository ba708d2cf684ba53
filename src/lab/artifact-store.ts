// Where a lab keeps what is confirmed: blobs named by the hash of their bytes, and small JSON documents named by path. The port; a folder
// and a bucket implement it. Nothing here can be half written: a put that returns has survived power loss, one that throws left nothing.

import { z } from "zod";

/** Lowercase hexadecimal. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A blob as documents name it. */
export const blobRefSchema = z.strictObject({ sha256: sha256Schema, bytes: z.int().min(0) });
export type BlobRef = z.infer<typeof blobRefSchema>;

export interface DocumentEntry {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Paths of documents are lowercase letters, digits, `-`, `_`, `.` and `/`, never absolute, never with `..` (see `layout.ts`); other paths
 * are a bug. All methods throw `file-system` where the store cannot be reached, is full or may not be written.
 */
export interface ArtifactStore {
  /** For messages: a folder or a bucket's address, without credentials. */
  readonly name: string;
  /** Keeps bytes; where they are kept already, does nothing. */
  putBlob(bytes: Uint8Array): Promise<BlobRef>;
  /** The bytes, checked against hash and length. Throws `damaged-artifact` where they are missing or altered. */
  getBlob(ref: BlobRef): Promise<Uint8Array>;
  /** All blobs, in the order of their hashes. */
  listBlobs(): AsyncIterable<BlobRef>;
  /** Does nothing where there is none. */
  deleteBlob(sha256: string): Promise<void>;
  /** Writes a document, replacing one of the same path. */
  putDocument(path: string, json: unknown): Promise<void>;
  /** The parsed JSON; null where there is none. Throws `damaged-artifact` for what is no JSON. */
  getDocument(path: string): Promise<unknown>;
  /** All documents whose path begins with `prefix`, in the order of their paths. */
  listDocuments(prefix: string): AsyncIterable<DocumentEntry>;
  /** Does nothing where there is none. */
  deleteDocument(path: string): Promise<void>;
}
