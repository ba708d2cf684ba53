// The life of an attempt in the database: taken, told of, confirmed, failed or given back. Each is one transaction, and each but the first does
// nothing where the attempt is no longer the job's: another worker has it, or it was cancelled or paused.

import { sql } from "kysely";
import { type JobKey, type JobSpec, jobSpecSchema } from "../../../lab/job.ts";
import { recordPath } from "../../../lab/layout.ts";
import { type JobRecord, recordSchema, recordSchemaId } from "../../../lab/record.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";
import { appendToLedger, lockLedger } from "../append-to-ledger.ts";
import { applyEntry } from "../apply-entry.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { issueTickets } from "../index/apply-decision.ts";
import { applyRecords } from "../index/apply-end.ts";
import { emit, type NewEvent, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import type { JobEnd, JobProgress, StopReason } from "../taken-job.ts";
import type { TakenTicket } from "./ticket-queue.ts";

/** Failed attempts until a job fails for good, unless the failure said that it is. */
export const mostFailures = 3;
/** Lost leases until a job fails for good: it may be what ends its workers. */
export const mostLosses = 20;
/** Seconds before a failed job is taken again, times the square of how often it failed. */
const retryDelay = 1;

/** An attempt that this process has. */
export interface Attempt {
  readonly ticket: TakenTicket;
  readonly key: JobKey;
  readonly spec: JobSpec;
  readonly attempt: number;
  readonly worker: string;
  /** Attempts of the job that failed before, and leases that were lost. */
  readonly failures: number;
  readonly losses: number;
}

/** Takes up to `count` jobs. Tickets that are void are removed on the way. */
export async function takeJobs(
  parts: LabParts,
  { worker, count }: { readonly worker: string; readonly count: number },
): Promise<{ readonly attempts: readonly Attempt[]; readonly tickets: number }> {
  const { database, tickets, code, clock } = parts;
  return await database.transaction(async (trx) => {
    const taken = await tickets.take(trx, { code, count });
    if (taken.length === 0) return { attempts: [], tickets: 0 };
    const at = clock();
    const ids = taken.map(({ ticket }) => ticket);
    const { rows } = await sql<TakenRow>`
      WITH mine AS (
        SELECT key, state = 'running' AS was_lost FROM mesascope.jobs
        WHERE ticket = ANY(${ids}::uuid[]) AND state IN ('queued', 'running') FOR UPDATE
      )
      UPDATE mesascope.jobs SET
        state = 'running', attempt = attempt + 1, losses = losses + mine.was_lost::int, worker = ${worker}, started_at = ${at}, progress = NULL
      FROM mine JOIN mesascope.specs ON specs.key = mine.key
      WHERE jobs.key = mine.key
      RETURNING jobs.key, jobs.ticket, jobs.attempt, jobs.failures, jobs.losses, mine.was_lost, specs.spec
    `.execute(trx);
    const valid = new Set(rows.map(({ ticket }) => ticket));
    await tickets.remove(
      trx,
      taken.filter(({ ticket }) => !valid.has(ticket)),
    );
    const event = eventOf(at);
    await emit(
      trx,
      rows.flatMap(({ key, attempt, was_lost: wasLost }) => [
        ...(wasLost ? [event("returned", key, { attempt: attempt - 1, reason: "lease-lost" })] : []),
        event("started", key, { attempt, worker }),
      ]),
    );
    const byId = new Map(taken.map((ticket) => [ticket.ticket, ticket]));
    const attempts = rows.map(({ key, ticket, attempt, failures, losses, spec }) => {
      return { ticket: byId.get(ticket)!, key, spec: jobSpecSchema.parse(spec), attempt, worker, failures, losses };
    });
    return { attempts, tickets: taken.length };
  });
}

interface TakenRow {
  readonly key: JobKey;
  readonly ticket: string;
  readonly attempt: number;
  readonly failures: number;
  readonly losses: number;
  readonly was_lost: boolean;
  readonly spec: unknown;
}

/** What attempts tell of themselves, all of a worker's at once. Returns the keys of those that are still the jobs'. */
export async function tellProgress(parts: LabParts, told: readonly ToldProgress[]): Promise<ReadonlySet<JobKey>> {
  return await parts.database.transaction(async (trx) => {
    const rows = JSON.stringify(
      told.map(({ attempt: { key, attempt, ticket }, progress }) => ({ key, attempt, ticket: ticket.ticket, progress })),
    );
    const { rows: current } = await sql<{ key: JobKey }>`
      UPDATE mesascope.jobs SET progress = x.progress
      FROM json_to_recordset(${rows}::json) AS x (key text, attempt integer, ticket uuid, progress jsonb)
      WHERE jobs.key = x.key AND jobs.attempt = x.attempt AND jobs.ticket = x.ticket AND jobs.state = 'running'
      RETURNING jobs.key
    `.execute(trx);
    const keys = new Set(current.map(({ key }) => key));
    const live = told.filter(({ attempt }) => keys.has(attempt.key));
    const chunks = live.filter(({ rows }) => rows.length > 0);
    if (chunks.length > 0) {
      await trx
        .insertInto("curves")
        .values(
          chunks.map(({ attempt: { key, attempt }, firstRow, rows }) => ({
            job: key,
            attempt,
            first_row: firstRow,
            rows: JSON.stringify(rows),
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const event = eventOf(parts.clock());
    await emit(
      trx,
      live.map(({ attempt: { key, attempt }, progress }) => event("progress", key, { attempt, ...progress })),
    );
    return keys;
  });
}

export interface ToldProgress {
  readonly attempt: Attempt;
  readonly progress: JobProgress;
  /** New points of the curve, and how many the attempt told before. */
  readonly rows: readonly CurveRow[];
  readonly firstRow: number;
}

/** Whether the job is done by this: the record is in the store and the index says so. */
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
  return await parts.database.transaction(async (trx) => {
    if (!(await lockAttempt(trx, attempt))) return false;
    await finish(trx, { parts, record, attempt, beforeCommit: () => parts.store.putDocument(recordPath(record.job), record) });
    return true;
  });
}

/** A job that turns out to be done: its record is there, and whoever put it came no further. */
export async function adopt(
  parts: LabParts,
  { attempt, record }: { readonly attempt: Attempt; readonly record: JobRecord },
): Promise<void> {
  await parts.database.transaction(async (trx) => {
    if (await lockAttempt(trx, attempt)) await finish(trx, { parts, record, attempt, beforeCommit: async () => undefined });
  });
}

interface Finish {
  readonly parts: LabParts;
  readonly record: JobRecord;
  readonly attempt: Attempt;
  readonly beforeCommit: () => Promise<void>;
}

async function finish(trx: LabTransaction, { parts, record, attempt, beforeCommit }: Finish): Promise<void> {
  const { tickets } = await applyRecords(trx, [record]);
  await parts.tickets.remove(trx, [attempt.ticket]);
  await parts.tickets.send(trx, tickets);
  // Last before the commit: where anything above fails there is no record, and where this fails there is no row that says done.
  await beforeCommit();
  const { outcome, made } = record;
  const event = eventOf(parts.clock())("done", record.job, { attempt: made.attempt, worker: made.worker, outcome });
  await emit(trx, [event], tickets.length > 0 ? [queueChannel] : []);
}

/** Counts a failed attempt: the job waits for the next, or has failed for good, which the ledger keeps. */
export async function failAttempt(
  parts: LabParts,
  { attempt, end }: { readonly attempt: Attempt; readonly end: Extract<JobEnd, { readonly kind: "failed" }> },
): Promise<"queued" | "failed" | "void"> {
  const { database, tickets } = parts;
  const { key, ticket } = attempt;
  const code = end.code ?? "bug";
  const failures = attempt.failures + 1;
  const isFinal = end.isFinal || failures >= mostFailures;
  return await database.transaction(async (trx) => {
    if (isFinal) await lockLedger(trx);
    if (!(await lockAttempt(trx, attempt))) return "void";
    await tickets.remove(trx, [ticket]);
    if (isFinal) {
      const entry = { kind: "failure", job: key, attempt: attempt.attempt, code, message: end.message } as const;
      await appendToLedger(trx, { parts, entry }, (document) => applyEntry(trx, { document, tickets, jobs: [] }));
      return "failed";
    }
    await queueAgain(trx, { key, failures });
    await tickets.send(trx, await issueTickets(trx, [key]), retryDelay * failures ** 2);
    const data = { attempt: attempt.attempt, reason: "failed", code, message: end.message };
    await emit(trx, [eventOf(parts.clock())("returned", key, data)]);
    return "queued";
  });
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
    await emit(trx, [eventOf(parts.clock())("returned", attempt.key, { attempt: attempt.attempt, reason })], [queueChannel]);
    return true;
  });
}

async function queueAgain(trx: LabTransaction, { key, failures }: Pick<Attempt, "key" | "failures">): Promise<void> {
  await trx
    .updateTable("jobs")
    .set({ state: "queued", failures, worker: null, progress: null, started_at: null })
    .where("key", "=", key)
    .execute();
}

/** Why each of these attempts is over for its worker; those that are not are left out. */
export async function stopReasons(
  parts: LabParts,
  attempts: readonly Attempt[],
): Promise<ReadonlyMap<Attempt, Exclude<StopReason, "stopping">>> {
  const keys = attempts.map(({ key }) => key);
  const rows = await parts.database.query((db) =>
    db
      .selectFrom("jobs")
      .select(["key", "state", "attempt", "ticket"])
      .where("key", "=", sql<string>`ANY(${keys}::text[])`)
      .execute(),
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const reasons = new Map<Attempt, Exclude<StopReason, "stopping">>();
  for (const mine of attempts) {
    const { key, attempt, ticket } = mine;
    const row = byKey.get(key);
    if (row?.state === "running" && row.attempt === attempt && row.ticket === ticket.ticket) continue;
    const isMine = row?.attempt === attempt;
    reasons.set(
      mine,
      isMine && row?.state === "cancelled" ? "cancelled" : isMine && row?.state === "held" ? "held" : "lease-lost",
    );
  }
  return reasons;
}

/** Locks the row of a job. Whether `attempt` is the one that it is running. */
async function lockAttempt(trx: LabTransaction, { key, attempt, ticket }: Attempt): Promise<boolean> {
  const row = await trx
    .selectFrom("jobs")
    .select(["state", "attempt", "ticket"])
    .where("key", "=", key)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === "running" && row.attempt === attempt && row.ticket === ticket.ticket;
}

function eventOf(at: Date) {
  return (kind: NewEvent["kind"], job: JobKey, data: NewEvent["data"]): NewEvent => ({ at, kind, job, sweep: null, data });
}
