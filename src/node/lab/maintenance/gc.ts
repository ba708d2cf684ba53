// Collects what a lab no longer needs: blobs that no document names. What was put lately stays: a worker puts the files of a job first and
// its record afterwards.

import { randomUUID } from "node:crypto";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { labDocument } from "../../../lab/layout.ts";
import { readDocuments } from "./read-documents.ts";

/** In milliseconds: a day, longer than any worker waits for a database between the files of a job and its record. */
export const defaultGrace = 24 * 3_600_000;

export interface CollectOptions {
  /** In milliseconds; blobs that were put since so long ago are left, by the clock of what holds them. */
  readonly grace?: number;
  /** Removes nothing and tells what would be removed. */
  readonly isDryRun?: boolean;
  readonly onProgress?: (progress: { readonly stage: "documents" | "blobs"; readonly done: number }) => void;
  /** Ends the work between two files, with the signal's reason thrown. */
  readonly signal?: AbortSignal;
}

interface Amount {
  count: number;
  bytes: number;
}

export interface Collected {
  /** Gone, or in a dry run what would go. */
  readonly removed: Readonly<Amount>;
  /** Named by a record, a checkpoint, an entry of the ledger, a card or a league. */
  readonly named: Readonly<Amount>;
  /** Not named, but put within the grace period. */
  readonly young: Readonly<Amount>;
}

/**
 * Removes blobs that nothing names. Takes nothing that is named, whatever happens in the lab meanwhile, as long as no worker waits longer
 * than `grace` between files and record (for a bucket see `S3Store.deleteBlob`). Throws `damaged-artifact`, before anything is removed,
 * where a document cannot be read: what it names is not known; `file-system` where the store cannot be reached.
 */
export async function collectGarbage(store: ArtifactStore, options: CollectOptions = {}): Promise<Collected> {
  const { grace = defaultGrace, isDryRun = false, onProgress, signal } = options;
  if (!(grace >= 0)) throw new RangeError(`a grace period of ${grace} ms given; expected 0 or more`);
  await requireLab(store);
  const now = await storeTime(store);
  const limit = new Date(now.getTime() - grace);
  const named = await namedHashes(store, options);
  const sums = { removed: { count: 0, bytes: 0 }, named: { count: 0, bytes: 0 }, young: { count: 0, bytes: 0 } };
  let done = 0;
  for await (const { sha256, bytes, putAt } of store.listBlobs()) {
    signal?.throwIfAborted();
    const isOld = putAt <= limit;
    // Looked at again by the removal: it may have been put anew since it was listed.
    const goes = !named.has(sha256) && isOld && (isDryRun || (await store.deleteBlob(sha256, { unlessPutSince: limit })));
    const sum = named.has(sha256) ? sums.named : goes ? sums.removed : sums.young;
    sum.count++;
    sum.bytes += bytes;
    onProgress?.({ stage: "blobs", done: ++done });
  }
  return sums;
}

/** By the clock that tells when blobs were put: that of this machine may be hours off. */
async function storeTime(store: ArtifactStore): Promise<Date> {
  const { sha256 } = await store.putBlob(new TextEncoder().encode(`what is the time? ${randomUUID()}`));
  const found = await store.findBlob(sha256);
  await store.deleteBlob(sha256);
  if (found) return found.putAt;
  throw new MesascopeError(
    "file-system",
    `${store.name} does not have a file that was put there just now; expected it to keep what it is given. Check the store, then collect again.`,
  );
}

async function requireLab(store: ArtifactStore): Promise<void> {
  if ((await store.getDocument(labDocument)) === null) {
    throw new MesascopeError(
      "damaged-artifact",
      `${store.documentName(labDocument)} is missing; expected a lab, and nothing is removed from what may be none. ` +
        "Check the address, or restore the file from a backup.",
    );
  }
}

async function namedHashes(store: ArtifactStore, { onProgress, signal }: CollectOptions): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  let done = 0;
  for await (const document of readDocuments(store)) {
    signal?.throwIfAborted();
    if (document === null) continue;
    if (document.damage !== null) {
      throw new MesascopeError(
        "damaged-artifact",
        `${store.documentName(document.path)} is damaged: ${document.damage}. What it names is not known, so nothing was removed. ` +
          'Run "mesascope lab verify", do what it says, then collect again.',
      );
    }
    for (const { sha256 } of document.blobs) named.add(sha256);
    onProgress?.({ stage: "documents", done: ++done });
  }
  return named;
}
