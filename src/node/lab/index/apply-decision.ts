// What a decision does to the index. Jobs that are done stay done.

import { type RawBuilder, sql } from "kysely";
import { MesascopeError, throwUnknown } from "../../../core/base/errors.ts";
import type { JobKey, JobState } from "../../../lab/job.ts";
import type { Decision, Target } from "../../../lab/ledger.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import type { NewTicket, TicketRef } from "../queue/ticket-queue.ts";

export interface DecisionApplied {
  /** Jobs that are in another state or of another priority now. */
  readonly affected: number;
  /** To be removed from the queue, before the others are sent. */
  readonly void: readonly TicketRef[];
  readonly tickets: readonly NewTicket[];
}

/** The states that each decision is about. A priority is everyone's, so that it is the same whenever a job ends. */
const concerned = {
  pause: ["blocked", "queued", "running"],
  resume: ["held"],
  cancel: ["blocked", "queued", "held", "running"],
  retry: ["failed", "cancelled"],
  prioritize: ["blocked", "queued", "held", "running", "done", "failed", "cancelled"],
} as const satisfies Record<Decision["action"], readonly JobState[]>;

/** What is set in the row of a job that goes back to the queue; it needs a ticket then, see `issueTickets`. */
export const waiting = { state: "queued", worker: null, progress: null, started_at: null } as const;

/** Where jobs go that may run again: a run at once, what is about a run when that is done. */
const ready = sql`CASE
  WHEN jobs.run IS NULL OR EXISTS (SELECT 1 FROM mesascope.jobs r WHERE r.key = jobs.run AND r.state = 'done') THEN 'queued'
  ELSE 'blocked' END`;

const linkedTo = sql`
  SELECT 1 FROM mesascope.sweep_jobs JOIN mesascope.sweeps ON sweeps.name = sweep_jobs.sweep WHERE sweep_jobs.job = jobs.key`;
/** Whether a sweep is to have a job now: what is decided about another that has it, too, does not concern it. */
const isWanted = sql`EXISTS (${linkedTo} AND NOT sweeps.is_paused AND NOT sweeps.is_cancelled)`;
/** Where jobs go for which no sweep asks just now: one that is paused may ask again. */
const hasPausedSweep = sql`EXISTS (${linkedTo} AND sweeps.is_paused AND NOT sweeps.is_cancelled)`;

/** Throws `usage` for a sweep or a job that the lab does not have. */
export async function applyDecision(trx: LabTransaction, decision: Decision): Promise<DecisionApplied> {
  const { action, target } = decision;
  await requireTarget(trx, target);
  await changeSweep(trx, decision);
  const locked = await lockTarget(trx, decision);
  const keys = locked.map(({ key }) => key);
  if (keys.length === 0) return { affected: 0, void: [], tickets: [] };
  const tickets =
    action === "prioritize"
      ? await reprioritize(trx, { keys, priority: decision.priority })
      : await move(trx, { keys, decision });
  return {
    affected: keys.length,
    // One that runs keeps its ticket when only its priority changes.
    void: locked.flatMap(({ code, ticket, state }) =>
      ticket === null || (action === "prioritize" && state === "running") ? [] : [{ code, ticket }],
    ),
    tickets,
  };
}

/** The jobs it concerns, by key, so that two decisions do not wait for each other crosswise; and the runs that they wait for. */
async function lockTarget(trx: LabTransaction, { action, target }: Decision) {
  const states: readonly string[] = concerned[action];
  if (action === "resume" || action === "retry") {
    await sql`
      SELECT key FROM mesascope.jobs WHERE key IN (SELECT run FROM mesascope.jobs WHERE ${isOf(target)}) ORDER BY key FOR SHARE
    `.execute(trx);
  }
  const { rows } = await sql<{ key: JobKey; code: string; state: JobState; ticket: string | null }>`
    SELECT key, code, state, ticket FROM mesascope.jobs
    WHERE ${action === "retry" ? isOfOrRunOf(target) : isOf(target)} AND state = ANY(${states}::text[])
      ${target.kind === "sweep" && (action === "pause" || action === "cancel") ? sql`AND NOT ${isWanted}` : sql``}
    ORDER BY key FOR UPDATE
  `.execute(trx);
  return rows;
}

async function move(
  trx: LabTransaction,
  {
    keys,
    decision,
  }: { readonly keys: readonly JobKey[]; readonly decision: Exclude<Decision, { readonly action: "prioritize" }> },
): Promise<readonly NewTicket[]> {
  const { action, target } = decision;
  if (action === "pause" || action === "cancel") {
    const state =
      action === "pause"
        ? sql`'held'`
        : target.kind === "jobs"
          ? sql`'cancelled'`
          : sql`CASE WHEN ${hasPausedSweep} THEN 'held' ELSE 'cancelled' END`;
    await sql`
      UPDATE mesascope.jobs SET state = ${state}, ticket = NULL, worker = NULL, progress = NULL
      WHERE key = ANY(${keys}::text[])
    `.execute(trx);
    return [];
  }
  // Jobs that are named go on whatever became of their sweeps.
  return await goOn(trx, { keys, to: target.kind === "jobs" ? ready : readyIfWanted });
}

