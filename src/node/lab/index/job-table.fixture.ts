// A database with the table of jobs filled by rows of another's making, for tests of what is asked of it.

import { sql } from "kysely";
import type { FilterableRun } from "../../../lab/run-filter.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { openPglite } from "../database/pglite-database.ts";
import { startPostgres } from "../database/postgres.fixture.ts";
import { openPostgres } from "../database/postgres-database.ts";
import { addConfigs } from "./configs.ts";

export interface JobTable {
  readonly database: LabDatabase;
  close(): Promise<void>;
}

/** An empty one. */
export async function openJobTable(kind: LabDatabase["kind"]): Promise<JobTable> {
  const server = kind === "postgres" ? await startPostgres() : null;
  const database =
    server === null
      ? await openPglite({ folder: null, template: async () => null })
      : await openPostgres(await server.createDatabase());
  await database.query(async (db) => {
    for (const name of ["first", "second-sweep", "third"]) {
      await db
        .insertInto("sweeps")
        .values({ name, priority: 50, is_paused: false, ledger_number: 1, accepted_at: new Date(0) })
        .execute();
    }
  });
  return {
    database,
    close: async () => {
      await database.close();
      await server?.stop();
    },
  };
}

/** The table with these rows, each run of an audit or measurement a row of its own that is filtered away. */
export async function fillJobs(database: LabDatabase, rows: readonly FilterableRun[]): Promise<void> {
  await database.transaction(async (db) => {
    await sql`truncate jobs, configs, sweep_jobs`.execute(db);
    for (const [position, row] of rows.entries()) {
      const { recipe, sweep, return: trainingReturn, share, steps, run, ...own } = row;
      const [ids] = await addConfigs(db, [recipe]);
      const common = { ...own, ...ids!, attempt: 0, failures: 0, losses: 0, ledger_number: 1, position, created_at: new Date(0) };
      const made = { training_return: trainingReturn, oracle_share: share, environment_steps: steps, ticket: null };
      const others = {
        started_at: null,
        finished_at: null,
        progress: null,
        outcome: null,
        error_code: null,
        error_message: null,
      };
      if (run !== null)
        await db
          .insertInto("jobs")
          .values({ ...common, ...made, ...others, key: run, kind: "train", run: null })
          .execute();
      await db
        .insertInto("jobs")
        .values({ ...common, ...made, ...others, run })
        .execute();
      for (const name of sweep) await db.insertInto("sweep_jobs").values({ sweep: name, job: row.key, position }).execute();
    }
  });
}
