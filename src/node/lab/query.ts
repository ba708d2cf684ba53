// SQL over a lab: its tables as Parquet in a cache folder, made anew when records changed, and a DuckDB that can read those and nothing else.

import { createHash } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import { tableNames, tables } from "../../lab/export-tables.ts";
import { keptPrefix, recordsPrefix } from "../../lab/layout.ts";
import { tableNamesOfFields } from "../../lab/run-filter.ts";
import { packageVersion } from "../package-version.ts";
import { cacheFolder } from "../storage/cache-folder.ts";
import { kindOf, listFolder } from "../storage/files.ts";
import { closeDatabase, type Duckdb, loadDuckdb, type OpenDatabase, openDatabase, sqlText } from "./duckdb.ts";
import { type ExportNote, readNote } from "./export/export-folder.ts";
import { type ExportProgress, exportLab } from "./export/export-lab.ts";
import { requireReading } from "./guard-sql.ts";

/** JSON: numbers that JavaScript cannot hold, dates and times are texts. */
export type QueryCell = string | number | boolean | null | readonly QueryCell[] | { readonly [key: string]: QueryCell };

export interface QueryResult {
  /** In the order of the query; names may repeat. Types are DuckDB's. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** A cell per column. */
  readonly rows: readonly (readonly QueryCell[])[];
  /** Where there were more rows: a sentence that says so. */
  readonly cut: string | null;
}

