// A lab's store in a folder: blobs at blobs/ab/cdef…, documents at their paths. Every file is written beside its place, synced and renamed,
// so that none is ever half there; several processes may put at once.

import { link, readdir, rm, rmdir, stat, utimes } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { MesascopeError } from "../../../core/base/errors.ts";
import type {
  ArtifactStore,
  BlobEntry,
  BlobRef,
  DeleteBlobOptions,
  DocumentEntry,
  ListDocumentsOptions,
} from "../../../lab/artifact-store.ts";
import {
  asidePath,
  atomicWrite,
  fileSystemError,
  readBytes,
  removeStaleTemporaries,
  renameWhenFree,
  syncFolder,
} from "../../storage/files.ts";
import {
  causeCodeOf,
  ensureFolder,
  entriesOf,
  errorCodeOf,
  type FolderIdentity,
  identityOf,
  lookAtAll,
  placeOf,
} from "./folder-place.ts";
import {
  blobPath,
  blobsFolder,
  damaged,
  hashOfPath,
  holdsDocuments,
  isDocumentPath,
  openDocument,
  refOf,
  requireBlob,
  requireDocumentPath,
  requirePrefix,
  sealDocument,
} from "./store-content.ts";

/** How often a write is begun anew because somebody removed its folder or temporary meanwhile. */
const attempts = 4;
/** How many files of a folder are looked at at once. */
const looksAtOnce = 64;

/** Codes that say that a file is not what it was, not that the folder cannot be reached. */
const unreadable: Readonly<Record<string, string>> = {
  EIO: "the disk cannot read it (EIO)",
  EISDIR: "a folder is in its place (EISDIR)",
};

export class FolderStore implements ArtifactStore {
  readonly name: string;
  readonly #root: FolderIdentity;

  private constructor(root: FolderIdentity) {
    this.name = root.path;
    this.#root = root;
  }

