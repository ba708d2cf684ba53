// Brings index and queue back together with the files, after whatever ended a process in between. On each opening, and now and then while
// there are workers.

import { sql } from "kysely";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import { recordPath } from "../../../lab/layout.ts";
import { type JobRecord, recordSchema } from "../../../lab/record.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { inOrder } from "../export/in-order.ts";
import { issueTickets } from "../index/apply-decision.ts";
import { applyRecords, unblock } from "../index/apply-end.ts";
import { emit, queueChannel } from "../index/events.ts";
import { forgetWorkers } from "../index/workers.ts";
import type { LabParts } from "../lab-parts.ts";
import type { NewTicket, TicketRef } from "../queue/ticket-queue.ts";
import { forgetOld } from "./forget-old.ts";
import { readsAtOnce } from "./read-documents.ts";
import { inLedgerOrder, reconcileLedger } from "./reconcile-ledger.ts";
import { releaseStranded } from "./release-stranded.ts";

/** Seconds between two times of which somebody does it. */
const every = 25;

/**
 * Done by one of all processes, and only when none did lately; on opening at least the end of the ledger is looked at. `isOpening`: where the database is this process's alone it is done at once, and
 * what runs by it is nobody's. Returns what could not be read, a sentence each.
 */
export async function reconcile(parts: LabParts, { isOpening }: { readonly isOpening: boolean }): Promise<readonly string[]> {
  const { database } = parts;
  const isAlone = isOpening && database.kind === "pglite";
  const turn = await database.query((db) =>
    sql`
      UPDATE mesascope.lab SET reconciled_at = now() WHERE ${isAlone} OR reconciled_at NOT BETWEEN now() - ${every} * interval '1 second' AND now() RETURNING 1
    `.execute(db),
  );
  if (turn.rows.length === 0) {
    if (isOpening) await inLedgerOrder(parts, async () => undefined);
    return [];
  }
  const warnings = await reconcileLedger(parts);
  await prepareQueues(parts);
  await adoptRecords(parts);
  await releaseStranded(parts);
  await database.transaction(async (trx) => {
    const lost = isAlone ? await releaseAll(trx) : { void: [], tickets: [] };
    await parts.tickets.remove(trx, lost.void);
    const tickets = [...lost.tickets, ...(await reissueTickets(trx, parts)), ...(await unblockReady(trx))];
    await parts.tickets.send(trx, tickets);
    await parts.tickets.forgetFuture(trx);
    if (tickets.length > 0) await emit(trx, [], [queueChannel]);
    await forgetOld(trx);
  });
  await forgetWorkers(parts);
  return warnings;
}

async function prepareQueues(parts: LabParts): Promise<void> {
  const codes = await parts.database.query((db) =>
    db.selectFrom("jobs").select("code").distinct().where("state", "in", ["blocked", "queued", "held", "running"]).execute(),
  );
  await parts.tickets.prepare(codes.map(({ code }) => code));
}

/** How often a process looks for the record of an attempt that was cancelled or paused: what was under way then arrives within the first. */
const mostLooks = 4;
const looks = new WeakMap<LabParts, Map<string, number>>();

/**
 * Where a record lies, the job is done: it may have been put by one who ended before the commit, also where the job was cancelled or paused
 * after that.
 */
async function adoptRecords(parts: LabParts): Promise<void> {
  const { database, store } = parts;
  const begun = await database.query((db) =>
    db
      .selectFrom("jobs")
      .select(["key", "attempt", "state"])
      .where("state", "in", ["running", "held", "cancelled"])
      .where("attempt", ">", 0)
      .execute(),
  );
  const looked = looks.get(parts) ?? new Map<string, number>();
  looks.set(parts, looked);
  const asked = begun.filter(({ key, attempt, state }) => {
    const name = `${key}/${attempt}`;
    const times = (looked.get(name) ?? 0) + 1;
    if (state !== "running") looked.set(name, times);
    return state === "running" || times <= mostLooks;
  });
  const records = inOrder(asked, {
    width: readsAtOnce,
    task: async ({ key }) => ({ key, record: await readRecord(store, key) }),
  });
  for await (const { key, record } of records) {
    if (record === null) continue;
    await database.transaction(async (trx) => {
      const row = await trx
        .selectFrom("jobs")
        .select(["state", "ticket", "code"])
        .where("key", "=", key)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined || row.state === "done") return;
      const { tickets } = await applyRecords(trx, [record]);
      if (row.ticket !== null) await parts.tickets.remove(trx, [{ ticket: row.ticket, code: row.code }]);
      await parts.tickets.send(trx, tickets);
      const { attempt, worker } = record.made;
      const data = { attempt, worker, outcome: record.outcome };
      await emit(
        trx,
        [{ at: parts.clock(), kind: "done", job: key, sweep: null, data }],
        tickets.length > 0 ? [queueChannel] : [],
      );
    });
  }
}

/** Null where there is none, or none that can be read: the job is done again then. */
export async function readRecord(store: ArtifactStore, key: JobKey): Promise<JobRecord | null> {
  const json = await store.getDocument(recordPath(key)).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "damaged-artifact") return null;
    throw error;
  });
  return json === null ? null : (recordSchema.safeParse(json).data ?? null);
}

/** Who had the lab open before is gone, and with it all that ran. */
async function releaseAll(
  trx: LabTransaction,
): Promise<{ readonly void: readonly TicketRef[]; readonly tickets: readonly NewTicket[] }> {
  const running = await trx
    .selectFrom("jobs")
    .select(["key", "code", "ticket"])
    .where("state", "=", "running")
    .forUpdate()
    .execute();
  if (running.length === 0) return { void: [], tickets: [] };
  const keys = running.map(({ key }) => key);
  await trx
    .updateTable("jobs")
    .set({ state: "queued", worker: null, progress: null, started_at: null })
    .where("key", "in", keys)
    .execute();
  const tickets = await issueTickets(trx, keys);
  return { void: running.flatMap(({ code, ticket }) => (ticket === null ? [] : [{ code, ticket }])), tickets };
}

/** New tickets for jobs whose own is not in the queue, as after a queue was restored from a backup or emptied. */
async function reissueTickets(trx: LabTransaction, parts: LabParts): Promise<readonly NewTicket[]> {
  const waiting = await trx.selectFrom("jobs").select("code").distinct().where("state", "in", ["queued", "running"]).execute();
  const tickets: NewTicket[] = [];
  for (const { code } of waiting) {
    const live = parts.tickets.liveTickets(code);
    const { rows } = await sql<{ key: JobKey }>`
      UPDATE mesascope.jobs SET state = 'queued', worker = NULL, progress = NULL, started_at = NULL
      WHERE state IN ('queued', 'running') AND code = ${code} AND (ticket IS NULL OR ticket NOT IN (${live}))
      RETURNING key
    `.execute(trx);
    if (rows.length > 0)
      tickets.push(
        ...(await issueTickets(
          trx,
          rows.map(({ key }) => key),
        )),
      );
  }
  return tickets;
}

async function unblockReady(trx: LabTransaction): Promise<readonly NewTicket[]> {
  const { rows } = await sql<{ run: JobKey }>`
    SELECT DISTINCT r.key AS run FROM mesascope.jobs JOIN mesascope.jobs r ON r.key = jobs.run
    WHERE jobs.state = 'blocked' AND r.state = 'done'
  `.execute(trx);
  return rows.length === 0
    ? []
    : await unblock(
        trx,
        rows.map(({ run }) => run),
      );
}
