// Where a lab keeps what is confirmed: blobs named by the hash of their bytes, and small JSON documents named by path. The port; a folder
// and a bucket implement it. Nothing here can be half written: a put that returns has survived power loss, one that throws left nothing.

import { z } from "zod";

/** Lowercase hexadecimal. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A blob as documents name it. */
export const blobRefSchema = z.strictObject({ sha256: sha256Schema, bytes: z.int().min(0) });
export type BlobRef = z.infer<typeof blobRefSchema>;

/** A blob as a listing tells of it. */
export interface BlobEntry extends Readonly<BlobRef> {
  /** When it was last put, by the clock of what holds it. */
  readonly putAt: Date;
}

export interface DocumentEntry {
  readonly path: string;
  /** On the disk or in the bucket, its seal included. */
  readonly bytes: number;
  /** Another one after the document was written anew, as far as what holds it tells without reading it; else arbitrary. */
  readonly version: string;
}

export interface DeleteBlobOptions {
  /** Leaves the blob where it was put after this, also if that is meanwhile. */
  readonly unlessPutSince?: Date;
}

export interface ListDocumentsOptions {
  /** Only those that come after this path, which itself need not be there: what comes before it costs next to nothing. */
  readonly after?: string;
}

/**
 * Paths of documents are lowercase letters, digits, `-`, `_`, `.` and `/`, never absolute, never with `..`, and end in `.json` (see
 * `layout.ts`); others are a bug. What is written of a document carries its own hash, `{"sha256":…,"document":…}`, so that one altered byte
 * is found. All methods throw `file-system` where the store cannot be reached, is full or may not be written.
 */
export interface ArtifactStore {
  /** For messages: a folder or a bucket's address, without credentials. */
  readonly name: string;
  /** Keeps bytes. Where they are kept already, they count as put anew, and are healed where they were altered. */
  putBlob(bytes: Uint8Array): Promise<BlobRef>;
  /** The bytes, checked against hash and length. Throws `damaged-artifact` where they are missing or altered. */
  getBlob(ref: BlobRef): Promise<Uint8Array>;
  /** What a listing would tell of a blob; null where there is none. Its bytes are not read. */
  findBlob(sha256: string): Promise<BlobEntry | null>;
  /** All blobs, in the order of their hashes. */
  listBlobs(): AsyncIterable<BlobEntry>;
  /** Whether there was one that is now gone. */
  deleteBlob(sha256: string, options?: DeleteBlobOptions): Promise<boolean>;
  /** Where a blob lies, for messages: the file's path or the object's address. */
  blobName(sha256: string): string;
  /** Writes a document, replacing one of the same path. */
  putDocument(path: string, json: unknown): Promise<void>;
  /** The parsed JSON; null where there is none. Throws `damaged-artifact` where it is altered. */
  getDocument(path: string): Promise<unknown>;
  /** All documents whose path begins with `prefix`, in the order of their paths. */
  listDocuments(prefix: string, options?: ListDocumentsOptions): AsyncIterable<DocumentEntry>;
  /** Does nothing where there is none. */
  deleteDocument(path: string): Promise<void>;
  /** Where a document lies, for messages. */
  documentName(path: string): string;
}
