// Parquet by DuckDB: rows go into a database file beside the export in chunks, at the end each table is copied into its Parquet file.

import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBAppender, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import {
  type Cell,
  type Column,
  type ColumnType,
  columnsOf,
  keptRow,
  type Row,
  rowsOf,
  type TableName,
  tableNames,
} from "../../../lab/export-tables.ts";
import { closeDatabase, type Duckdb, loadDuckdb, openDatabase, sqlName, sqlText } from "../duckdb.ts";
import type { ExportContext, ExportFormat, ExportWriter } from "./export-format.ts";

/** Rows that are handed over at once, DuckDB's own size of a vector. */
const chunkRows = 2048;

const sqlTypes: Readonly<Record<ColumnType, string>> = {
  text: "VARCHAR",
  whole: "BIGINT",
  number: "DOUBLE",
  truth: "BOOLEAN",
  time: "TIMESTAMP",
};

export const parquetFormat: ExportFormat = { hasTables: true, open: async (context) => await openParquet(context) };

async function openParquet({ folder, config }: ExportContext): Promise<ExportWriter> {
  const duckdb = await loadDuckdb("exporting Parquet");
  const staging = join(folder, ".staging");
  const settings = { memory_limit: "1GB", temp_directory: join(folder, ".spilled") };
  const database = await openDatabase(duckdb, { path: staging, settings });
  const { connection } = database;
  const tables = new Map<TableName, Table>();
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    for (const table of tables.values()) table.close();
    closeDatabase(database);
    for (const path of [staging, `${staging}.wal`, settings.temp_directory]) await rm(path, { recursive: true, force: true });
  };
  try {
    for (const name of tableNames) {
      const columns = columnsOf(name, config);
      await connection.run(
        `CREATE TABLE ${name} (${columns.map((column) => `${sqlName(column.name)} ${sqlTypes[column.type]}`).join(", ")})`,
      );
      tables.set(name, new Table(duckdb, { columns, appender: await connection.createAppender(name) }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    add: async (job) => {
      for (const { table, rows } of rowsOf(job, config)) tables.get(table)!.add(rows);
    },
    addKept: async (file) => tables.get("kept")!.add([keptRow(file)]),
    finish: async () => {
      const written = [];
      for (const [name, table] of tables) {
        table.flush();
        const file = `${name}.parquet`;
        await connection.run(`COPY ${name} TO ${sqlText(join(folder, file))} (FORMAT parquet, COMPRESSION snappy)`);
        const bytes = await syncFile(join(folder, file));
        const columns = columnsOf(name, config).map(({ name, type, meaning }) => ({ name, type, meaning }));
        written.push({ name, file, rows: table.rows, bytes, columns });
      }
      await close();
      return written;
    },
    close,
  };
}

/** Makes a file survive power loss. Returns its length in bytes. */
async function syncFile(path: string): Promise<number> {
  const file = await open(path, "r+");
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Gathers rows until they fill a chunk. */
class Table {
  rows = 0;
  readonly #duckdb: Duckdb;
  readonly #columns: readonly Column[];
  readonly #appender: DuckDBAppender;
  readonly #types: readonly DuckDBType[];
  #cells: DuckDBValue[][];

  constructor(duckdb: Duckdb, { columns, appender }: { readonly columns: readonly Column[]; readonly appender: DuckDBAppender }) {
    this.#duckdb = duckdb;
    this.#columns = columns;
    this.#appender = appender;
    this.#types = columns.map((_, i) => appender.columnType(i));
    this.#cells = columns.map(() => []);
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      for (const [i, { name, type }] of this.#columns.entries()) this.#cells[i]!.push(this.#valueOf(row[name] ?? null, type));
      this.rows++;
      if (this.#cells[0]!.length === chunkRows) this.#append();
    }
  }

  flush(): void {
    this.#append();
    this.#appender.flushSync();
  }

  close(): void {
    this.#appender.closeSync();
  }

  #append(): void {
    const count = this.#cells[0]!.length;
    if (count === 0) return;
    const chunk = this.#duckdb.DuckDBDataChunk.create(this.#types, count);
    chunk.setColumns(this.#cells);
    this.#appender.appendDataChunk(chunk);
    this.#cells = this.#columns.map(() => []);
  }

  #valueOf(cell: Cell, type: ColumnType): DuckDBValue {
    if (cell === null) return null;
    if (type === "whole") return BigInt(cell);
    // Microseconds since 1970; JavaScript's times have milliseconds.
    if (type === "time") return new this.#duckdb.DuckDBTimestampValue(BigInt(Date.parse(String(cell))) * 1000n);
    return cell;
  }
}
