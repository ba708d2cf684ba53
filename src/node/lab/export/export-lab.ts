// Exporting a lab: what its finished jobs say, in a format that other programs read.

import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { packageVersion } from "../../package-version.ts";
import { csvFormat } from "./csv-format.ts";
import { type ExportNote, type exportFormats, writeExportFolder } from "./export-folder.ts";
import type { ExportFormat } from "./export-format.ts";
import { mlflowFormat } from "./mlflow-format.ts";
import { parquetFormat } from "./parquet-format.ts";
import { readJobs, takeRecords } from "./read-jobs.ts";
import { readKept } from "./read-kept.ts";
import { tensorboardFormat } from "./tensorboard-format.ts";

const formats: Readonly<Record<(typeof exportFormats)[number], ExportFormat>> = {
  parquet: parquetFormat,
  csv: csvFormat,
  tensorboard: tensorboardFormat,
  mlflow: mlflowFormat,
};

export interface ExportProgress {
  /** Reading records from the store, then writing what they say. */
  readonly stage: "reading" | "writing";
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
}

export interface ExportOptions {
  readonly store: ArtifactStore;
  readonly format: (typeof exportFormats)[number];
  readonly folder: string;
  /** Replace an export that is there. Never replaces anything else. Default false. */
  readonly overwrite?: boolean;
  /** Stops: nothing of the export is left then, and what the signal was aborted with is thrown. */
  readonly signal?: AbortSignal;
  /** Called for every job. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/**
 * Exports all finished jobs of a lab into a folder, which is there whole when this returns and untouched when it throws. Jobs go through one
 * by one, in the order of their keys, so that the same lab gives the same export. Returns what was written. Throws `usage` where something
 * other than an export is in the folder, or an export without `overwrite`, or Parquet is asked for without DuckDB; `damaged-artifact`;
 * `file-system`.
 *
 * @example
 * const note = await exportLab({ store, format: "csv", folder: "runs-of-may" });
 * console.log(note.tables.map(({ name, rows }) => `${name}: ${rows} rows`));
 */
export async function exportLab(options: ExportOptions): Promise<ExportNote> {
  const { folder, overwrite = false } = options;
  return await writeExportFolder({
    folder,
    overwrite,
    write: async (temporary) => await writeExport({ ...options, folder: temporary, target: resolve(folder) }),
  });
}

async function writeExport(options: ExportOptions & { readonly target: string }): Promise<ExportNote> {
  const { store, folder, target, signal, onProgress } = options;
  const format = formats[options.format];
  const records = join(folder, ".records");
  const onRecord = (done: number) => onProgress?.({ stage: "reading", done, total: null });
  const { count, config } = await takeRecords({ store, path: records, signal, onRecord });
  const writer = await format.open({ folder, target, config });
  try {
    let done = 0;
    for await (const job of readJobs({ store, path: records, signal, withVerdicts: format.hasTables })) {
      await writer.add(job);
      onProgress?.({ stage: "writing", done: ++done, total: count });
    }
    if (writer.addKept) for await (const file of readKept({ store, signal })) await writer.addKept(file);
    const tables = await writer.finish();
    await rm(records);
    return {
      schema: "mesascope/export@1",
      format: options.format,
      store: store.name,
      madeAt: new Date().toISOString(),
      version: packageVersion,
      records: count,
      tables,
    };
  } finally {
    await writer.close();
  }
}