export interface QueryOptions {
  readonly store: ArtifactStore;
  /** One statement that reads: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN of such. */
  readonly sql: string;
  /** Rows that are told at most. Default 10,000. */
  readonly mostRows?: number;
  /** For the query itself, without making the tables. Default 60. */
  readonly seconds?: number;
  /** Where tables are kept between queries. Default below the user's cache folder. */
  readonly cache?: string;
  readonly signal?: AbortSignal;
  /** Of making the tables, where records changed. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** How long tables of an earlier state of a lab are kept, in milliseconds: another process may be reading them. */
const kept = 3_600_000;

/**
 * Answers SQL about the tables `runs`, `curves`, `audits`, `findings`, `measurements` and `kept` of a lab. The database is in memory, may read the
 * Parquet files of these tables, and nothing else: no other file, no network, no extension, no setting, no second statement, nothing that
 * writes. Throws `usage` for SQL that is refused, wrong or takes too long (with DuckDB's word on where, and the tables there are) and where
 * DuckDB is not installed; `damaged-artifact`, `file-system`.
 *
 * @example
 * const { columns, rows } = await queryLab({ store, sql: "select organism, avg(oracle_share) from runs group by organism" });
 */
export async function queryLab(options: QueryOptions): Promise<QueryResult> {
  const duckdb = await loadDuckdb("a query");
  const folder = await makeTables(options);
  const note = await readNote(folder);
  if (note === null) throw new MesascopeError("file-system", `${folder} was removed while it was read. Run the query again.`);
  const database = await openTables(duckdb, { folder, note });
  try {
    return await answer(database.connection, options).catch((cause: unknown) => {
      throw asUsage(cause, { sql: options.sql, note });
    });
  } finally {
    closeDatabase(database);
  }
}

/** The folder with the tables of the records as they are now. */
async function makeTables({ store, cache, signal, onProgress }: QueryOptions): Promise<string> {
  const ofLab = join(cache ?? join(cacheFolder(), "tables"), createHash("sha256").update(store.name).digest("hex").slice(0, 16));
  const state = await fingerprint(store);
  const folder = join(ofLab, state);
  if (await isWhole(folder)) return folder;
  await exportLab({
    store,
    format: "parquet",
    folder,
    overwrite: true,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  }).catch(async (cause: unknown) => {
    // Another process may have made the same meanwhile.
    if (!(await isWhole(folder))) throw cause;
  });
  for (const name of await listFolder(ofLab)) {
    const old = join(ofLab, name);
    if (name.startsWith(".") || name === state) continue;
    const made = await stat(old).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > kept) await rm(old, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Of the records as they are listed and of what tables are made of them; no record is read. Path and length do not tell a job that was done
 * anew from the one whose record was lost, nor a card from the one that it replaces.
 */
async function fingerprint(store: ArtifactStore): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([packageVersion, tables]));
  for (const prefix of [recordsPrefix, keptPrefix])
    for await (const { path, bytes, version } of store.listDocuments(prefix)) hash.update(`${path} ${bytes} ${version}\n`);
  return hash.digest("hex").slice(0, 32);
}

/** Whether all tables are there with the lengths that they were written with. */
async function isWhole(folder: string): Promise<boolean> {
  const note = await readNote(folder);
  if (note === null) return false;
  for (const { file, bytes } of note.tables) {
    const path = join(folder, file);
    if ((await kindOf(path)) !== "file" || (await stat(path)).size !== bytes) return false;
  }
  return note.tables.length === tableNames.length;
}

interface Tables {
  readonly folder: string;
  readonly note: ExportNote;
}

/** A database with a view per table, shut in: what is not allowed here cannot be allowed by SQL afterwards. */
async function openTables(duckdb: Duckdb, { folder, note }: Tables): Promise<OpenDatabase> {
  const settings = { temp_directory: "", memory_limit: "2GB", allow_community_extensions: "false" };
  const database = await openDatabase(duckdb, { path: ":memory:", settings });
  try {
    const paths = note.tables.map(({ file }) => sqlText(join(folder, file)));
    for (const [i, { name }] of note.tables.entries()) {
      await database.connection.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet(${paths[i]})`);
    }
    await database.connection.run(`SET allowed_paths = [${paths.join(", ")}]`);
    await database.connection.run("SET enable_external_access = false");
    await database.connection.run("SET lock_configuration = true");
    await database.connection.run("BEGIN TRANSACTION READ ONLY");
    return database;
  } catch (error) {
    closeDatabase(database);
    throw error;
  }
}

const defaultSeconds = 60;

async function answer(connection: DuckDBConnection, options: QueryOptions): Promise<QueryResult> {
  const { sql, mostRows = 10_000, seconds = defaultSeconds, signal } = options;
  signal?.throwIfAborted();
  const deadline = performance.now() + seconds * 1000;
  const isLate = () => performance.now() >= deadline;
  // Again and again: what is interrupted between two calls goes on.
  const watch = setInterval(() => {
    if (isLate() || signal?.aborted) connection.interrupt();
  }, 50);
  try {
    const statement = await requireReading(connection, sql);
    return await readRows(await statement.stream(), mostRows);
  } catch (cause) {
    signal?.throwIfAborted();
    if (!isLate()) throw cause;
    const advice = "Ask for less (fewer rows, a WHERE), or allow more time.";
    throw new MesascopeError("usage", `the query took more than ${seconds} s and was stopped. ${advice}`, { cause });
  } finally {
    clearInterval(watch);
  }
}

async function readRows(result: DuckDBResult, mostRows: number): Promise<QueryResult> {
  const types = result.columnTypes().map(String);
  const columns = result.columnNames().map((name, i) => ({ name, type: types[i]! }));
  const rows: QueryCell[][] = [];
  for await (const chunk of result.yieldRowsJson()) {
    for (const row of chunk) rows.push(row.map((cell, i) => (wholeTypes.has(types[i]!) ? wholeOf(cell) : cell)));
    if (rows.length > mostRows) break;
  }
  const isCut = rows.length > mostRows;
  return {
    columns,
    rows: rows.slice(0, mostRows),
    cut: isCut ? `only the first ${mostRows} rows are told; the query has more. Add a LIMIT or a WHERE, or group them.` : null,
  };
}

/** Whole numbers that come as texts, for they may be larger than JavaScript's. */
const wholeTypes: ReadonlySet<string> = new Set(["BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT"]);

/** A number where it is exact, else its digits. */
function wholeOf(cell: QueryCell): QueryCell {
  const whole = Number(cell);
  return typeof cell === "string" && Number.isSafeInteger(whole) ? whole : cell;
}

/** How DuckDB's messages begin: "Binder Error: …". */
const duckdbError = /^[A-Z][A-Za-z ]* Error: /;

/** What DuckDB says of SQL is for who wrote the SQL, and after it the columns of the tables that it names, or which tables there are. */
function asUsage(cause: unknown, { sql, note }: { readonly sql: string; readonly note: ExportNote }): unknown {
  if (cause instanceof MesascopeError || !(cause instanceof Error)) return cause;
  const names = note.tables.map(({ name }) => name);
  const said = cause.message
    .replace(/^Failed to extract statements: /, "")
    // DuckDB means tables of its own.
    .replace(/^Did you mean "([^"]*)"\?\n/m, (line, meant: string) => (names.includes(meant) ? line : ""))
    .trim();
  if (!duckdbError.test(said)) return cause;
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  const named = note.tables.filter(({ name }) => words.has(name));
  const there = named.map(({ name, columns }) => `\nColumns of ${name}: ${columns.map((column) => column.name).join(", ")}`);
  const all = `\nTables: ${names.join(", ")}. "describe ${names[0]}" tells the columns of one.`;
  const other = Object.entries(tableNamesOfFields)
    .filter(([field, column]) => said.includes(`"${field}" not found`) && column !== undefined)
    .map(([field, column]) => `\nWhat filters call ${field} is ${column} here.`);
  return new MesascopeError("usage", `${said}${named.length > 0 ? there.join("") : all}${other.join("")}`, { cause });
}
