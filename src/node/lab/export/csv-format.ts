// CSV by RFC 4180: a file per table, UTF-8, a header, lines end in CR LF. Nothing between two commas is null; an empty text is "".

import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { type Cell, columnsOf, keptRow, rowsOf, tableNames } from "../../../lab/export-tables.ts";
import type { ExportContext, ExportFormat, ExportWriter } from "./export-format.ts";

/** Written at once, in characters. */
const chunk = 1 << 16;

export const csvFormat: ExportFormat = { hasTables: true, open: async (context) => await openCsv(context) };

async function openCsv({ folder, config }: ExportContext): Promise<ExportWriter> {
  const files = new Map<string, CsvFile>();
  const close = async () => {
    for (const file of files.values()) await file.close();
  };
  try {
    for (const name of tableNames) {
      const columns = columnsOf(name, config).map((column) => column.name);
      files.set(name, await CsvFile.create(join(folder, `${name}.csv`), columns));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    add: async (job) => {
      for (const { table, rows } of rowsOf(job, config)) {
        const columns = columnsOf(table, config);
        for (const row of rows) await files.get(table)!.add(columns.map(({ name }) => row[name] ?? null));
      }
    },
    addKept: async (file) => {
      const row = keptRow(file);
      await files.get("kept")!.add(columnsOf("kept", config).map(({ name }) => row[name] ?? null));
    },
    finish: async () => {
      const tables = [];
      for (const name of tableNames) {
        const { rows, bytes } = await files.get(name)!.finish();
        tables.push({ name, file: `${name}.csv`, rows, bytes, columns: columnsOf(name, config).map(toNote) });
      }
      return tables;
    },
    close,
  };
}

function toNote({ name, type, meaning }: { readonly name: string; readonly type: string; readonly meaning: string }) {
  return { name, type, meaning };
}

class CsvFile {
  readonly #file: FileHandle;
  #pending: string;
  #rows = 0;
  #bytes = 0;

  private constructor(file: FileHandle, header: string) {
    this.#file = file;
    this.#pending = header;
  }

  static async create(path: string, columns: readonly string[]): Promise<CsvFile> {
    return new CsvFile(await open(path, "wx"), csvLine(columns));
  }

  async add(cells: readonly Cell[]): Promise<void> {
    this.#pending += csvLine(cells);
    this.#rows++;
    if (this.#pending.length >= chunk) await this.#flush();
  }

  async finish(): Promise<{ readonly rows: number; readonly bytes: number }> {
    await this.#flush();
    await this.#file.sync();
    return { rows: this.#rows, bytes: this.#bytes };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending);
    this.#pending = "";
    await this.#file.writeFile(bytes);
    this.#bytes += bytes.length;
  }
}

/** A line with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(",")}\r\n`;
}

function csvField(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
