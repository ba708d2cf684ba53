// A lab's database in its own process: PGlite, in a folder that only one process may have open (see lab-folder.ts), or in memory.

import { join } from "node:path";
import { PGlite, type PGliteOptions, types } from "@electric-sql/pglite";
import { PGliteDialect } from "kysely";
import { fromPglite } from "pg-boss";
import { kindOf } from "../../storage/files.ts";
import { databaseError, LabDatabase } from "./lab-database.ts";
import { labSchemaName } from "./schema.ts";

/** A database as a tar file, to begin others with: making one takes seconds, unpacking it a fraction. */
export type PgliteTemplate = Blob;

export interface PgliteOptions {
  /** Null for memory. */
  readonly folder: string | null;
  /** What to begin with where there is no database yet. */
  readonly template: () => Promise<PgliteTemplate | null>;
}

/** Opens or makes the database. Throws `database` where it is damaged, and as `LabDatabase.open`. */
export async function openPglite({ folder, template }: PgliteOptions): Promise<LabDatabase> {
  const name = folder ?? "in memory";
  const isNew = folder === null || (await kindOf(join(folder, "PG_VERSION"))) === null;
  const begun = isNew ? await template() : null;
  try {
    return await LabDatabase.open(await pgliteDriver(await createPglite(folder, begun), name));
  } catch (cause) {
    throw databaseError(cause, name);
  }
}

/** A new database as this code leaves it, to be given to `openPglite`. */
export async function makePgliteTemplate(install: (database: LabDatabase) => Promise<void>): Promise<PgliteTemplate> {
  const pglite = await createPglite(null, null);
  const database = await LabDatabase.open(await pgliteDriver(pglite, "in memory"));
  try {
    await install(database);
    return await pglite.dumpDataDir("gzip");
  } finally {
    await database.close();
  }
}

async function createPglite(folder: string | null, template: PgliteTemplate | null): Promise<PGlite> {
  const options: PGliteOptions = { parsers: { [types.INT8]: Number } };
  if (folder !== null) options.dataDir = folder;
  if (template !== null) options.loadDataDir = template;
  return await PGlite.create(options);
}

async function pgliteDriver(pglite: PGlite, name: string) {
  await pglite.exec(`SET search_path TO ${labSchemaName}, public`);
  return {
    kind: "pglite",
    name,
    dialect: new PGliteDialect({ pglite }),
    aside: null,
    queue: fromPglite(pglite),
    listen: (channel: string, onNotice: () => void) => pglite.listen(channel, onNotice),
    close: async () => {
      if (!pglite.closed) await pglite.close();
    },
  } as const;
}