/** Lets jobs run that were held, cancelled or failed, as far as sweeps that have them are not paused. Their rows are to be locked before. */
export async function takeUp(trx: LabTransaction, keys: readonly JobKey[]): Promise<readonly NewTicket[]> {
  return await goOn(trx, { keys, to: readyIfWanted });
}

const readyIfWanted = sql`CASE WHEN ${hasPausedSweep} AND NOT ${isWanted} THEN 'held' ELSE ${ready} END`;

async function goOn(
  trx: LabTransaction,
  { keys, to }: { readonly keys: readonly JobKey[]; readonly to: RawBuilder<unknown> },
): Promise<readonly NewTicket[]> {
  await sql`
    UPDATE mesascope.jobs SET state = ${to}, failures = 0, losses = 0, error_code = NULL, error_message = NULL,
      started_at = NULL, finished_at = NULL
    WHERE key = ANY(${keys}::text[])
  `.execute(trx);
  return await issueTickets(trx, keys);
}

async function reprioritize(
  trx: LabTransaction,
  { keys, priority }: { readonly keys: readonly JobKey[]; readonly priority: number },
): Promise<readonly NewTicket[]> {
  await sql`UPDATE mesascope.jobs SET priority = ${priority} WHERE key = ANY(${keys}::text[])`.execute(trx);
  return await issueTickets(trx, keys);
}

/** Gives queued jobs new tickets, in the order in which they were accepted. The tickets they had are void. */
export async function issueTickets(trx: LabTransaction, keys: readonly JobKey[]): Promise<readonly NewTicket[]> {
  const { rows } = await sql<NewTicket & { ledger_number: number; position: number }>`
    UPDATE mesascope.jobs SET ticket = gen_random_uuid()
    WHERE key = ANY(${keys}::text[]) AND state = 'queued'
    RETURNING key, code, priority, ticket, attempt > 0 AS "isBegun", ledger_number, position
  `.execute(trx);
  return rows
    .sort((a, b) => a.ledger_number - b.ledger_number || a.position - b.position)
    .map(({ ledger_number: _, position: __, ...ticket }) => ticket);
}

/** A sweep that is paused stays so for jobs that come later; its priority is theirs. One that is cancelled wants none of its jobs any more. */
async function changeSweep(trx: LabTransaction, decision: Decision): Promise<void> {
  const { target } = decision;
  if (target.kind !== "sweep") return;
  const change =
    decision.action === "pause"
      ? { is_paused: true }
      : decision.action === "resume"
        ? { is_paused: false }
        : decision.action === "cancel"
          ? { is_cancelled: true }
          : decision.action === "retry"
            ? { is_cancelled: false }
            : decision.action === "prioritize"
              ? { priority: decision.priority }
              : null;
  if (change !== null) await trx.updateTable("sweeps").set(change).where("name", "=", target.sweep).execute();
}

function isOf(target: Target): RawBuilder<boolean> {
  return target.kind === "sweep"
    ? sql`key IN (SELECT job FROM mesascope.sweep_jobs WHERE sweep = ${target.sweep})`
    : sql`key = ANY(${target.jobs}::text[])`;
}

/** With the runs that its jobs wait for: without them these would wait for ever. */
function isOfOrRunOf(target: Target): RawBuilder<boolean> {
  return sql`(${isOf(target)} OR key IN (SELECT run FROM mesascope.jobs WHERE ${isOf(target)} AND state != 'done'))`;
}

async function requireTarget(trx: LabTransaction, target: Target): Promise<void> {
  if (target.kind === "sweep") {
    const sweeps = await trx.selectFrom("sweeps").select("name").orderBy("name").execute();
    const names = sweeps.map(({ name }) => name);
    if (names.length === 0) throw new MesascopeError("usage", `unknown sweep "${target.sweep}"; the lab has no sweep.`);
    if (!names.includes(target.sweep)) throwUnknown("sweep", target.sweep, names, 'Run "mesascope lab status" for all.');
    return;
  }
  const given = [...new Set(target.jobs)];
  const known = await trx.selectFrom("jobs").select("key").where("key", "=", sql<string>`ANY(${given}::text[])`).execute();
  if (known.length === given.length) return;
  const missing = given.find((key) => !known.some((row) => row.key === key));
  throw new MesascopeError("usage", `the lab has no job ${missing}; expected keys of its jobs. "mesascope runs" lists them.`);
}
