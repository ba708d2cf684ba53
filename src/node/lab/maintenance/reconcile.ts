// Brings index and queue back together with the files, after whatever ended a process in between. On each opening, and now and then while
// there are workers.

import { sql } from "kysely";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import { ledgerPrefix, recordPath } from "../../../lab/layout.ts";
import { type LedgerDocument, ledgerDocumentSchema } from "../../../lab/ledger.ts";
import { type JobRecord, recordSchema } from "../../../lab/record.ts";
import { appendToLedger, lockLedger, markApplied } from "../append-to-ledger.ts";
import { applyEntry, jobsOfEntry } from "../apply-entry.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { issueTickets } from "../index/apply-decision.ts";
import { applyRecords, unblock } from "../index/apply-end.ts";
import { emit, queueChannel } from "../index/events.ts";
import { forgetWorkers } from "../index/workers.ts";
import type { LabParts } from "../lab-parts.ts";
import type { NewTicket, TicketRef } from "../queue/ticket-queue.ts";

/** Seconds between two times of which somebody does it. */
const every = 25;
/** Hours for which the progress of jobs stays among the events. */
const progressKept = 1;

/**
 * `isOpening`: whatever others do; where the database is this process's alone, what runs by it is nobody's. Otherwise it is done by one of all
 * processes, and only when none did lately.
 */
export async function reconcile(parts: LabParts, { isOpening }: { readonly isOpening: boolean }): Promise<void> {
  const { database } = parts;
  const turn = await database.query((db) =>
    sql`
      UPDATE mesascope.lab SET reconciled_at = now() WHERE ${isOpening} OR reconciled_at NOT BETWEEN now() - ${every} * interval '1 second' AND now() RETURNING 1
    `.execute(db),
  );
  if (turn.rows.length === 0) return;
  await reconcileLedger(parts);
  await prepareQueues(parts);
  await adoptRecords(parts);
  await database.transaction(async (trx) => {
    const isAlone = isOpening && database.kind === "pglite";
    const lost = isAlone ? await releaseAll(trx) : { void: [], tickets: [] };
    await parts.tickets.remove(trx, lost.void);
    const tickets = [...lost.tickets, ...(await reissueTickets(trx, parts)), ...(await unblockReady(trx))];
    await parts.tickets.send(trx, tickets);
    if (tickets.length > 0) await emit(trx, [], [queueChannel]);
    await sql`DELETE FROM mesascope.events WHERE kind = 'progress' AND at < now() - ${progressKept} * interval '1 hour'`.execute(
      trx,
    );
  });
  await forgetWorkers(parts);
}

/**
 * Applies entries that the index does not have: of whoever came no further than writing them, and all that came after a backup of the
 * database. One that others have overtaken is written anew at the end, so that the order of application stays that of numbers; a
 * failure that was overtaken is dropped, since its job runs again and fails again.
 */
async function reconcileLedger(parts: LabParts): Promise<void> {
  const { store, database } = parts;
  const paths: string[] = [];
  for await (const { path } of store.listDocuments(ledgerPrefix)) paths.push(path);
  const known = await database.query((db) => db.selectFrom("applied").select("id").execute());
  const ids = new Set(known.map(({ id }) => id));
  const missing = paths.filter((path) => !ids.has(idOf(path)));
  for (const path of missing) {
    const document = await readLedgerDocument(store, path);
    if (document === null) continue;
    const jobs = await jobsOfEntry(store, document);
    await parts.tickets.prepare(jobs.map(({ spec }) => spec.code));
    const { entry } = document;
    await database.transaction(async (trx) => {
      await lockLedger(trx);
      // Who holds the lock now may have been about to commit it.
      const applied = await trx.selectFrom("applied").select("id").where("id", "=", document.id).executeTakeFirst();
      const last = await trx
        .selectFrom("applied")
        .select((eb) => eb.fn.max("number").as("number"))
        .executeTakeFirst();
      if (applied !== undefined) return;
      if ((last?.number ?? 0) < document.number) {
        const { events, notify } = await applyEntry(trx, { document, tickets: parts.tickets, jobs });
        await markApplied(trx, document);
        await raiseNumber(trx, document.number);
        return await emit(trx, events, notify);
      }
      if (entry.kind !== "failure") {
        await appendToLedger(trx, { parts, entry }, (anew) => applyEntry(trx, { document: anew, tickets: parts.tickets, jobs }));
      }
      await markApplied(trx, document);
      await store.deleteDocument(path);
    });
  }
}

/** The next number is above all that the store has. */
export async function raiseNumber(trx: LabTransaction, number: number): Promise<void> {
  await sql`
    SELECT setval('mesascope.ledger_number', GREATEST(${number}::bigint, (SELECT last_value FROM mesascope.ledger_number)))
  `.execute(trx);
}

/** Null for one that was removed meanwhile. Throws `damaged-artifact`, and `unsupported-version` for one of a newer Mesascope. */
export async function readLedgerDocument(store: ArtifactStore, path: string): Promise<LedgerDocument | null> {
  const json = await store.getDocument(path);
  if (json === null) return null;
  const parsed = ledgerDocumentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new MesascopeError(
    "unsupported-version",
    `${store.documentName(path)} is no entry of a ledger that this version knows (${parsed.error.issues[0]?.message ?? "unknown"}). ` +
      "Update Mesascope, or restore the file from a backup.",
  );
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf("-") + 1, -".json".length);
}

async function prepareQueues(parts: LabParts): Promise<void> {
  const codes = await parts.database.query((db) =>
    db.selectFrom("jobs").select("code").distinct().where("state", "in", ["blocked", "queued", "held", "running"]).execute(),
  );
  await parts.tickets.prepare(codes.map(({ code }) => code));
}

/** Where a record lies, the job is done: it may have been put by one who ended before the commit. */
async function adoptRecords(parts: LabParts): Promise<void> {
  const { database, store } = parts;
  const running = await database.query((db) => db.selectFrom("jobs").select("key").where("state", "=", "running").execute());
  for (const { key } of running) {
    const record = await readRecord(store, key);
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
