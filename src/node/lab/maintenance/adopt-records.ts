// Takes up records that nobody told the index of: where one lies, its job is done. It may have been put by one who ended before the commit, also
// where the job was cancelled or paused after that.

import { sql } from "kysely";
import type { JobKey } from "../../../lab/job.ts";
import { readRecord } from "../../../lab/record.ts";
import { inOrder } from "../export/in-order.ts";
import { applyRecords } from "../index/apply-end.ts";
import { emit, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import { readsAtOnce } from "./read-documents.ts";

/**
 * How often a process looks for the record of an attempt that somebody works at, or that was cancelled or paused: what was under way then arrives
 * within the first. A worker settles what it works at by itself.
 */
const mostLooks = 4;
/** By key and attempt, those that still are to be counted. */
const looks = new WeakMap<LabParts, ReadonlyMap<string, number>>();

interface Begun {
  readonly key: JobKey;
  readonly attempt: number;
  /** Whose worker is there no more. */
  readonly isLeft: boolean;
}

/** Throws `file-system` and `database`. */
export async function adoptRecords(parts: LabParts): Promise<void> {
  const { database, store } = parts;
  const records = inOrder(await toLookFor(parts), {
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

async function toLookFor(parts: LabParts): Promise<readonly Begun[]> {
  const { rows } = await parts.database.query((db) =>
    sql<Begun>`
      SELECT key, attempt, state = 'running' AND NOT EXISTS (SELECT 1 FROM mesascope.workers WHERE name = jobs.worker) AS "isLeft"
      FROM mesascope.jobs WHERE state IN ('held', 'running') AND attempt > 0
      UNION ALL
      SELECT key, attempt, false FROM mesascope.jobs WHERE state = 'cancelled' AND attempt > 0
    `.execute(db),
  );
  const before = looks.get(parts);
  const looked = new Map(rows.map(({ key, attempt }) => [`${key}/${attempt}`, (before?.get(`${key}/${attempt}`) ?? 0) + 1]));
  looks.set(parts, looked);
  return rows.filter(({ key, attempt, isLeft }) => isLeft || looked.get(`${key}/${attempt}`)! <= mostLooks);
}
