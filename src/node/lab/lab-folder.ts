// A lab in a folder: its files, and beside them the index in PGlite, which only one process may have open. The index can be removed at any time;
// it is made anew from the files.

import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { uptime } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { labDocument } from "../../lab/layout.ts";
import { fileSystemError, kindOf, listFolder, makeFolder, readJson, syncFolder, writeJson } from "../storage/files.ts";
import type { LabDatabase } from "./database/lab-database.ts";
import { openPglite } from "./database/pglite-database.ts";
import { pgliteTemplate } from "./database/pglite-template.ts";
import { newLabDocument, requireOwnIndex } from "./identify-lab.ts";
import { Lab, type LabOptions } from "./lab.ts";
import { LabLock } from "./lab-lock.ts";
import { FolderStore } from "./store/folder-store.ts";
import { ReadOnlyStore } from "./store/read-only-store.ts";

/** Of a lab's folder: all that can be made anew. */
const indexFolder = "index";

/** Milliseconds by which two clocks may differ that both go right. */
const clockTolerance = 1000;

/**
 * How the index was left. PGlite does not sync what it writes: what a process leaves survives it, but not the end of the machine. `isMade`: it was
 * opened whole once.
 */
const indexStateSchema = z.strictObject({ boot: z.string(), isSynced: z.boolean(), isMade: z.boolean() });
type IndexState = z.infer<typeof indexStateSchema>;

export interface OpenLabOptions extends Pick<LabOptions, "code" | "clock" | "leaseSeconds" | "onWarning" | "onRebuild"> {
  /** What this process does, for those who find the lab open. */
  readonly command: string;
}

export interface OpenLab {
  readonly lab: Lab;
  readonly folder: string;
  /** Answers what other commands on this machine ask over the lab's socket. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Makes a lab in a folder, which is made too where there is none. Throws `usage` where other files are in it, or a lab. */
export async function initLab(folder: string): Promise<void> {
  const kind = await kindOf(folder);
  if (kind !== null && kind !== "folder")
    throw new MesascopeError("usage", `${folder} is no folder; expected one for a lab. Name another.`);
  const names = kind === null ? [] : await listFolder(folder);
  if (names.includes(labDocument))
    throw new MesascopeError("usage", `${folder} is a lab already. Use it as it is, or name another folder.`);
  if (names.length > 0) {
    const found = `${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
    throw new MesascopeError(
      "usage",
      `${folder} holds other files (${found}); a lab wants a folder of its own. Name another, or a new one in it.`,
    );
  }
  await makeFolder(folder);
  const store = await FolderStore.open(folder);
  await store.putDocument(labDocument, newLabDocument(new Date()));
}

/**
 * Opens the lab in a folder. Throws `usage` where there is none, or where another process has it open, and as `Lab.open`. An index that cannot be
 * trusted or read is made anew.
 */
export async function openLab(folder: string, options: OpenLabOptions): Promise<OpenLab> {
  await requireLab(folder);
  const lock = await LabLock.take(folder, options);
  try {
    const store = await FolderStore.open(folder);
    await requireOwnIndex(store);
    const openedAt = { date: Date.now(), running: performance.now() };
    const { database, wasSynced } = await openIndex(folder);
    const lab = await Lab.open({ ...options, store, database }).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    const boot = await bootOf();
    await writeState(folder, { boot, isSynced: false, isMade: true });
    return {
      lab,
      folder,
      serve: (listener) => lock.serve(listener),
      close: async () => {
        try {
          await lab.close();
          // Of a session that was killed, much may be written and not synced. Where the clock went back, times tell nothing.
          const wentBack = Date.now() - openedAt.date < performance.now() - openedAt.running - clockTolerance;
          await syncSince(join(folder, indexFolder), wasSynced && !wentBack ? openedAt.date : 0);
          await writeState(folder, { boot, isSynced: true, isMade: true });
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The lab in a folder that cannot be written, or must not be: asked through an index of this process alone, which is made from the files and
 * ends with it. Of jobs that are not done it knows no more than the files do: not who works on them. Accepting and deciding throw
 * `file-system`. Throws `usage` where there is no lab, or one whose index is in a PostgreSQL, and as `Lab.open`.
 */
export async function openLabToRead(folder: string, options: Pick<LabOptions, "code" | "onWarning">): Promise<Lab> {
  await requireLab(folder);
  const store = new ReadOnlyStore(await FolderStore.open(folder, { isToRead: true }));
  await requireOwnIndex(store);
  const database = await openPglite({ folder: null, template: pgliteTemplate });
  return await Lab.open({ ...options, store, database }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
}

/** Removes the index, so that the next opening makes it anew. Throws `usage` as `openLab`. */
export async function dropIndex(folder: string, options: Pick<OpenLabOptions, "command">): Promise<void> {
  await requireLab(folder);
  const lock = await LabLock.take(folder, options);
  try {
    await rm(join(folder, indexFolder), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
}

async function requireLab(folder: string): Promise<void> {
  if ((await kindOf(join(folder, labDocument))) === "file") return;
  const found = (await kindOf(folder)) === null ? "does not exist" : `has no ${labDocument}`;
  throw new MesascopeError(
    "usage",
    `${folder} ${found}; expected a lab's folder. Check the name, or make one with "mesascope lab init ${folder}".`,
  );
}

/** `wasSynced`: all that was in it before is on the disk. */
async function openIndex(folder: string): Promise<{ readonly database: LabDatabase; readonly wasSynced: boolean }> {
  const place = join(folder, indexFolder);
  const boot = await bootOf();
  const state = await readState(folder);
  const isWhole = state?.isMade && (state.isSynced || state.boot === boot);
  if (!isWhole) await rm(place, { recursive: true, force: true });
  await makeFolder(place);
  await writeState(folder, { boot, isSynced: false, isMade: isWhole ?? false });
  const data = join(place, "pglite");
  const open = () => openPglite({ folder: data, template: pgliteTemplate });
  const database = await open().catch(async (error: unknown) => {
    if (!(error instanceof MesascopeError) || error.code !== "database") throw error;
    await rm(data, { recursive: true, force: true });
    return await open();
  });
  return { database, wasSynced: state?.isSynced ?? false };
}

async function readState(folder: string): Promise<IndexState | null> {
  const path = statePath(folder);
  if ((await kindOf(path)) !== "file") return null;
  return indexStateSchema.safeParse(await readJson(path).catch(() => null)).data ?? null;
}

async function writeState(folder: string, state: IndexState): Promise<void> {
  await writeJson(statePath(folder), state);
  await syncFolder(join(folder, indexFolder));
}

function statePath(folder: string): string {
  return join(folder, indexFolder, "state.json");
}

/** Makes what was written in a folder since then survive power loss. */
async function syncSince(folder: string, since: number): Promise<void> {
  // File systems round times.
  const least = since - 2000;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await syncFolder(path);
    if (!entry.isFile() || (await stat(path)).mtimeMs < least) continue;
    try {
      const file = await open(path, "r");
      await file.sync().finally(() => file.close());
    } catch (cause) {
      throw fileSystemError(cause, { action: "sync", path });
    }
  }
}

/** Another each time that the machine is started. Where the system has no name for it: when that was, to some minutes. */
async function bootOf(): Promise<string> {
  const id = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => null);
  if (id !== null) return id.trim();
  const coarse = 10 * 60_000;
  return `at ${Math.round((Date.now() - uptime() * 1000) / coarse)}`;
}
