// Brings index and queue back together with the files, after whatever ended a process in between. On each opening, and now and then while
// there are workers.

import { sql } from "kysely";
import type { JobKey } from "../../../lab/job.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { issueTickets, waiting } from "../index/apply-decision.ts";
import { unblock } from "../index/apply-end.ts";
import { fillConfigs } from "../index/configs.ts";
import { emit, queueChannel } from "../index/events.ts";
import { forgetWorkers } from "../index/workers.ts";
import type { LabParts } from "../lab-parts.ts";
import type { NewTicket, TicketRef } from "../queue/ticket-queue.ts";
import { adoptRecords } from "./adopt-records.ts";
import { forgetOld } from "./forget-old.ts";
import { inLedgerOrder, reconcileLedger } from "./reconcile-ledger.ts";
import { releaseStranded } from "./release-stranded.ts";

/** Seconds between two times of which somebody does it. */
const every = 25;

/**
 * Done by one of all processes, and only when none did lately; on opening at least the end of the ledger is looked at. `isOpening`: where the
 * database is this process's alone it is done at once, and what runs by it is nobody's. Returns what could not be read, a sentence each.
 */
export async function reconcile(parts: LabParts, { isOpening }: { readonly isOpening: boolean }): Promise<readonly string[]> {
  const { database } = parts;
  const isOnlyOpener = isOpening && database.kind === "pglite";
  const turn = await database.query((db) =>
    sql`
      UPDATE mesascope.lab SET reconciled_at = now() WHERE ${isOnlyOpener} OR reconciled_at NOT BETWEEN now() - ${every} * interval '1 second' AND now() RETURNING 1
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
  await database.transaction(fillConfigs);
  await database.transaction(async (trx) => {
    const lost = isOnlyOpener ? await releaseAll(trx) : { void: [], tickets: [] };
    await parts.tickets.remove(trx, lost.void);
    const tickets = [...lost.tickets, ...(await reissueTickets(trx, parts)), ...(await unblockReady(trx))];
    await parts.tickets.send(trx, tickets);
    await parts.tickets.forgetFuture(trx);
    if (tickets.length > 0) await emit(trx, [], [queueChannel]);
    await forgetOld(trx);
  });
  await forgetWorkers(parts, { areGone: isOnlyOpener });
  return warnings;
}

async function prepareQueues(parts: LabParts): Promise<void> {
  const codes = await parts.database.query((db) =>
    db.selectFrom("jobs").select("code").distinct().where("state", "in", ["blocked", "queued", "held", "running"]).execute(),
  );
  await parts.tickets.prepare(codes.map(({ code }) => code));
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
  await trx.updateTable("jobs").set(waiting).where("key", "in", keys).execute();
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
