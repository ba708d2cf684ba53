// The finished jobs of a lab, one after the other: first their records from the store into one file, where it is found out which columns
// they have, then from that file with their curves and verdicts. However many there are, a few are in memory.

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { type VerdictDocument, verdictDocumentSchema } from "../../../core/audit/verdict-document.ts";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore, BlobRef } from "../../../lab/artifact-store.ts";
import { returnColumns } from "../../../lab/curve-row.ts";
import type { CurvePoint, FinishedJob } from "../../../lab/export-tables.ts";
import { type ConfigColumn, type ConfigKinds, configColumns, flattenRecipe, noteConfig } from "../../../lab/flatten-recipe.ts";
import { recordsPrefix } from "../../../lab/layout.ts";
import { type JobRecord, recordSchema } from "../../../lab/record.ts";
import { fileSystemError } from "../../storage/files.ts";
import { inOrder } from "./in-order.ts";

/** Documents and blobs asked for at once: a bucket answers many as fast as one. */
const width = 16;

const curveHeader = "environmentSteps,trainingReturn,oracleReturn,oracleShare";

export interface TakenRecords {
  readonly count: number;
  /** Of the recipes of all train jobs. */
  readonly config: readonly ConfigColumn[];
}

export interface TakeOptions {
  readonly store: ArtifactStore;
  /** The file to write them to, a line of JSON each. */
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly onRecord: (count: number) => void;
}

/**
 * Copies all records of a store into a file, in the order of their keys: what is read from it later is one state of the lab, whatever is
 * confirmed meanwhile. Throws `damaged-artifact` for a record that is none, `file-system`.
 */
export async function takeRecords({ store, path, signal, onRecord }: TakeOptions): Promise<TakenRecords> {
  const kinds: ConfigKinds = new Map();
  const file = createWriteStream(path, { flags: "wx" });
  const written = finished(file).catch((cause: unknown) => {
    throw fileSystemError(cause, { action: "write", path });
  });
  written.catch(() => undefined);
  let count = 0;
  try {
    const task = ({ path: document }: { readonly path: string }) => readRecord(store, document);
    for await (const record of inOrder(store.listDocuments(recordsPrefix), { width, task })) {
      signal?.throwIfAborted();
      if (record === null) continue;
      if (record.spec.kind === "train") noteConfig(kinds, flattenRecipe(record.spec.recipe));
      if (!file.write(`${JSON.stringify(record)}\n`)) await Promise.race([once(file, "drain"), written]);
      onRecord(++count);
    }
  } finally {
    file.end();
  }
  await written;
  return { count, config: configColumns(kinds) };
}

/** Null for one that is gone since it was listed. */
async function readRecord(store: ArtifactStore, path: string): Promise<JobRecord | null> {
  const json = await store.getDocument(path);
  if (json === null) return null;
  const result = recordSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(path)} is no record of a finished job (${issue!.path.join(".") || "it"}: ${issue!.message}). ` +
      'Run "mesascope lab verify" to see what else is damaged.',
  );
}

export interface ReadJobsOptions {
  readonly store: ArtifactStore;
  /** What `takeRecords` wrote. */
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly withVerdicts: boolean;
}

/** The jobs of a file of records, with their curves and, if asked for, verdicts. Throws `damaged-artifact`, `file-system`. */
export async function* readJobs(options: ReadJobsOptions): AsyncGenerator<FinishedJob, void, undefined> {
  const { store, path, signal, withVerdicts } = options;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  const task = async (line: string): Promise<FinishedJob> => {
    const record: JobRecord = JSON.parse(line);
    const curve = record.spec.kind === "train" ? record.files["curve.csv"] : undefined;
    const verdict = withVerdicts && record.spec.kind === "audit" ? record.files["verdict.json"] : undefined;
    return {
      record,
      curve: curve === undefined ? null : await readCurve({ store, blob: curve, job: record.job }),
      verdict: verdict === undefined ? null : await readVerdict({ store, blob: verdict, job: record.job }),
    };
  };
  for await (const job of inOrder(lines, { width, task })) {
    signal?.throwIfAborted();
    yield job;
  }
}

interface FileOfJob {
  readonly store: ArtifactStore;
  readonly blob: BlobRef;
  readonly job: string;
}

async function readCurve({ store, blob, job }: FileOfJob): Promise<readonly CurvePoint[]> {
  const [header = "", ...lines] = new TextDecoder()
    .decode(await store.getBlob(blob))
    .trimEnd()
    .split("\n");
  const columns = header.split(",");
  const points = lines.map((line) => line.split(",").map((field) => (field === "" ? null : Number(field))));
  const isWhole = points.every(
    (values) => values.length === columns.length && values.every((value) => value === null || Number.isFinite(value)),
  );
  const others = returnColumns(columns);
  const isKnown = columns.slice(0, 4).join() === curveHeader && others.length === columns.length - 4;
  if (!isKnown || !isWhole) {
    throw new MesascopeError(
      "damaged-artifact",
      `the training curve of job ${job} (${store.blobName(blob.sha256)}) has the columns "${header}" and not in every line a number or ` +
        `nothing for each of "${curveHeader}" and returns by other objectives. It was written by another version; train the agent again with this one.`,
    );
  }
  return points.map(([environmentSteps = null, trainingReturn = null, oracleReturn = null, oracleShare = null, ...rest]) => ({
    environmentSteps,
    trainingReturn,
    oracleReturn,
    oracleShare,
    returns: Object.fromEntries(
      others.flatMap(({ objective }, i) => {
        const value = rest[i] ?? null;
        return value === null ? [] : [[objective, value] as const];
      }),
    ),
  }));
}

async function readVerdict({ store, blob, job }: FileOfJob): Promise<VerdictDocument> {
  const bytes = await store.getBlob(blob);
  try {
    return verdictDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new MesascopeError(
      "damaged-artifact",
      `the verdict of job ${job} (${store.blobName(blob.sha256)}) does not follow its schema. It was written by another version; ` +
        "audit the agent again with this one.",
      { cause },
    );
  }
}
