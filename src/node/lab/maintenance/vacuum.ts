// Gives back the room of dead rows, and counts what there is for the planner of queries. A PostgreSQL server does so by itself, PGlite never.

import { sql } from "kysely";
import type { LabDatabase } from "../database/lab-database.ts";
import { labSchemaName, queueSchemaName } from "../database/schema.ts";

const tables = [
  ...["jobs", "specs", "configs", "sweeps", "sweep_jobs", "curves", "events", "workers", "applied", "event_head"].map(
    (name) => `${labSchemaName}.${name}`,
  ),
  `${queueSchemaName}.job_common`,
];

export async function vacuum(database: LabDatabase): Promise<void> {
  await database.query((db) => sql`VACUUM (ANALYZE) ${sql.join(tables.map((name) => sql.table(name)))}`.execute(db));
}
