// Finished runs with all that came out of them, to be compared.

import { type Expression, type SqlBool, sql } from "kysely";
import type { ComparableRun } from "../../../lab/compare.ts";
import type { JobKey, JobSpec } from "../../../lab/job.ts";
import type { Outcome } from "../../../lab/record.ts";
import type { LabDatabase } from "../database/lab-database.ts";

export interface ComparableSelection {
  /** On rows of `jobs`: true for a run, or for an audit or measurement of it. */
  readonly where: Expression<SqlBool>;
  /** More are left out. */
  readonly limit: number;
}

/** In the order of acceptance. */
export async function comparableRuns(
  database: LabDatabase,
  { where, limit }: ComparableSelection,
): Promise<readonly ComparableRun[]> {
  const { rows } = await database.query((db) =>
    sql<{ key: JobKey; spec: JobSpec; outcomes: readonly Outcome[] }>`
      WITH meant AS (SELECT DISTINCT coalesce(jobs.run, jobs.key) AS key FROM jobs WHERE ${where})
      SELECT runs.key, specs.spec, (
        SELECT json_agg(told.outcome ORDER BY told.ledger_number, told.position, told.key)
        FROM jobs told WHERE (told.key = runs.key OR told.run = runs.key) AND told.state = 'done' AND told.outcome IS NOT NULL
      ) AS outcomes
      FROM meant JOIN jobs runs ON runs.key = meant.key JOIN specs ON specs.key = runs.key
      WHERE runs.state = 'done'
      ORDER BY runs.ledger_number, runs.position, runs.key LIMIT ${limit}
    `.execute(db),
  );
  return rows.flatMap(({ key, spec, outcomes }) =>
    spec.kind === "train"
      ? [{ key, organism: spec.organism, recipe: spec.recipe, code: spec.code, outcomes: outcomes ?? [] }]
      : [],
  );
}
