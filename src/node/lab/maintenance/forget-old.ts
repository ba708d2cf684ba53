// What an index forgets with time: events, and curves that were told of jobs which came to nothing. Files are never touched by it.

import { sql } from "kysely";
import type { LabTransaction } from "../database/lab-database.ts";

/** Hours for which the progress of jobs stays among the events. */
const progressKept = 1;
/** Days for which other events stay, and the curves of jobs that failed or were cancelled. */
const eventsKept = 30;

/**
 * Removes events of progress after an hour; other events after 30 days, unless their job is not at an end yet; and after 30 days what was told
 * of the curves of jobs that failed, were cancelled or are in the index no more. Ages are by the database's own clock, which also wrote down
 * when rows came: those of workers may be hours off. `now`: that clock.
 */
export async function forgetOld(trx: LabTransaction, now: Date | null = null): Promise<void> {
  const today = now === null ? sql`now()` : sql`${now}::timestamptz`;
  await sql`
    DELETE FROM mesascope.events WHERE kind = 'progress' AND written_at < ${today} - ${progressKept} * interval '1 hour'
  `.execute(trx);
  await sql`
    DELETE FROM mesascope.events WHERE kind != 'progress' AND written_at < ${today} - ${eventsKept} * interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM mesascope.jobs WHERE jobs.key = events.job AND jobs.state NOT IN ('done', 'failed', 'cancelled'))
  `.execute(trx);
  await sql`
    DELETE FROM mesascope.curves WHERE told_at < ${today} - ${eventsKept} * interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM mesascope.jobs WHERE jobs.key = curves.job AND jobs.state NOT IN ('failed', 'cancelled'))
  `.execute(trx);
}
