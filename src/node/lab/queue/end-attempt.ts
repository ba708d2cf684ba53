// How attempts end in the database: confirmed, failed or given back. Each is one transaction, and does nothing where the attempt is no longer the
// job's: another worker has it, or it was cancelled or paused.

import { storableText } from "../../../lab/is-storable.ts";
import { recordPath } from "../../../lab/layout.ts";
import { type JobRecord, recordSchema, recordSchemaId } from "../../../lab/record.ts";
import { appendToLedger, type LedgerTurn } from "../append-to-ledger.ts";
import { applyEntry } from "../apply-entry.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { issueTickets, waiting } from "../index/apply-decision.ts";
import { applyRecordOf } from "../index/apply-end.ts";
import { emit, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import { inLedgerOrder } from "../maintenance/reconcile-ledger.ts";
import { putInTime } from "../put-in-time.ts";
import type { JobEnd } from "../taken-job.ts";
import { type Attempt, eventOf, lockAttempt } from "./attempts.ts";

/** Failed attempts until a job fails for good, unless the failure said that it is. */
export const mostFailures = 3;
/** Leases lost in a row, without a checkpoint in between, until a job fails for good: it may be what ends its workers. */
export const mostLosses = 20;
/** Seconds before a failed job is taken again, times the square of how often it failed. */
const retryDelay = 1;

/**
 * Whether the job is done by this: the record is in the store and the index says so. Where a file of the attempt is gone, the job is given back.
 */
export async function confirm(
  parts: LabParts,
  { attempt, end }: { readonly attempt: Attempt; readonly end: Extract<JobEnd, { readonly kind: "done" }> },
): Promise<boolean> {
  const at = parts.clock();
  const record: JobRecord = recordSchema.parse({
    schema: recordSchemaId,
    job: attempt.key,
    spec: attempt.spec,
    outcome: end.outcome,
    files: end.files,
    made: {
      ...{ attempt: attempt.attempt, worker: attempt.worker, engine: end.engine },
      ...{ startedAt: end.startedAt, finishedAt: at.toISOString(), seconds: end.seconds },
    },
  });
  const lost = await lostFile(parts, record);
  if (lost !== null) {
    await giveBack(parts, { attempt, reason: `${lost} is no longer there, or of another length; the job is done anew` });
    return false;
  }
  const put = { path: recordPath(record.job), document: record, what: "a record" };
  return await parts.database.transaction((trx) =>
    finish(trx, { parts, record, attempt, beforeCommit: () => putInTime(parts.store, put) }),
  );
}

/** A blob that a record would name in vain, such as one that was collected as garbage meanwhile; null where all are there. */
async function lostFile({ store }: LabParts, { files }: JobRecord): Promise<string | null> {
  const refs = Object.values(files);
  const found = await Promise.all(refs.map(({ sha256 }) => store.findBlob(sha256)));
  const lost = refs.find(({ bytes }, place) => found[place]?.bytes !== bytes);
  return lost === undefined ? null : store.blobName(lost.sha256);
}

/** A job that turns out to be done: its record is there, and whoever put it came no further. */
export async function adopt(
  parts: LabParts,
  { attempt, record }: { readonly attempt: Attempt; readonly record: JobRecord },
): Promise<void> {
  await parts.database.transaction((trx) => finish(trx, { parts, record, attempt, beforeCommit: async () => undefined }));
}

interface Finish {
  readonly parts: LabParts;
  readonly record: JobRecord;
  readonly attempt: Attempt;
  readonly beforeCommit: () => Promise<void>;
}

/** False where the attempt is no longer the job's. */
async function finish(trx: LabTransaction, { parts, record, attempt, beforeCommit }: Finish): Promise<boolean> {
  const applied = await applyRecordOf(trx, { record, attempt: attempt.attempt, ticket: attempt.ticket.ticket });
  if (applied === null) return false;
  const { tickets } = applied;
  await parts.tickets.send(trx, tickets);
  // Late: where anything above fails there is no record, and where this fails there is no row that says done.
  await beforeCommit();
  // After that: while a store is waited for, the ticket stays one that can be kept alive.
  await parts.tickets.remove(trx, [attempt.ticket]);
  const { outcome, made } = record;
  const event = eventOf(parts.clock())("done", record.job, { attempt: made.attempt, worker: made.worker, outcome });
  await emit(trx, [event], tickets.length > 0 ? [queueChannel] : []);
  return true;
}

/** Counts a failed attempt: the job waits for the next, or has failed for good, which the ledger keeps. */
export async function failAttempt(
  parts: LabParts,
  { attempt, end }: { readonly attempt: Attempt; readonly end: Extract<JobEnd, { readonly kind: "failed" }> },
): Promise<"queued" | "failed" | "void"> {
  const { database, tickets } = parts;
  const { key, ticket } = attempt;
  const code = end.code ?? "bug";
  const message = storableText(end.message);
  const failures = attempt.failures + 1;
  const isFinal = end.isFinal || failures >= mostFailures;
  const inTurn = async (trx: LabTransaction, turn: LedgerTurn) => {
    if (!(await lockAttempt(trx, attempt))) return "void";
    if (isFinal) {
      const entry = { kind: "failure", job: key, attempt: attempt.attempt, code, message } as const;
      await appendToLedger(trx, { parts, entry, turn }, (document) => applyEntry(trx, { document, tickets, jobs: [] }));
      await tickets.remove(trx, [ticket]);
      return "failed";
    }
    await tickets.remove(trx, [ticket]);
    await queueAgain(trx, { key, failures });
    await tickets.send(trx, await issueTickets(trx, [key]), retryDelay * failures ** 2);
    const data = { attempt: attempt.attempt, reason: "failed", code, message };
    await emit(trx, [eventOf(parts.clock())("returned", key, data)]);
    return "queued";
  };
  return isFinal ? await inLedgerOrder(parts, inTurn) : await database.transaction((trx) => inTurn(trx, { put: null }));
}

/** Gives a job back to the queue: nothing failed but this worker cannot go on. Whether it was this attempt's to give. */
export async function giveBack(
  parts: LabParts,
  { attempt, reason }: { readonly attempt: Attempt; readonly reason: string },
): Promise<boolean> {
  return await parts.database.transaction(async (trx) => {
    if (!(await lockAttempt(trx, attempt))) return false;
    await parts.tickets.remove(trx, [attempt.ticket]);
    await queueAgain(trx, attempt);
    await parts.tickets.send(trx, await issueTickets(trx, [attempt.key]));
    const data = { attempt: attempt.attempt, reason: storableText(reason) };
    await emit(trx, [eventOf(parts.clock())("returned", attempt.key, data)], [queueChannel]);
    return true;
  });
}

/**
 * Gives a job back that was computed in part by another engine, to be taken by workers of that one: this one's would go on to other bits. Whether
 * it was this attempt's to give.
 */
export async function leaveToEngine(
  parts: LabParts,
  { attempt, engine, reason }: { readonly attempt: Attempt; readonly engine: string; readonly reason: string },
): Promise<boolean> {
  const { database, tickets } = parts;
  const { key, ticket } = attempt;
  await tickets.prepare([ticket.code], engine);
  return await database.transaction(async (trx) => {
    if (!(await lockAttempt(trx, attempt))) return false;
    await tickets.remove(trx, [ticket]);
    await trx.updateTable("jobs").set(waiting).where("key", "=", key).execute();
    const issued = await issueTickets(trx, [key]);
    await tickets.send(
      trx,
      issued.map((one) => ({ ...one, engine })),
    );
    await emit(trx, [eventOf(parts.clock())("returned", key, { attempt: attempt.attempt, reason })], [queueChannel]);
    return true;
  });
}

async function queueAgain(trx: LabTransaction, { key, failures }: Pick<Attempt, "key" | "failures">): Promise<void> {
  await trx
    .updateTable("jobs")
    .set({ ...waiting, failures, losses: 0 })
    .where("key", "=", key)
    .execute();
}
