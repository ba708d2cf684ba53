// Attempts at jobs in the database: taken, told of, and found to be over because another worker has the job, or it was cancelled or paused. How they
// end is in end-attempt.ts.

import { sql } from "kysely";
import { type JobKey, type JobSpec, jobSpecSchema } from "../../../lab/job.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { emit, type NewEvent } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import type { JobProgress, StopReason } from "../taken-job.ts";
import type { TakenTicket } from "./ticket-queue.ts";

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
  { worker, engine, count }: { readonly worker: string; readonly engine?: string | undefined; readonly count: number },
): Promise<{ readonly attempts: readonly Attempt[]; readonly tickets: number }> {
  const { database, tickets, code, clock } = parts;
  return await database.transaction(async (trx) => {
    const taken = await tickets.take(trx, { code, engine, count });
    if (taken.length === 0) return { attempts: [], tickets: 0 };
    const at = clock();
    const ids = taken.map(({ ticket }) => ticket);
    const { rows } = await sql<TakenRow>`
      WITH mine AS (
        SELECT key, state = 'running' AS was_lost FROM mesascope.jobs
        WHERE ticket = ANY(${ids}::uuid[]) AND state IN ('queued', 'running') AND code = ${code} FOR UPDATE
      )
      UPDATE mesascope.jobs SET
        state = 'running', attempt = attempt + 1, losses = losses + mine.was_lost::int, worker = ${worker}, started_at = ${at}, heard_at = now(),
        heard_attempt = attempt + 1, progress = NULL
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
      UPDATE mesascope.jobs SET progress = x.progress, heard_at = now(), heard_attempt = x.attempt
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

/** Leases that were lost before count no more: this attempt came further than those. */
export async function forgetLosses(parts: LabParts, { key, attempt, ticket }: Attempt): Promise<void> {
  await parts.database.query((db) =>
    db
      .updateTable("jobs")
      .set({ losses: 0 })
      .where("key", "=", key)
      .where("attempt", "=", attempt)
      .where("ticket", "=", ticket.ticket)
      .execute(),
  );
}

/** Locks the row of a job until the commit. Whether `attempt` is the one that it is running. */
export async function lockAttempt(trx: LabTransaction, { key, attempt, ticket }: Attempt): Promise<boolean> {
  const row = await trx
    .selectFrom("jobs")
    .select(["state", "attempt", "ticket"])
    .where("key", "=", key)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === "running" && row.attempt === attempt && row.ticket === ticket.ticket;
}

export function eventOf(at: Date) {
  return (kind: NewEvent["kind"], job: JobKey, data: NewEvent["data"]): NewEvent => ({ at, kind, job, sweep: null, data });
}
