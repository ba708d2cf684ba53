// What a lab holds as a whole: jobs per state, sweeps and how long they take yet, jobs that wait for another code version.

import { sql } from "kysely";
import type { SweepRow } from "../../../lab/api.ts";
import type { JobKey, JobSpec, JobState } from "../../../lab/job.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { countsOf, type StateCounts } from "./job-queries.ts";

export async function countJobs(database: LabDatabase): Promise<StateCounts> {
  const rows = await database.query((db) =>
    db
      .selectFrom("jobs")
      .select(["state", sql<number>`count(*)::int`.as("count")])
      .groupBy("state")
      .execute(),
  );
  return countsOf(rows);
}

/** Queued jobs by code version, but for those of `code`. */
export async function waitingForOtherCode(database: LabDatabase, code: string): Promise<Readonly<Record<string, number>>> {
  const rows = await database.query((db) =>
    db
      .selectFrom("jobs")
      .select(["code", sql<number>`count(*)::int`.as("count")])
      .where("state", "=", "queued")
      .where("code", "!=", code)
      .groupBy("code")
      .orderBy("code")
      .execute(),
  );
  return Object.fromEntries(rows.map((row) => [row.code, row.count]));
}

interface SweepPart {
  readonly name: string;
  readonly priority: number;
  readonly accepted_at: Date;
  readonly kind: JobSpec["kind"];
  readonly state: JobState;
  readonly count: number;
  /** Blocked ones whose run is nobody's to do. */
  readonly stuck: number;
  /** Mean of those that are done, and what those that run say of themselves, in all. */
  readonly seconds: number | null;
  readonly seconds_left: number | null;
}

/** All sweeps in the order of acceptance. `slots`: of the workers that are there. */
export async function listSweeps(database: LabDatabase, slots: number): Promise<readonly SweepRow[]> {
  const { rows } = await database.query((db) =>
    sql<SweepPart>`
      SELECT sweeps.name, sweeps.priority, sweeps.accepted_at, jobs.kind, jobs.state, count(*)::int AS count,
        count(*) FILTER (WHERE jobs.state = 'blocked' AND runs.state IN ('failed', 'cancelled', 'held'))::int AS stuck,
        avg(jobs.seconds) FILTER (WHERE jobs.state = 'done') AS seconds,
        sum((jobs.progress ->> 'secondsLeft')::double precision) FILTER (WHERE jobs.state = 'running') AS seconds_left
      FROM mesascope.sweeps
      JOIN mesascope.sweep_jobs ON sweep_jobs.sweep = sweeps.name
      JOIN mesascope.jobs ON jobs.key = sweep_jobs.job
      LEFT JOIN mesascope.jobs runs ON runs.key = jobs.run AND jobs.state = 'blocked'
      GROUP BY sweeps.name, jobs.kind, jobs.state
      ORDER BY sweeps.ledger_number, sweeps.name
    `.execute(db),
  );
  const means: KindMeans = isPending(rows) ? await kindMeans(database) : new Map();
  return [...Map.groupBy(rows, ({ name }) => name).values()].map((parts) => {
    const { name, priority, accepted_at: acceptedAt } = parts[0]!;
    return {
      name,
      priority,
      acceptedAt: acceptedAt.toISOString(),
      counts: countsOf(parts),
      stuck: parts.reduce((sum, { stuck }) => sum + stuck, 0),
      ...(isPending(parts) ? timeLeft(parts, { slots, means }) : { secondsLeft: 0, unpriced: 0 }),
    };
  });
}

function isPending(parts: readonly SweepPart[]): boolean {
  return parts.some(
    ({ state, count, stuck }) => state === "queued" || state === "running" || (state === "blocked" && count > stuck),
  );
}

/**
 * By the mean of what is done of a kind in the sweep, else in the whole lab, else by what those that run say of themselves. Kinds of which nothing
 * is known are left out and counted in `unpriced`; null where that is all of them, and without workers.
 */
function timeLeft(
  parts: readonly SweepPart[],
  { slots, means }: { readonly slots: number; readonly means: KindMeans },
): Pick<SweepRow, "secondsLeft" | "unpriced"> {
  let unpriced = 0;
  let seconds: number | null = null;
  for (const { kind, state, count, stuck, seconds_left: told } of parts) {
    if (state !== "queued" && state !== "blocked" && state !== "running") continue;
    const mean = parts.find((part) => part.kind === kind && part.state === "done")?.seconds ?? means.get(kind) ?? null;
    const left = state === "running" && told !== null ? told : mean === null ? null : (count - stuck) * mean;
    if (left === null) unpriced += count - stuck;
    else seconds = (seconds ?? 0) + left;
  }
  return { secondsLeft: seconds === null || slots === 0 ? null : seconds / slots, unpriced };
}

type KindMeans = ReadonlyMap<JobSpec["kind"], number>;

async function kindMeans(database: LabDatabase): Promise<KindMeans> {
  const { rows } = await database.query((db) =>
    sql<{ kind: JobSpec["kind"]; mean: number | null }>`
      SELECT kind, coalesce(
        avg(seconds) FILTER (WHERE state = 'done'),
        avg(extract(epoch FROM now() - started_at)::double precision + (progress ->> 'secondsLeft')::double precision) FILTER (WHERE state = 'running')
      ) AS mean
      FROM mesascope.jobs WHERE state IN ('done', 'running') GROUP BY kind
    `.execute(db),
  );
  return new Map(rows.flatMap(({ kind, mean }) => (mean === null ? [] : [[kind, mean] as const])));
}

/** What the attempts of a job told of its curve: a later one goes on where it began, over what an earlier one told. */
export async function toldCurve(database: LabDatabase, job: JobKey): Promise<readonly CurveRow[]> {
  const chunks = await database.query((db) =>
    db.selectFrom("curves").select(["attempt", "rows"]).where("job", "=", job).orderBy("attempt").orderBy("first_row").execute(),
  );
  const curve: CurveRow[] = [];
  for (const [, told] of Map.groupBy(chunks, ({ attempt }) => attempt)) {
    const rows = told.flatMap((chunk) => chunk.rows);
    const first = rows[0]?.environmentSteps ?? Number.POSITIVE_INFINITY;
    while (curve.length > 0 && (curve.at(-1)!.environmentSteps ?? 0) >= first) curve.pop();
    curve.push(...rows);
  }
  return curve;
}
