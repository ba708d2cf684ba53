// A lab with one document of each kind, in memory where there is a disk of that kind: for tests that write thousands of files.

import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { findOrganism } from "../../../core/organisms/index.ts";
import type { ArtifactStore, BlobRef } from "../../../lab/artifact-store.ts";
import { checkpointDocumentSchema, checkpointSchemaId } from "../../../lab/checkpoint.ts";
import { type JobSpec, jobKey } from "../../../lab/job.ts";
import { keep } from "../../../lab/kept.ts";
import { type LabDocument, labSchemaId } from "../../../lab/lab-document.ts";
import { checkpointPath, labDocument, ledgerPath, recordPath } from "../../../lab/layout.ts";
import { type LedgerEntry, ledgerDocumentSchema, ledgerSchemaId } from "../../../lab/ledger.ts";
import { type Outcome, recordSchema, recordSchemaId } from "../../../lab/record.ts";
import { makeTestFolder, type TestFolder } from "../store/stores.fixture.ts";

const at = "2026-03-01T10:00:00.000Z";
const code = "0123456789abcdef";

export const text = (words: string) => new TextEncoder().encode(words);

export function makeLabFolder(): Promise<TestFolder> {
  return makeTestFolder(existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
}

/** The document that makes it a lab. */
export const beginning: LabDocument = { schema: labSchemaId, id: "b0a1c2d3-0000-4000-8000-0123456789ab", madeAt: at };

export const trainSpec: JobSpec = {
  kind: "train",
  organism: "corner/aligned",
  recipe: findOrganism("corner/aligned").recipe({ seed: 1, preset: "quick" }),
  code,
};
export const run = jobKey(trainSpec);

/** Job number `seed` on the agent of the lab. */
export function measureSpec(seed: number): JobSpec {
  return { kind: "measure", run, points: [{ distance: 1 }], levels: 2, seed, code };
}

/** Puts the record of a finished job; its path. */
export async function putRecord(store: ArtifactStore, spec: JobSpec, files: Readonly<Record<string, BlobRef>>): Promise<string> {
  const job = jobKey(spec);
  const trained = { kind: "train", environmentSteps: 10, trainingReturn: 1, oracleReturn: 2, oracleShare: 0.5 } as const;
  const outcome: Outcome = spec.kind === "train" ? trained : { kind: "measure", points: [] };
  const made = { attempt: 1, worker: "a", engine: "none", startedAt: at, finishedAt: at, seconds: 12.5 };
  await store.putDocument(recordPath(job), recordSchema.parse({ schema: recordSchemaId, job, spec, outcome, files, made }));
  return recordPath(job);
}

export async function putLedger(store: ArtifactStore, number: number, entry: LedgerEntry): Promise<string> {
  const document = ledgerDocumentSchema.parse({ schema: ledgerSchemaId, number, id: "0123456789abcdef", at, entry });
  await store.putDocument(ledgerPath(document), document);
  return ledgerPath(document);
}

export async function putCheckpoint(
  store: ArtifactStore,
  spec: JobSpec,
  { update, blob }: { update: number; blob: BlobRef },
): Promise<string> {
  const job = jobKey(spec);
  const path = checkpointPath(job, update);
  await store.putDocument(path, checkpointDocumentSchema.parse({ schema: checkpointSchemaId, job, update, startedAt: at, blob }));
  return path;
}

export async function putKept(store: ArtifactStore, name: string, files: Readonly<Record<string, BlobRef>>): Promise<void> {
  await keep(store, { kind: "card", name, at: new Date(at), files });
}

/** A sweep of two jobs, one of them done and one at its second checkpoint; a failure; a card. */
export async function fillLab(store: ArtifactStore) {
  await store.putDocument(labDocument, beginning);
  const blobs = {
    jobs: await store.putBlob(text("[the jobs]")),
    policy: await store.putBlob(text("policy")),
    curve: await store.putBlob(text("curve, also on a card")),
    first: await store.putBlob(text("checkpoint 1")),
    second: await store.putBlob(text("checkpoint 2")),
    drawn: await store.putBlob(text("of a card only")),
  };
  await putLedger(store, 1, { kind: "sweep", sweep: "first", priority: 50, jobs: blobs.jobs, count: 2 });
  await putLedger(store, 2, { kind: "failure", job: jobKey(measureSpec(9)), attempt: 3, code: "engine", message: "no" });
  await putRecord(store, trainSpec, { "policy.onnx": blobs.policy, "curve.csv": blobs.curve });
  await putRecord(store, measureSpec(1), {});
  await putCheckpoint(store, measureSpec(2), { update: 1, blob: blobs.first });
  await putCheckpoint(store, measureSpec(2), { update: 2, blob: blobs.second });
  await putKept(store, "cards", { curve: blobs.curve, drawn: blobs.drawn });
  return blobs;
}
