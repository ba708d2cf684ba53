// What happened in a lab, as numbered rows: written as the last statement of the transaction that makes it true.

import { sql } from "kysely";
import type { LabEvent } from "../../../lab/api.ts";
import type { JobKey } from "../../../lab/job.ts";
import type { LabDatabase, LabTransaction } from "../database/lab-database.ts";

/** Of new events. */
export const eventsChannel = "mesascope_events";
/** Of jobs that may be taken. */
export const queueChannel = "mesascope_queue";
/** Of decisions, which may be about jobs that run. */
export const decisionsChannel = "mesascope_decisions";

export type NewEvent = Omit<LabEvent, "number" | "at"> & { readonly at: Date };

/**
 * Writes events in order, with the next numbers. From here to the commit nobody else writes any, so nothing slow may follow. `notify`: the
 * channels to be told besides the one of events.
 */
export async function emit(trx: LabTransaction, events: readonly NewEvent[], notify: readonly string[] = []): Promise<void> {
  const notices = (channels: readonly string[]) => sql`SELECT pg_notify(channel, '') FROM unnest(${channels}::text[]) AS channel`;
  if (events.length === 0) {
    if (notify.length > 0) await notices(notify).execute(trx);
    return;
  }
  const rows = JSON.stringify(events.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })));
  // One statement: what happens between the first lock and the commit is waited for by everybody.
  await sql`
    WITH head AS (
      UPDATE mesascope.event_head SET number = number + ${events.length}::int RETURNING number
    ), written AS (
      INSERT INTO mesascope.events (number, at, kind, job, sweep, data)
      SELECT head.number - ${events.length}::int + e.place, e.at, e.kind, e.job, e.sweep, e.data
      FROM head, ROWS FROM (
        json_to_recordset(${rows}::json) AS (at timestamptz, kind text, job text, sweep text, data jsonb)
      ) WITH ORDINALITY AS e (at, kind, job, sweep, data, place)
    )
    ${notices([eventsChannel, ...notify])}
  `.execute(trx);
}

/** Events after a number, in order. */
export async function readEvents(
  database: LabDatabase,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly LabEvent[]> {
  const rows = await database.query((db) =>
    db
      .selectFrom("events")
      .select(["number", "at", "kind", "job", "sweep", "data"])
      .where("number", ">", after)
      .orderBy("number")
      .limit(limit)
      .execute(),
  );
  return rows.map(({ at, data, ...row }) => ({ ...row, at: at.toISOString(), data: { ...data } }));
}

/** Whether a job is one of a sweep's. */
export async function isJobOf(
  database: LabDatabase,
  { job, sweep }: { readonly job: JobKey; readonly sweep: string },
): Promise<boolean> {
  const found = await database.query((db) =>
    db.selectFrom("sweep_jobs").select("job").where("sweep", "=", sweep).where("job", "=", job).executeTakeFirst(),
  );
  return found !== undefined;
}

export async function lastEventNumber(database: LabDatabase): Promise<number> {
  const head = await database.query((db) => db.selectFrom("event_head").select("number").executeTakeFirst());
  return head?.number ?? 0;
}
