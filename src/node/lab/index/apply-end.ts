// What the end of a job does to the index: a record, which makes it done whatever was decided, or a final failure.

import { type RawBuilder, sql } from "kysely";
import type { JobKey } from "../../../lab/job.ts";
import type { LedgerEntry } from "../../../lab/ledger.ts";
import type { JobRecord, Outcome } from "../../../lab/record.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import type { NewTicket } from "../queue/ticket-queue.ts";
import { issueTickets } from "./apply-decision.ts";

export interface RecordsApplied {
  /** Of jobs that the index has. */
  readonly done: readonly JobKey[];
  /** Of jobs that waited for them. */
  readonly tickets: readonly NewTicket[];
}

/** Makes the jobs of records done, and what waited for them ready. The tickets that they had are the caller's to remove. */
export async function applyRecords(trx: LabTransaction, records: readonly JobRecord[]): Promise<RecordsApplied> {
  return await applyWhere(trx, { records, condition: sql`true` });
}

/** As `applyRecords`, with the record of an attempt that the job is running; null, and nothing is changed, where it runs another or none. */
export async function applyRecordOf(
  trx: LabTransaction,
  { record, attempt, ticket }: { readonly record: JobRecord; readonly attempt: number; readonly ticket: string },
): Promise<RecordsApplied | null> {
  const condition = sql<boolean>`jobs.state = 'running' AND jobs.attempt = ${attempt} AND jobs.ticket = ${ticket}`;
  const applied = await applyWhere(trx, { records: [record], condition });
  return applied.done.length === 0 ? null : applied;
}

async function applyWhere(
  trx: LabTransaction,
  { records, condition }: { readonly records: readonly JobRecord[]; readonly condition: RawBuilder<boolean> },
): Promise<RecordsApplied> {
  const rows = JSON.stringify(records.map(rowOf));
  const { rows: done } = await sql<{ key: JobKey }>`
    UPDATE mesascope.jobs SET
      state = 'done', ticket = NULL, progress = NULL, error_code = NULL, error_message = NULL, failures = 0, losses = 0,
      attempt = x.attempt, worker = x.worker, started_at = x.started_at, finished_at = x.finished_at, seconds = x.seconds,
      outcome = x.outcome, training_return = x.training_return, oracle_share = x.oracle_share, environment_steps = x.environment_steps,
      verdict = x.verdict, objective = x.objective
    FROM json_to_recordset(${rows}::json) AS x (
      key text, attempt integer, worker text, started_at timestamptz, finished_at timestamptz, seconds double precision, outcome jsonb,
      training_return double precision, oracle_share double precision, environment_steps bigint, verdict text, objective text
    )
    WHERE jobs.key = x.key AND ${condition}
    RETURNING jobs.key
  `.execute(trx);
  const keys = done.map(({ key }) => key);
  return { done: keys, tickets: keys.length === 0 ? [] : await unblock(trx, keys) };
}

/**
 * Queues what waited for runs that are done now, and drops the curves that were told of them while they ran. A statement of its own: it sees
 * what was committed while the rows of the runs were waited for.
 */
export async function unblock(trx: LabTransaction, runs: readonly JobKey[]): Promise<readonly NewTicket[]> {
  const { rows } = await sql<{ key: JobKey }>`
    WITH told AS (DELETE FROM mesascope.curves WHERE job = ANY(${runs}::text[]))
    UPDATE mesascope.jobs SET state = 'queued' WHERE run = ANY(${runs}::text[]) AND state = 'blocked' RETURNING key
  `.execute(trx);
  return rows.length === 0
    ? []
    : await issueTickets(
        trx,
        rows.map(({ key }) => key),
      );
}

export type Failure = Extract<LedgerEntry, { readonly kind: "failure" }>;

/** A failure for good. A job that is done stays done. */
export async function applyFailure(
  trx: LabTransaction,
  { failure, at }: { readonly failure: Failure; readonly at: Date },
): Promise<void> {
  await trx
    .updateTable("jobs")
    .set({
      ...{ state: "failed", ticket: null, worker: null, progress: null, started_at: null, finished_at: at },
      ...{ attempt: failure.attempt, error_code: failure.code, error_message: failure.message },
    })
    .where("key", "=", failure.job)
    .where("state", "!=", "done")
    .execute();
}

function rowOf({ job, outcome, made }: JobRecord) {
  return {
    key: job,
    attempt: made.attempt,
    worker: made.worker,
    started_at: made.startedAt,
    finished_at: made.finishedAt,
    seconds: made.seconds,
    outcome,
    ...columnsOf(outcome),
  };
}

function columnsOf(outcome: Outcome) {
  switch (outcome.kind) {
    case "train": {
      const { trainingReturn, oracleShare, environmentSteps } = outcome;
      return { training_return: trainingReturn, oracle_share: oracleShare, environment_steps: environmentSteps };
    }
    case "audit":
      // Verdicts are on runs: what an agent wanted on the way is found by its run alone.
      return outcome.environmentSteps === undefined
        ? { verdict: outcome.verdict.kind, objective: outcome.verdict.objective }
        : {};
    case "measure":
      return {};
    default:
      return outcome satisfies never;
  }
}
