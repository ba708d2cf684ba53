// All documents of a lab, checked against their schemas, with the blobs that they name. `verify` and `gc` know from here what a lab holds.

import { z } from "zod";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore, BlobRef } from "../../../lab/artifact-store.ts";
import { checkpointDocumentSchema } from "../../../lab/checkpoint.ts";
import { type JobKey, jobKey, jobKeySchema, prerequisiteOf } from "../../../lab/job.ts";
import { keptDocumentSchema } from "../../../lab/kept.ts";
import { labDocumentSchema } from "../../../lab/lab-document.ts";
import {
  checkpointPath,
  checkpointsPrefix,
  keptPath,
  keptPrefix,
  labDocument,
  ledgerPath,
  ledgerPrefix,
  recordPath,
  recordsPrefix,
} from "../../../lab/layout.ts";
import { ledgerDocumentSchema } from "../../../lab/ledger.ts";
import { recordSchema } from "../../../lab/record.ts";
import { inOrder } from "../export/in-order.ts";

/** Documents and blobs asked for at once: a bucket answers many as fast as one. */
export const readsAtOnce = 16;

/** `other`: at a path that nothing here knows, checked against its own hash only. */
export type DocumentKind = "lab" | "ledger" | "record" | "checkpoint" | "kept" | "other";

export interface DocumentRead {
  readonly path: string;
  readonly kind: DocumentKind;
  /** The jobs that it is about, as far as it tells. */
  readonly jobs: readonly JobKey[];
  readonly blobs: readonly BlobRef[];
  /** A job whose record must lie there where this one does. */
  readonly needs: JobKey | null;
  /** What is wrong with it; then it tells nothing else but what its path tells. */
  readonly damage: string | null;
}

/** What a document tells, or what is wrong in it. */
type Told = Pick<DocumentRead, "jobs" | "blobs" | "needs"> & { readonly path: string; readonly damage?: string };
type Reader = (json: unknown) => Told;

/** A reader of what follows `schema`; throws ZodError for other documents. */
function reader<Schema extends z.ZodType>(schema: Schema, tell: (document: z.infer<Schema>) => Told): Reader {
  return (json) => tell(schema.parse(json));
}

const readers: readonly { readonly kind: DocumentKind; readonly prefix: string; readonly read: Reader }[] = [
  {
    kind: "lab",
    prefix: labDocument,
    read: reader(labDocumentSchema, () => ({ path: labDocument, jobs: [], blobs: [], needs: null })),
  },
  {
    kind: "ledger",
    prefix: ledgerPrefix,
    read: reader(ledgerDocumentSchema, (document) => ({
      path: ledgerPath(document),
      jobs: document.entry.kind === "failure" ? [document.entry.job] : [],
      blobs: document.entry.kind === "sweep" ? [document.entry.jobs] : [],
      needs: null,
    })),
  },
  {
    kind: "record",
    prefix: recordsPrefix,
    read: reader(recordSchema, (record) => ({
      path: recordPath(record.job),
      jobs: [record.job],
      blobs: Object.values(record.files),
      needs: prerequisiteOf(record.spec),
      ...(record.outcome.kind !== record.spec.kind && {
        damage: `a ${record.spec.kind} job has no ${record.outcome.kind} outcome`,
      }),
      ...(jobKey(record.spec) !== record.job && { damage: "its job is not the one that its key is of" }),
    })),
  },
  {
    kind: "checkpoint",
    prefix: checkpointsPrefix,
    read: reader(checkpointDocumentSchema, ({ job, update, blob }) => ({
      path: checkpointPath(job, update),
      jobs: [job],
      blobs: [blob],
      needs: null,
    })),
  },
  {
    kind: "kept",
    prefix: keptPrefix,
    read: reader(keptDocumentSchema, (kept) => ({
      path: keptPath(kept),
      jobs: [],
      blobs: Object.values(kept.files),
      needs: null,
    })),
  },
];

/** Every document that is there from the beginning to the end, in the order of their paths. Throws `file-system`. */
export function readDocuments(store: ArtifactStore): AsyncIterable<DocumentRead | null> {
  return inOrder(store.listDocuments(""), { width: readsAtOnce, task: ({ path }) => readDocument(store, path) });
}

/** The document at `path`, damaged or not; null where there is none. Throws `file-system`. */
export async function readDocument(store: ArtifactStore, path: string): Promise<DocumentRead | null> {
  const found = readers.find(({ prefix }) => path.startsWith(prefix));
  const kind = found?.kind ?? "other";
  const nothing = { path, kind, jobs: [], blobs: [], needs: null, damage: null } satisfies DocumentRead;
  const broken = (damage: string): DocumentRead => ({ ...nothing, jobs: jobsOfPath(path, kind), damage });
  let json: unknown;
  try {
    json = await store.getDocument(path);
  } catch (error) {
    return broken(damageOf(error));
  }
  if (json === null) return null;
  if (!found) return nothing;
  try {
    const told = found.read(json);
    if (told.damage !== undefined) return broken(told.damage);
    if (told.path !== path) return broken(`it belongs at ${told.path}`);
    return { ...nothing, ...told, damage: null };
  } catch (error) {
    return broken(`it is no ${kind} (${issueOf(error)})`);
  }
}

/** What is wrong, of a `damaged-artifact`; throws what is another error. */
export function damageOf(error: unknown): string {
  if (!(error instanceof MesascopeError) || error.code !== "damaged-artifact") throw error;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function jobsOfPath(path: string, kind: DocumentKind): readonly JobKey[] {
  if (kind !== "record" && kind !== "checkpoint") return [];
  const key = path.split("/")[1]?.replace(/\.json$/, "");
  return jobKeySchema.safeParse(key).success && key !== undefined ? [key] : [];
}

/** Where and why a document breaks its schema. */
function issueOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) throw error;
  const [issue] = error.issues;
  return `${issue?.path.join(".") || "it"}: ${issue?.message}`;
}
