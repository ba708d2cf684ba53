// Brings a lab's tables up to this code, and refuses those of a newer one.

import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { MesascopeError } from "../../../core/base/errors.ts";
import { migrations } from "./migrations.ts";
import { labSchemaName } from "./schema.ts";

const table = "migrations";

/**
 * Runs the migrations that are missing; several processes may at once. Throws `unsupported-version` where the tables were changed by a newer
 * Mesascope, before anything is touched.
 */
export async function migrate<Tables>(db: Kysely<Tables>, name: string): Promise<void> {
  await refuseNewer(db, name);
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => Object.fromEntries(Object.entries(migrations).map(([name, steps]) => [name, migration(steps)])),
    },
    migrationTableSchema: labSchemaName,
    migrationTableName: table,
    migrationLockTableName: "migration_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function refuseNewer<Tables>(db: Kysely<Tables>, name: string): Promise<void> {
  const { rows: found } = await sql<{
    there: string | null;
  }>`SELECT to_regclass(${`${labSchemaName}.${table}`})::text AS there`.execute(db);
  if (!found[0]?.there) return;
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(`${labSchemaName}.${table}`)} ORDER BY name`.execute(
    db,
  );
  const unknown = rows.map((row) => row.name).filter((migration) => !Object.hasOwn(migrations, migration));
  if (unknown.length === 0) return;
  throw new MesascopeError(
    "unsupported-version",
    `the lab's database ${name} was changed by a newer Mesascope (${unknown.join(", ")}); this one knows its tables up to ` +
      `${Object.keys(migrations).sort().at(-1)}. Update Mesascope on this machine.`,
  );
}

/** Statements one after the other: a query of PGlite holds one. */
function migration(statements: readonly string[]): Migration {
  return {
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}
