// Verifies a lab: reads every document and every blob that one names, and says of each file that is missing or altered which jobs are hit
// and what to do. Changes nothing.

import type { ArtifactStore, BlobRef } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import { labDocument, ledgerPath, recordPath } from "../../../lab/layout.ts";
import type { EntryName } from "../../../lab/ledger.ts";
import { inOrder } from "../export/in-order.ts";
import { type DocumentKind, type DocumentRead, damageOf, readDocument, readDocuments, readsAtOnce } from "./read-documents.ts";

export interface VerifyProblem {
  /** Where the file lies, or would: a path, or a key in a bucket. */
  readonly file: string;
  readonly kind: DocumentKind | "blob";
  readonly what: string;
  /** The jobs whose results are hit; empty where none is, or where only the file could have told. */
  readonly jobs: readonly JobKey[];
  readonly advice: string;
}

interface Amount {
  readonly count: number;
  readonly bytes: number;
}

export interface VerifyReport {
  readonly documents: number;
  /** Blobs that documents name, each counted once, with the bytes that they should have. */
  readonly blobs: Amount;
  /** Blobs that no document names: not read, no problem, see `gc`. */
  readonly unnamed: Amount;
  /** By file. Empty where the lab is whole. */
  readonly problems: readonly VerifyProblem[];
}

export type VerifyProgress =
  | { readonly stage: "documents" | "listing"; readonly done: number }
  | {
      readonly stage: "blobs";
      readonly done: number;
      readonly total: number;
      readonly bytes: number;
      readonly totalBytes: number;
    };

export interface VerifyOptions {
  /** Jobs that an index holds for done: where no record lies, it is lost. */
  readonly doneJobs?: Iterable<JobKey>;
  /** Entries of the ledger that an index holds: where no document lies, it is lost. */
  readonly entries?: Iterable<EntryName>;
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Ends the reading between two files, with the signal's reason thrown. */
  readonly signal?: AbortSignal;
}

interface NamedBlob {
  readonly ref: BlobRef;
  readonly namedBy: DocumentRead[];
}

/**
 * Reads the lab while it may be worked in: what is removed meanwhile is no problem, what is added may or may not be read. Throws `file-system`
 * where the store cannot be reached.
 */
