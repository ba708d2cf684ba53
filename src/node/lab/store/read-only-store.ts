// A store that is asked and never written, whatever its place would allow.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore, BlobEntry, BlobRef, DocumentEntry, ListDocumentsOptions } from "../../../lab/artifact-store.ts";
import { indexDocument } from "../../../lab/layout.ts";

/** Reads what the store given reads. Writing and removing throw `file-system`. */
export class ReadOnlyStore implements ArtifactStore {
  readonly name: string;
  readonly #store: ArtifactStore;

  constructor(store: ArtifactStore) {
    this.name = store.name;
    this.#store = store;
  }

  getBlob(ref: BlobRef): Promise<Uint8Array> {
    return this.#store.getBlob(ref);
  }

  findBlob(sha256: string): Promise<BlobEntry | null> {
    return this.#store.findBlob(sha256);
  }

  listBlobs(): AsyncIterable<BlobEntry> {
    return this.#store.listBlobs();
  }

  blobName(sha256: string): string {
    return this.#store.blobName(sha256);
  }

  getDocument(path: string): Promise<unknown> {
    return this.#store.getDocument(path);
  }

  listDocuments(prefix: string, options?: ListDocumentsOptions): AsyncIterable<DocumentEntry> {
    return this.#store.listDocuments(prefix, options);
  }

  documentName(path: string): string {
    return this.#store.documentName(path);
  }

  async putDocument(path: string): Promise<void> {
    // Names the index, of which the one beside a store that is only read is none that lasts.
    if (path !== indexDocument) throw this.#refusal();
  }

  async putBlob(): Promise<BlobRef> {
    throw this.#refusal();
  }

  async deleteBlob(): Promise<boolean> {
    throw this.#refusal();
  }

  async deleteDocument(): Promise<void> {
    throw this.#refusal();
  }

  #refusal(): MesascopeError {
    return new MesascopeError(
      "file-system",
      `the lab in ${this.name} cannot be written from here; only asked. Run the command where it can be written, or copy the lab.`,
    );
  }
}
