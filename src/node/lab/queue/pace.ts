// How often a worker speaks to the database when nothing happens: the more workers there are, the more seldom each, so that what a database has
// to do hardly grows with them. What a lost job waits for stays below half a minute: ten seconds of lease, five to notice, and a poll.

import { sql } from "kysely";
import type { LabDatabase } from "../database/lab-database.ts";

/** Seconds between two times of each. */
export interface Pace {
  /** Asking for jobs, where no notice came. */
  readonly poll: number;
  /** Telling how far jobs are. */
  readonly tell: number;
}

/** Together workers tell so often a second, and poll so, until the longest pause is reached. */
const perSecond = 50;
/** With more workers than this they tell no more seldom. */
export const mostCounted = 3000;
const leastPoll = 2;
const mostPoll = 10;
const leastTell = 1;

export function paceOf(workers: number): Pace {
  const shared = workers / perSecond;
  return { poll: Math.min(mostPoll, Math.max(leastPoll, shared)), tell: Math.max(leastTell, shared) };
}

/** Workers in the database's list, up to 3,000: each asks, and to count them all would be work that grows with their square. */
export async function countWorkers(database: LabDatabase): Promise<number> {
  const { rows } = await database.query((db) =>
    sql<{ workers: number }>`
      SELECT count(*)::int AS workers FROM (SELECT 1 FROM mesascope.workers LIMIT ${sql.lit(mostCounted)}) AS counted
    `.execute(db),
  );
  return rows[0]?.workers ?? 1;
}
