// A lab's store in an S3-compatible bucket: the same paths as in a folder, as keys after a prefix. A put is atomic by the protocol.

import { createHash } from "node:crypto";
import { type ListObject, S3mini } from "s3mini";
import { MesascopeError } from "../../../core/base/errors.ts";
import type {
  ArtifactStore,
  BlobEntry,
  BlobRef,
  DeleteBlobOptions,
  DocumentEntry,
  ListDocumentsOptions,
} from "../../../lab/artifact-store.ts";
import type { BucketAddress } from "./bucket-address.ts";
import { askBucket, defaultPatience, openAloud, type Patience } from "./s3-request.ts";
import {
  blobPath,
  blobsFolder,
  hashOfPath,
  isDocumentPath,
  openDocument,
  refOf,
  requireBlob,
  requireDocumentPath,
  requirePrefix,
  sealDocument,
  sha256Of,
} from "./store-content.ts";

/** The most that the protocol lists at once. */
const pageSize = 1000;
/** How long a single request may take, in milliseconds: 50 MB over a slow line. */
const requestTimeout = 120_000;
const blobType = "application/octet-stream";
const documentType = "application/json";

export interface S3StoreOptions {
  readonly patience?: Patience;
  /** Told once where the bucket lets the opening wait: for what, and how long at most. */
  readonly onSlow?: (text: string) => void;
}

export class S3Store implements ArtifactStore {
  readonly name: string;
  readonly #prefix: string;
  readonly #client: S3mini;
  /** The client of the first request. */
  readonly #opening: S3mini;
  readonly #patience: Patience;

  private constructor(address: BucketAddress, { patience = defaultPatience }: S3StoreOptions) {
    this.name = `s3://${address.bucket}${address.prefix === "" ? "" : `/${address.prefix.slice(0, -1)}`} at ${address.endpoint}`;
    this.#prefix = address.prefix;
    this.#patience = patience;
    const account = {
      accessKeyId: address.accessKeyId,
      secretAccessKey: address.secretAccessKey,
      endpoint: `${address.endpoint}/${address.bucket}`,
      region: address.region,
    };
    this.#client = new S3mini({ ...account, requestAbortTimeout: requestTimeout });
    // A request that nobody waits for any more would keep the process.
    this.#opening = new S3mini({ ...account, requestAbortTimeout: Math.min(requestTimeout, patience.total) });
  }

  /** Opens the store and finds out whether the bucket answers; an endpoint at which nobody listens is not waited for. Throws `file-system`. */
  static async open(address: BucketAddress, options: S3StoreOptions = {}): Promise<S3Store> {
    const store = new S3Store(address, options);
    const { onSlow = () => undefined } = options;
    await openAloud(() => store.#page(store.#prefix, { size: 1, isFirst: true }), {
      ...{ bucket: store.name, patience: store.#patience, onSlow },
    });
    return store;
  }

  async putBlob(bytes: Uint8Array): Promise<BlobRef> {
    const ref = refOf(bytes);
    await this.#put(blobPath(ref.sha256), bytes, blobType);
    return ref;
  }

