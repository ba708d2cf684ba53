// Jobs as tables show them: filtered, sorted, page by page. Groups of them are in group-jobs.ts.

import { type Expression, type RawBuilder, type Selectable, type SqlBool, sql } from "kysely";
import type { JobQuery, JobRow } from "../../../lab/api.ts";
import type { JobKey, JobState } from "../../../lab/job.ts";
import type { LabDatabase, LabQueries } from "../database/lab-database.ts";
import type { JobsTable } from "../database/schema.ts";
import { variantsOf } from "./variants.ts";

/** `where`: a condition on rows of `jobs`, such as `filterSql` makes of a filter. */
export interface JobSelection extends Omit<JobQuery, "filter"> {
  readonly where?: Expression<SqlBool> | undefined;
}

type SortField = NonNullable<JobQuery["sort"]>;

/** What each sort is by; among equals the order is that of acceptance. */
const sortColumns: Readonly<Record<SortField, readonly (keyof JobsTable)[]>> = {
  created: [],
  started: ["started_at"],
  finished: ["finished_at"],
  name: ["name"],
  world: ["world"],
  seed: ["seed"],
  state: ["state"],
  priority: ["priority"],
  return: ["training_return"],
  share: ["oracle_share"],
  seconds: ["seconds"],
  steps: ["environment_steps"],
};
const acceptance = ["ledger_number", "position", "key"] as const;
/** Those of them that every job has: an index gives their order backwards too, which it would not with nulls last. */
const neverNull: readonly (keyof JobsTable)[] = ["name", "world", "seed", "state", "priority", ...acceptance];

/** What a list is ordered by: columns of `jobs`. What has no value comes last either way. */
export function orderOf({ sort, descending }: { readonly sort: SortField; readonly descending: boolean }): RawBuilder<unknown> {
  const direction = descending ? "DESC" : "ASC";
  const ordered = orderColumns(sort).map(
    (column) => sql`${sql.ref(column)} ${sql.raw(neverNull.includes(column) ? direction : `${direction} NULLS LAST`)}`,
  );
  return sql.join(ordered);
}

function orderColumns(sort: SortField): readonly (keyof JobsTable)[] {
  return [...new Set([...sortColumns[sort], ...acceptance])];
}

/** The rows of a page, and how many there are in all. */
export async function listJobs(
  database: LabDatabase,
  selection: JobSelection,
): Promise<{ readonly rows: readonly JobRow[]; readonly total: number }> {
  const { where, sort = "created", descending = false, offset = 0, limit = 100 } = selection;
  const columns = orderColumns(sort);
  const order = orderOf({ sort, descending });
  // A filter is asked once for page and total, and rows are read whole for the page only.
  const found = where
    ? sql`MATERIALIZED (SELECT ${sql.join(columns.map((column) => sql.ref(`jobs.${column}`)))} FROM jobs WHERE ${where})`
    : sql`NOT MATERIALIZED (SELECT * FROM jobs)`;
  return await database.query(async (db) => {
    const answer = await sql<{ readonly total: number; readonly keys: readonly JobKey[] }>`
      WITH found AS ${found}
      SELECT (SELECT count(*)::int FROM found) AS total,
        ARRAY(SELECT key FROM found ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}) AS keys
    `.execute(db);
    const { total, keys } = answer.rows[0]!;
    const jobs = await db
      .selectFrom("jobs")
      .selectAll()
      .select(silence)
      .where("key", "=", sql<string>`ANY(${keys}::text[])`)
      .execute();
    const sweeps = await sweepsOf(db, keys);
    const variants = await variantsOf(db, jobs);
    const rows = new Map(jobs.map((row) => [row.key, { ...rowOf(row, sweeps), variant: variants.get(row.key) ?? {} }]));
    return { rows: keys.flatMap((key) => rows.get(key) ?? []), total };
  });
}

/** The row of a job; null for one that the lab does not have. */
export async function findJob(database: LabDatabase, key: JobKey) {
  return await database.query(async (db) => {
    const found = await db
      .selectFrom("jobs")
      .innerJoin("specs", "specs.key", "jobs.key")
      .selectAll("jobs")
      .select(["specs.spec", silence])
      .where("jobs.key", "=", key)
      .executeTakeFirst();
    return found === undefined ? null : { row: rowOf(found, await sweepsOf(db, [key])), spec: found.spec };
  });
}

type SweepsOfJobs = ReadonlyMap<JobKey, readonly { readonly sweep: string }[]>;

/** Asked for by itself: of a late page, else, also for all rows before it. */
async function sweepsOf(db: LabQueries, keys: readonly JobKey[]): Promise<SweepsOfJobs> {
  const links = await db
    .selectFrom("sweep_jobs")
    .select(["job", "sweep"])
    .where("job", "=", sql<string>`ANY(${keys}::text[])`)
    .orderBy("sweep")
    .execute();
  return Map.groupBy(links, ({ job }) => job);
}

/** Seconds since the attempt that runs was heard of; all of it by the database's clock, which may go back. */
const silence = sql<number | null>`
  CASE WHEN jobs.state = 'running' AND jobs.heard_attempt = jobs.attempt
    THEN greatest(0, extract(epoch FROM clock_timestamp() - jobs.heard_at))::float8 END
`.as("silent_for");

type FoundJob = Selectable<JobsTable> & { readonly silent_for: number | null };

function rowOf(row: FoundJob, sweeps: SweepsOfJobs): JobRow {
  const { key, kind, code, state, priority, attempt, run, name, organism, world, network, optimizer, seed } = row;
  const { worker, progress, outcome, seconds } = row;
  return {
    ...{ key, kind, code, state, priority, attempt, run, name, organism, world, network, optimizer, seed },
    ...{ worker, progress, outcome, seconds, silentFor: row.silent_for, variant: {} },
    sweeps: (sweeps.get(key) ?? []).map(({ sweep }) => sweep),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? "" },
  };
}

export type StateCounts = Record<JobState, number>;

export function countsOf(rows: readonly { readonly state: JobState; readonly count: number }[]): StateCounts {
  const counts: StateCounts = { blocked: 0, queued: 0, held: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { state, count } of rows) counts[state] += count;
  return counts;
}
