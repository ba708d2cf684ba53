// DuckDB, which is an optional package: asked for when it is needed, with a word on how to install it where it is missing.

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { MesascopeError } from "../../core/base/errors.ts";

export type Duckdb = typeof import("@duckdb/node-api");

/**
 * The package. Throws `usage` where it is not installed or has no build for this machine; `what` needs it, such as "exporting Parquet".
 */
export async function loadDuckdb(what: string, load = (): Promise<Duckdb> => import("@duckdb/node-api")): Promise<Duckdb> {
  try {
    return await load();
  } catch (cause) {
    throw new MesascopeError(
      "usage",
      `${what} needs DuckDB, the optional package @duckdb/node-api, which cannot be loaded here. ` +
        'Install it with "npm install @duckdb/node-api" where mesascope is installed, or export CSV, which needs nothing.',
      { cause },
    );
  }
}

/** A database and a connection to it. `closeDatabase` gives both back. */
export interface OpenDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** What no database of ours does: fetch extensions, or leave files in the folder that the program was started in. */
const always = { autoinstall_known_extensions: "false", autoload_known_extensions: "false", threads: "2" };

/** Opens a database at `path` (`:memory:` for none on disk). `settings` are DuckDB's. */
export async function openDatabase(
  duckdb: Duckdb,
  { path, settings }: { readonly path: string; readonly settings: Readonly<Record<string, string>> },
): Promise<OpenDatabase> {
  const instance = await duckdb.DuckDBInstance.create(path, { ...always, ...settings });
  return { instance, connection: await instance.connect() };
}

export function closeDatabase({ instance, connection }: OpenDatabase): void {
  connection.closeSync();
  instance.closeSync();
}

/** A text as SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