export async function verifyLab(store: ArtifactStore, options: VerifyOptions = {}): Promise<VerifyReport> {
  const problems: VerifyProblem[] = [];
  const needed = new Set<JobKey>(options.doneJobs);
  const paths = new Set<string>();
  const blobs = new Map<string, NamedBlob>();
  let documents = 0;
  for await (const document of readDocuments(store)) {
    options.signal?.throwIfAborted();
    if (document === null) continue;
    options.onProgress?.({ stage: "documents", done: ++documents });
    if (document.damage !== null) problems.push(documentProblem(store, document, document.damage));
    if (document.kind === "record" || document.kind === "ledger") paths.add(document.path);
    if (document.needs !== null) needed.add(document.needs);
    for (const ref of document.blobs) {
      const named = blobs.get(nameOf(ref));
      if (named) named.namedBy.push(document);
      else blobs.set(nameOf(ref), { ref, namedBy: [document] });
    }
  }
  problems.push(
    ...(await missingDocuments(
      store,
      [
        ...[...needed].map((job) => ({ path: recordPath(job), kind: "record", jobs: [job] }) as const),
        ...[...(options.entries ?? [])].map((entry) => ({ path: ledgerPath(entry), kind: "ledger", jobs: [] }) as const),
      ].filter(({ path }) => !paths.has(path)),
    )),
  );
  problems.push(...(await damagedBlobs(store, [...blobs.values()], options)));
  const hashes = new Set([...blobs.values()].map(({ ref }) => ref.sha256));
  return {
    documents,
    blobs: amountOf([...blobs.values()].map(({ ref }) => ref)),
    unnamed: await unnamedBlobs(store, hashes, options),
    problems: problems.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

/** Two documents may disagree about the length of a blob; then one of them is wrong. */
function nameOf({ sha256, bytes }: BlobRef): string {
  return `${sha256} ${bytes}`;
}

async function missingDocuments(
  store: ArtifactStore,
  wanted: readonly Pick<DocumentRead, "path" | "kind" | "jobs">[],
): Promise<readonly VerifyProblem[]> {
  const problems: VerifyProblem[] = [];
  const lost = { damage: missing, blobs: [], needs: null };
  if ((await readDocument(store, labDocument)) === null) {
    problems.push(documentProblem(store, { ...lost, path: labDocument, kind: "lab", jobs: [] }, lost.damage));
  }
  for (const document of wanted) {
    // It may have come since the list was read.
    if ((await readDocument(store, document.path)) !== null) continue;
    problems.push(documentProblem(store, { ...lost, ...document }, lost.damage));
  }
  return problems;
}

async function damagedBlobs(
  store: ArtifactStore,
  blobs: readonly NamedBlob[],
  { onProgress, signal }: VerifyOptions,
): Promise<readonly VerifyProblem[]> {
  const problems: VerifyProblem[] = [];
  const { count: total, bytes: totalBytes } = amountOf(blobs.map(({ ref }) => ref));
  const task = async ({ ref, namedBy }: NamedBlob) => ({ ref, problem: await blobProblem(store, { ref, namedBy }) });
  let [done, bytes] = [0, 0];
  for await (const { ref, problem } of inOrder(each(blobs), { width: readsAtOnce, task })) {
    signal?.throwIfAborted();
    bytes += ref.bytes;
    onProgress?.({ stage: "blobs", done: ++done, total, bytes, totalBytes });
    if (problem !== null) problems.push(problem);
  }
  return problems;
}

async function blobProblem(store: ArtifactStore, { ref, namedBy }: NamedBlob): Promise<VerifyProblem | null> {
  try {
    await store.getBlob(ref);
    return null;
  } catch (error) {
    const what = damageOf(error);
    // A checkpoint goes when the next is there, and with it its blob.
    const still = await Promise.all(namedBy.map(async ({ path }) => await readDocument(store, path)));
    const documents = still.filter((it) => it?.blobs.some((named) => nameOf(named) === nameOf(ref))).filter((it) => it !== null);
    const worst = kindsByWeight.flatMap((kind) => documents.find((it) => it.kind === kind) ?? [])[0];
    if (worst === undefined) return null;
    const jobs = [...new Set(documents.flatMap((it) => it.jobs))];
    return { file: store.blobName(ref.sha256), kind: "blob", what, jobs, advice: adviceFor(store, worst, false) };
  }
}

/** What is wrong with a document that is not there. */
const missing = "it is missing";

/** Whose loss weighs more comes first: what to do follows from it. */
const kindsByWeight: readonly DocumentKind[] = ["record", "ledger", "kept", "checkpoint"];

function documentProblem(store: ArtifactStore, document: DocumentRead, what: string): VerifyProblem {
  const { kind, jobs } = document;
  return { file: store.documentName(document.path), kind, what, jobs, advice: adviceFor(store, document, what === missing) };
}

/** What to do when a document, or a blob that it names, is damaged; `isMissing`: when it is not there at all. */
function adviceFor(store: ArtifactStore, { kind, path }: Pick<DocumentRead, "kind" | "path">, isMissing: boolean): string {
  const restore = "Restore it from a backup.";
  const drop = `${restore} Without one, ${isMissing ? "" : `remove ${store.documentName(path)} and `}run "mesascope lab rebuild"`;
  switch (kind) {
    case "record":
      return `${drop}: the job is queued again if a sweep asks for it, and done anew.`;
    case "ledger":
      // Until then the index holds it, and accepts nothing anew that it holds.
      return `${drop}, which forgets what it said; then run "mesascope sweep" with the sweep's file again, or decide again: what is done stays done.`;
    case "checkpoint":
      return "Nothing: the job goes on from the checkpoint before it, or begins anew. The file goes when the job is done.";
    case "kept":
      return `${restore} Without one, make the card or league again.`;
    case "lab":
      return restore;
    case "other":
      return "Remove it, or restore it from a backup if you know what it is.";
    default:
      return kind satisfies never;
  }
}

async function unnamedBlobs(
  store: ArtifactStore,
  named: ReadonlySet<string>,
  { onProgress, signal }: VerifyOptions,
): Promise<Amount> {
  let [listed, count, bytes] = [0, 0, 0];
  for await (const blob of store.listBlobs()) {
    signal?.throwIfAborted();
    onProgress?.({ stage: "listing", done: ++listed });
    if (named.has(blob.sha256)) continue;
    count++;
    bytes += blob.bytes;
  }
  return { count, bytes };
}

function amountOf(refs: readonly BlobRef[]): Amount {
  return { count: refs.length, bytes: refs.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
