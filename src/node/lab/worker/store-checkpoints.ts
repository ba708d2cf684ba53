// Checkpoints of training in a lab's store: a document for each, naming a blob, so that whoever takes the job next goes on from there.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { type CheckpointDocument, checkpointDocumentSchema, checkpointSchemaId } from "../../../lab/checkpoint.ts";
import type { JobKey } from "../../../lab/job.ts";
import { checkpointPath, checkpointsPrefix } from "../../../lab/layout.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../storage/checkpoint-file.ts";
import { decodeTraining, encodeTraining, type TrainingState } from "../../training/training-checkpoint.ts";

export interface FoundCheckpoint {
  readonly state: TrainingState;
  /** ISO 8601: when the first attempt began. */
  readonly startedAt: string;
}

/** The checkpoints of one job, as one attempt at it sees them. */
export class StoreCheckpoints {
  readonly #store: ArtifactStore;
  readonly #job: JobKey;
  /** Updates of the newest checkpoint that is known to be whole: read or written by this attempt. */
  #whole: number | null = null;

  constructor(store: ArtifactStore, job: JobKey) {
    this.#store = store;
    this.#job = job;
  }

  /**
   * The newest checkpoint that is whole, null where there is none; `onWarning` is told of each that is not. Throws `file-system` where
   * the store cannot be read.
   */
  async load(onWarning: (text: string) => void): Promise<FoundCheckpoint | null> {
    const seen = new Set<string>();
    for (;;) {
      const paths = (await checkpointPaths(this.#store, this.#job)).filter((path) => !seen.has(path));
      if (paths.length === 0) return null;
      for (const path of paths.reverse()) {
        seen.add(path);
        const found = await this.#read(path, onWarning);
        if (found !== null) return found;
      }
      // Another attempt, which does not know yet that it has lost its lease, may have removed them meanwhile for newer ones.
    }
  }

  /** Null where it is gone by now, or not whole, which `onWarning` is told. */
  async #read(path: string, onWarning: (text: string) => void): Promise<FoundCheckpoint | null> {
    try {
      const document = await readCheckpoint(this.#store, path);
      if (document === null) return null;
      const bytes = await this.#store.getBlob(document.blob);
      const name = this.#store.blobName(document.blob.sha256);
      const state = decodeTraining(decodeCheckpoint(bytes, name), name);
      this.#whole = document.update;
      return { state, startedAt: document.startedAt };
    } catch (error) {
      if (!(error instanceof MesascopeError) || error.code === "file-system") throw error;
      // Its document goes before its blob: read in between, it is gone and not damaged.
      const isGone = (await readCheckpoint(this.#store, path).catch(() => undefined)) === null;
      if (!isGone) onWarning(`the checkpoint ${this.#store.documentName(path)} is not used: ${error.message}`);
      return null;
    }
  }

  /**
   * Keeps the state after `update` updates, and with it one older checkpoint that is whole. Newer ones are left alone: damaged ones that
   * `load` passed over, or those of another attempt. Throws `file-system`.
   */
  async save(state: TrainingState, { update, startedAt }: Pick<CheckpointDocument, "update" | "startedAt">): Promise<void> {
    const blob = await this.#store.putBlob(encodeCheckpoint(encodeTraining(state)));
    const document: CheckpointDocument = { schema: checkpointSchemaId, job: this.#job, update, startedAt, blob };
    const path = checkpointPath(this.#job, update);
    await this.#store.putDocument(path, document);
    const kept = this.#whole === null ? null : checkpointPath(this.#job, this.#whole);
    this.#whole = update;
    for (const older of await checkpointPaths(this.#store, this.#job))
      if (older < path && older !== kept) await removeCheckpoint(this.#store, older);
  }
}

/** Removes what a job needs no more: call it when the job's record is in the store, or its failure in the ledger. Throws `file-system`. */
export async function removeCheckpoints(store: ArtifactStore, job: JobKey): Promise<void> {
  for (const path of await checkpointPaths(store, job)) await removeCheckpoint(store, path);
}

/** Path of the newest, whole or not; null where there is none. Throws `file-system`. */
export async function newestCheckpoint(store: ArtifactStore, job: JobKey): Promise<string | null> {
  return (await checkpointPaths(store, job)).at(-1) ?? null;
}

/** In the order of updates. */
async function checkpointPaths(store: ArtifactStore, job: JobKey): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of store.listDocuments(`${checkpointsPrefix}${job}/`)) paths.push(path);
  return paths;
}

/** Null where there is none (any more). Throws `damaged-artifact`. */
async function readCheckpoint(store: ArtifactStore, path: string): Promise<CheckpointDocument | null> {
  const json = await store.getDocument(path);
  if (json === null) return null;
  const parsed = checkpointDocumentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(path)} is no checkpoint (${parsed.error.issues[0]?.message}).`,
  );
}

/** The document first: a blob that none names is collected, a document without its blob would be told as damage. */
async function removeCheckpoint(store: ArtifactStore, path: string): Promise<void> {
  const document = await readCheckpoint(store, path).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "damaged-artifact") return null;
    throw error;
  });
  await store.deleteDocument(path);
  if (document !== null) await store.deleteBlob(document.blob.sha256);
}
