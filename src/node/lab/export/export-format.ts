// What a format of exports is: told all finished jobs one after the other, it writes files.

import type { FinishedJob, KeptFile } from "../../../lab/export-tables.ts";
import type { ConfigColumn } from "../../../lab/flatten-recipe.ts";
import type { ExportNote } from "./export-folder.ts";

export interface ExportContext {
  /** Where to write; it becomes `target` when all is written. */
  readonly folder: string;
  /** Where the export will be, absolute. */
  readonly target: string;
  readonly config: readonly ConfigColumn[];
}

export interface ExportWriter {
  add(job: FinishedJob): Promise<void>;
  /** Of formats that are tables. */
  addKept?(file: KeptFile): Promise<void>;
  /** Writes what is left. Returns the tables, for formats that are tables. */
  finish(): Promise<ExportNote["tables"]>;
  /** Gives back what it holds, finished or not. */
  close(): Promise<void>;
}

export interface ExportFormat {
  /** Whether it is tables of all there is; the others are of runs alone. */
  readonly hasTables: boolean;
  open(context: ExportContext): Promise<ExportWriter>;
}