  /**
   * Opens the store in a folder, which must be there, and removes what killed processes left half-written, unless it is only to be read. Throws
   * `file-system` where there is no folder.
   */
  static async open(folder: string, { isToRead = false } = {}): Promise<FolderStore> {
    const path = resolve(folder);
    const root = await identityOf(path).catch((cause: unknown) => {
      if (errorCodeOf(cause) !== "ENOENT") throw fileSystemError(cause, { action: "open the lab in", path });
      throw new MesascopeError(
        "file-system",
        `there is no folder ${path}; expected the one of a lab's files. Make the empty folder, or mount it.`,
        { cause },
      );
    });
    const store = new FolderStore(root);
    if (isToRead) return store;
    await store.#removeLeftovers("").catch((cause: unknown) => {
      throw fileSystemError(cause, { action: "open the lab in", path });
    });
    return store;
  }

  async putBlob(bytes: Uint8Array): Promise<BlobRef> {
    const ref = refOf(bytes);
    const path = blobPath(ref.sha256);
    if (!(await this.#putAgain(path, bytes))) await this.#write(path, bytes);
    return ref;
  }

  async getBlob(ref: BlobRef): Promise<Uint8Array> {
    const path = blobPath(ref.sha256);
    return requireBlob(await this.#read(path), ref, this.#absolute(path));
  }

  async findBlob(sha256: string): Promise<BlobEntry | null> {
    const path = blobPath(sha256);
    if ((await placeOf(this.#root, path)) === null) return null;
    const [found] = await lookAtAll(this.#root, [path]);
    return found ? { sha256, bytes: found.bytes, putAt: found.changedAt } : null;
  }

  async *listBlobs(): AsyncIterable<BlobEntry> {
    for (const folder of await entriesOf(this.#root, blobsFolder)) {
      if (!folder.isFolder) continue;
      const files = await entriesOf(this.#root, `${blobsFolder}/${folder.name}`);
      const paths = files
        .filter(({ name }) => hashOfPath(folder.name, name) !== null)
        .map(({ name }) => `${folder.name}/${name}`);
      for (let from = 0; from < paths.length; from += looksAtOnce) {
        const batch = paths.slice(from, from + looksAtOnce).map((path) => `${blobsFolder}/${path}`);
        for (const { path, bytes, changedAt } of await lookAtAll(this.#root, batch)) {
          yield { sha256: path.slice(blobsFolder.length).replaceAll("/", ""), bytes, putAt: changedAt };
        }
      }
    }
  }

  async deleteBlob(sha256: string, { unlessPutSince }: DeleteBlobOptions = {}): Promise<boolean> {
    const path = await placeOf(this.#root, blobPath(sha256));
    if (path === null) return false;
    // Away first, then looked at: what is put after the look has a name of its own again and is not touched by the removal.
    const aside = asidePath(path);
    try {
      await renameWhenFree(path, aside);
      const isKept = unlessPutSince !== undefined && (await stat(aside)).mtime > unlessPutSince;
      if (isKept) await link(aside, path).catch(ignoring("EEXIST"));
      await rm(aside, { force: true });
      await syncFolder(dirname(path));
      return !isKept;
    } catch (cause) {
      if (errorCodeOf(cause) === "ENOENT") return false;
      throw fileSystemError(cause, { action: "remove", path });
    }
  }

  blobName(sha256: string): string {
    return this.#absolute(blobPath(sha256));
  }

  async putDocument(path: string, json: unknown): Promise<void> {
    requireDocumentPath(path);
    await this.#write(path, sealDocument(json));
  }

  async getDocument(path: string): Promise<unknown> {
    requireDocumentPath(path);
    const bytes = await this.#read(path);
    return bytes === null ? null : openDocument(bytes, this.#absolute(path));
  }

  async *listDocuments(prefix: string, { after = "" }: ListDocumentsOptions = {}): AsyncIterable<DocumentEntry> {
    requirePrefix(prefix);
    yield* this.#documentsIn(prefix.slice(0, prefix.lastIndexOf("/") + 1), { prefix, after });
  }

  async deleteDocument(path: string): Promise<void> {
    requireDocumentPath(path);
    const place = await placeOf(this.#root, path);
    if (place === null) return;
    try {
      await rm(place, { force: true });
      // A job's folder of checkpoints goes with the last of them; the folders at the top stay.
      const isDeep = path.split("/").length > 2;
      const wasLast = isDeep && (await rmdir(dirname(place)).then(() => true, ignoring("ENOTEMPTY", "EEXIST", "ENOENT")));
      await syncFolder(wasLast === true ? dirname(dirname(place)) : dirname(place));
    } catch (cause) {
      throw fileSystemError(cause, { action: "remove", path: place });
    }
  }

  documentName(path: string): string {
    return this.#absolute(path);
  }

  #absolute(path: string): string {
    return join(this.#root.path, path);
  }

  async #read(path: string): Promise<Uint8Array | null> {
    const place = await placeOf(this.#root, path);
    if (place === null) return null;
    return await readBytes(place).catch((error: unknown) => {
      const code = causeCodeOf(error) ?? "";
      if (code === "ENOENT") return null;
      if (unreadable[code] !== undefined) throw damaged(place, unreadable[code], code);
      throw error;
    });
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await ensureFolder(this.#root, dirname(path));
        return await atomicWrite(this.#absolute(path), bytes);
      } catch (error) {
        if (causeCodeOf(error) !== "ENOENT" || attempt === attempts) throw error;
      }
    }
  }

  /** Whether the blob lay there whole; then it counts as put now, and is as lasting as if it had been. */
  async #putAgain(path: string, bytes: Uint8Array): Promise<boolean> {
    const place = await placeOf(this.#root, path);
    if (place === null || (await lookAtAll(this.#root, [path]))[0]?.bytes !== bytes.length) return false;
    const found = await this.#read(path);
    if (found === null || !Buffer.from(found.buffer, found.byteOffset, found.length).equals(bytes)) return false;
    try {
      const now = new Date();
      await utimes(place, now, now);
      await syncFolder(dirname(place));
      return true;
    } catch (cause) {
      // It went meanwhile, or is another user's: written anew it is ours.
      if (["ENOENT", "EPERM"].includes(errorCodeOf(cause) ?? "")) return false;
      throw fileSystemError(cause, { action: "write", path: place });
    }
  }

  async *#documentsIn(
    folder: string,
    wanted: { readonly prefix: string; readonly after: string },
  ): AsyncGenerator<DocumentEntry> {
    const { prefix, after } = wanted;
    let batch: string[] = [];
    const looked = async () => {
      const found = await lookAtAll(this.#root, batch);
      batch = [];
      return found.map(({ path, bytes, version }) => ({ path, bytes, version }));
    };
    for (const { name, isFolder } of await entriesOf(this.#root, folder)) {
      const path = folder + name;
      if (isFolder && holdsDocuments(path) && `${path}/`.startsWith(prefix)) {
        yield* await looked();
        yield* this.#documentsIn(`${path}/`, wanted);
      } else if (!isFolder && isDocumentPath(path) && path.startsWith(prefix) && path > after) {
        batch.push(path);
        if (batch.length === looksAtOnce) yield* await looked();
      }
    }
    yield* await looked();
  }

  /** Lists each folder once: this is done at every opening. */
  async #removeLeftovers(folder: string): Promise<void> {
    const place = await placeOf(this.#root, folder);
    if (place === null) return;
    const names = await readdir(place).catch(ignoring("ENOENT", "ENOTDIR"));
    // A store that may only be read is opened all the same: what is left over harms nobody.
    const hasLeftovers = names?.some((name) => name.startsWith(".") && name.endsWith(".tmp"));
    if (hasLeftovers) await removeStaleTemporaries(place).catch(ignoring("EROFS", "EACCES", "EPERM", "ENOENT"));
    const holdsFolders = !folder.startsWith(`${blobsFolder}/`) || folder === `${blobsFolder}/`;
    for (const name of holdsFolders ? (names ?? []) : []) {
      const isOfStore = folder === `${blobsFolder}/` || folder + name === blobsFolder || holdsDocuments(folder + name);
      if (isOfStore && !name.endsWith(".json")) await this.#removeLeftovers(`${folder}${name}/`);
    }
  }
}

/** What a failure with one of these codes comes to: undefined. Others are thrown on. */
function ignoring(...codes: readonly string[]): (cause: unknown) => undefined {
  return (cause) => {
    if (!codes.includes(causeCodeOf(cause) ?? errorCodeOf(cause) ?? "")) throw cause;
    return undefined;
  };
}
