// A folder that an export is written to: whole or not at all, and only over an export.

import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { MesascopeError } from "../../../core/base/errors.ts";
import {
  asidePath,
  fileSystemError,
  kindOf,
  listFolder,
  makeFolder,
  readJson,
  removeStaleTemporaries,
  syncFolder,
  temporaryPath,
  writeJson,
} from "../../storage/files.ts";

/** Says in an export's folder what it is. */
const noteFile = "export.json";

export const exportFormats = ["parquet", "csv", "tensorboard", "mlflow"] as const;

export const exportNoteSchema = z.strictObject({
  schema: z.literal("mesascope/export@1"),
  format: z.enum(exportFormats),
  /** The lab's store. */
  store: z.string(),
  madeAt: z.iso.datetime(),
  /** The program's version. */
  version: z.string(),
  /** Finished jobs that went in. */
  records: z.int().min(0),
  /** Of formats that are tables. */
  tables: z.array(
    z.strictObject({
      name: z.string(),
      file: z.string(),
      rows: z.int().min(0),
      bytes: z.int().min(0),
      columns: z.array(z.strictObject({ name: z.string(), type: z.string(), meaning: z.string() })),
    }),
  ),
});
export type ExportNote = z.infer<typeof exportNoteSchema>;

export interface WriteFolderOptions {
  readonly folder: string;
  /** Whether an export that is there already is replaced. */
  readonly overwrite: boolean;
  /** Writes into a temporary folder and says what was written. */
  readonly write: (temporary: string) => Promise<ExportNote>;
}

/**
 * Makes an export's folder: what `write` wrote is there as a whole when this returns, and nothing of it when it throws. Throws `usage` where
 * something is there already that is no export, or one that is not to be replaced; `file-system`.
 */
export async function writeExportFolder({ folder, overwrite, write }: WriteFolderOptions): Promise<ExportNote> {
  const target = resolve(folder);
  await makeFolder(dirname(target));
  await removeStaleTemporaries(dirname(target));
  const isReplacing = await requireRoom(target, overwrite);
  const temporary = temporaryPath(target);
  const aside = asidePath(target);
  let isAside = false;
  try {
    await mkdir(temporary);
    const note = await write(temporary);
    await writeJson(join(temporary, noteFile), note);
    if (isReplacing) {
      await rename(target, aside);
      isAside = true;
    }
    await rename(temporary, target);
    await syncFolder(dirname(target));
    if (isAside) await rm(aside, { recursive: true, force: true });
    return note;
  } catch (cause) {
    if (isAside && (await kindOf(target)) === null) await rename(aside, target).catch(() => undefined);
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw asError(cause, target);
  }
}

/** Only what the system says of files is about files: other errors are passed on as they are. */
function asError(cause: unknown, path: string): unknown {
  const isOfSystem = cause instanceof Error && "syscall" in cause;
  return isOfSystem ? fileSystemError(cause, { action: "write the export", path }) : cause;
}

/** Whether an export is there that is to be replaced. An empty folder counts as room. */
async function requireRoom(target: string, overwrite: boolean): Promise<boolean> {
  const kind = await kindOf(target);
  if (kind === null) return false;
  const names = kind === "folder" ? await listFolder(target) : [];
  if (kind === "folder" && names.length === 0) return false;
  const isExport = (await readNote(target)) !== null;
  if (isExport && overwrite) return true;
  const what = isExport ? "an export" : kind === "folder" ? "a folder with other files" : "a file";
  const advice = isExport
    ? "Name another folder, or replace it with --force."
    : "Name another folder; nothing but an export is ever overwritten.";
  throw new MesascopeError("usage", `${target} given as the folder to export to; ${what} is already there. ${advice}`);
}

/** What an export's folder says of itself; null where there is no export. */
export async function readNote(folder: string): Promise<ExportNote | null> {
  const path = join(folder, noteFile);
  if ((await kindOf(folder)) !== "folder" || (await kindOf(path)) !== "file") return null;
  try {
    return exportNoteSchema.safeParse(await readJson(path)).data ?? null;
  } catch (cause) {
    if (cause instanceof MesascopeError && cause.code === "invalid-data") return null;
    throw cause;
  }
}
