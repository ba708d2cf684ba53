// A store in memory whose writes can be made to fail, or to be the last thing that happens.

import { createHash } from "node:crypto";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore, BlobRef, DocumentEntry, ListDocumentsOptions } from "../../lab/artifact-store.ts";

export class MemoryStore implements ArtifactStore {
  readonly name = "memory";
  readonly documents = new Map<string, string>();
  readonly blobs = new Map<string, Uint8Array>();
  /** Called before and after a document is put; what it throws is thrown. */
  onPut: (path: string, when: "before" | "after") => void | Promise<void> = () => undefined;

  async putBlob(bytes: Uint8Array): Promise<BlobRef> {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.blobs.set(sha256, bytes);
    return { sha256, bytes: bytes.length };
  }

  async getBlob({ sha256 }: BlobRef): Promise<Uint8Array> {
    const bytes = this.blobs.get(sha256);
    if (!bytes) throw new MesascopeError("damaged-artifact", `no blob ${sha256}`);
    return bytes;
  }

  async findBlob(sha256: string) {
    const bytes = this.blobs.get(sha256);
    return bytes ? { sha256, bytes: bytes.length, putAt: new Date(0) } : null;
  }

  async *listBlobs() {
    for (const sha256 of [...this.blobs.keys()].sort())
      yield { sha256, bytes: this.blobs.get(sha256)!.length, putAt: new Date(0) };
  }

  async deleteBlob(sha256: string): Promise<boolean> {
    return this.blobs.delete(sha256);
  }

  blobName(sha256: string): string {
    return `memory:${sha256}`;
  }

  async putDocument(path: string, json: unknown): Promise<void> {
    await this.onPut(path, "before");
    this.documents.set(path, JSON.stringify(json));
    await this.onPut(path, "after");
  }

  async getDocument(path: string): Promise<unknown> {
    const text = this.documents.get(path);
    return text === undefined ? null : JSON.parse(text);
  }

  async *listDocuments(prefix: string, { after = "" }: ListDocumentsOptions = {}): AsyncIterable<DocumentEntry> {
    for (const path of [...this.documents.keys()].sort()) {
      if (path.startsWith(prefix) && path > after)
        yield { path, bytes: this.documents.get(path)!.length, version: this.documents.get(path)! };
    }
  }

  async deleteDocument(path: string): Promise<void> {
    this.documents.delete(path);
  }

  documentName(path: string): string {
    return `memory:${path}`;
  }

  under(prefix: string): readonly string[] {
    return [...this.documents.keys()].filter((path) => path.startsWith(prefix)).sort();
  }
}