  async getBlob(ref: BlobRef): Promise<Uint8Array> {
    return requireBlob(await this.#get(blobPath(ref.sha256)), ref, this.blobName(ref.sha256));
  }

  async findBlob(sha256: string): Promise<BlobEntry | null> {
    const key = this.#prefix + blobPath(sha256);
    const found = (await this.#page(key, { size: 1 })).objects.find((it) => it.Key === key);
    return found ? { sha256, bytes: found.Size, putAt: found.LastModified } : null;
  }

  async *listBlobs(): AsyncIterable<BlobEntry> {
    for await (const { Key: key, Size: bytes, LastModified: putAt } of this.#list(`${blobsFolder}/`)) {
      const [folder = "", name = "", ...more] = key.slice(`${this.#prefix}${blobsFolder}/`.length).split("/");
      const sha256 = more.length === 0 ? hashOfPath(folder, name) : null;
      if (sha256 !== null) yield { sha256, bytes, putAt };
    }
  }

  /**
   * As the port says, but that a bucket has no look and removal in one: a blob put anew between the two, within milliseconds, is removed
   * all the same.
   */
  async deleteBlob(sha256: string, { unlessPutSince }: DeleteBlobOptions = {}): Promise<boolean> {
    const found = await this.findBlob(sha256);
    if (found === null) return false;
    if (unlessPutSince !== undefined && found.putAt > unlessPutSince) return false;
    await this.#delete(blobPath(sha256));
    return true;
  }

  blobName(sha256: string): string {
    return this.documentName(blobPath(sha256));
  }

  async putDocument(path: string, json: unknown): Promise<void> {
    requireDocumentPath(path);
    await this.#put(path, sealDocument(json), documentType);
  }

  async getDocument(path: string): Promise<unknown> {
    requireDocumentPath(path);
    const bytes = await this.#get(path);
    return bytes === null ? null : openDocument(bytes, this.documentName(path));
  }

  async *listDocuments(prefix: string, { after = "" }: ListDocumentsOptions = {}): AsyncIterable<DocumentEntry> {
    requirePrefix(prefix);
    for await (const { Key: key, Size: bytes, ETag: version } of this.#list(prefix, after)) {
      const path = key.slice(this.#prefix.length);
      if (isDocumentPath(path) && path > after) yield { path, bytes, version };
    }
  }

  async deleteDocument(path: string): Promise<void> {
    requireDocumentPath(path);
    await this.#delete(path);
  }

  documentName(path: string): string {
    return `${path} in ${this.name}`;
  }

  /** Puts, and makes sure that the bucket has these very bytes: by the MD5 that it tells, or where it tells none, by reading them back. */
  async #put(path: string, bytes: Uint8Array, type: string): Promise<void> {
    const response = await this.#ask(`write ${path}`, () => this.#client.putObject(this.#prefix + path, bytes, type));
    if (response === null) throw new MesascopeError("file-system", `cannot write ${path} in ${this.name}: ${noPlace}`);
    await response.body?.cancel();
    const told = this.#client.sanitizeETag(response.headers.get("etag") ?? "");
    if (told === createHash("md5").update(bytes).digest("hex")) return;
    const kept = await this.#get(path);
    if (kept !== null && sha256Of(kept) === sha256Of(bytes)) return;
    throw new MesascopeError(
      "file-system",
      `${path} in ${this.name} is not what was written there; expected the same ${bytes.length} bytes. ` +
        "Check the connection and the service, then run the command again.",
    );
  }

  async #get(path: string): Promise<Uint8Array | null> {
    return await this.#ask(`read ${path}`, async () => {
      const response = await this.#client.getObjectRaw(this.#prefix + path);
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  async #delete(path: string): Promise<void> {
    await this.#ask(`remove ${path}`, () => this.#client.deleteObject(this.#prefix + path));
  }

  async *#list(prefix: string, after = ""): AsyncGenerator<ListObject> {
    let token: string | undefined;
    do {
      const page = await this.#page(this.#prefix + prefix, { size: pageSize, token, after });
      yield* page.objects;
      token = page.next;
    } while (token !== undefined);
  }

  /** The first page after the path `after`, or the one that `token` of the page before names. */
  async #page(
    prefix: string,
    asked: { readonly size: number; readonly token?: string | undefined; readonly after?: string; readonly isFirst?: boolean },
  ) {
    const { size, token, after = "", isFirst = false } = asked;
    const start = token === undefined && after !== "" ? { "start-after": this.#prefix + after } : {};
    const client = isFirst ? this.#opening : this.#client;
    const request = () => client.listObjectsPaged("/", prefix, size, token, start);
    const found = await this.#ask("list files", request, isFirst);
    if (!found?.objects) throw new MesascopeError("file-system", `cannot list files in ${this.name}: ${noPlace}`);
    return { objects: found.objects, next: found.nextContinuationToken };
  }

  #ask<T>(action: string, request: () => Promise<T>, isFirst = false): Promise<T | null> {
    return askBucket(request, { action, bucket: this.name, patience: this.#patience, isFirst });
  }
}

const noPlace = "the bucket does not exist. Make it, or correct the name.";
