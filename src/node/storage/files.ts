// Files that are whole or not there: atomic writes, JSON with errors a user can act on. No knowledge of what the files mean.

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../../core/base/errors.ts";
import { parseJson } from "../../lab/parse-json.ts";

/** How old a temporary of a running process must be to count as left behind, in milliseconds. */
const STALE_AGE = 3_600_000;
const temporaryPattern = /^\.(.+)\.(\d+)-[0-9a-f]{12}\.tmp$/;
/** What marks a temporary as something that was there before and is to be replaced. */
const asideMark = ".replaced";

/**
 * Writes a file so that after a crash or power loss `path` holds either what it held before or all of `content`: a temporary beside it,
 * fsync, rename, fsync of the folder. Removes its temporary on failure. Throws `file-system` (folder missing, no permission, disk full…).
 */
export async function atomicWrite(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameWhenFree(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileSystemError(cause, { action: "write", path });
  }
  await syncFolder(dirname(path));
}

/** What Windows says while another program, such as a virus scanner, has one of the two open. */
const inUse = new Set(["EPERM", "EBUSY", "EACCES"]);
/** In 2.5 seconds all together, each wait twice as long as the one before. */
const renameTries = 9;
const firstRenameWait = 10;

/** Renames a file, over another of that name. On Windows, where others having either open is in the way, a few times. Throws what the system throws. */
export async function renameWhenFree(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await rename(from, to);
    } catch (cause) {
      if (process.platform !== "win32" || tries === renameTries || !inUse.has(codeOf(cause) ?? "")) throw cause;
      await sleep(firstRenameWait * 2 ** (tries - 1));
    }
  }
}

/**
 * Finds out before long work whether `atomicWrite` can write `path`: writes an empty temporary beside it and removes it. Throws
 * `file-system`, also where a folder is in the way.
 */
export async function requireWritable(path: string): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    if ((await kindOf(path)) === "folder") throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    await (await open(temporary, "wx")).close();
    await rm(temporary, { force: true });
  } catch (cause) {
    throw fileSystemError(cause, { action: "write", path });
  }
}

/** Writes `value` as indented JSON, atomically. Throws `file-system` as `atomicWrite`. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await atomicWrite(path, jsonText(value));
}

/** What `writeJson` writes. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The parsed JSON of a file. Throws `file-system` when it cannot be read, `invalid-data` when it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  return parseJson(
    text,
    (why) => new MesascopeError("invalid-data", `${path} is ${why}; expected a JSON file. Write it again or restore it.`),
  );
}

/** The bytes of a file, as a plain array (a Buffer's `slice` shares memory, which surprises). Throws `file-system`. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (cause) {
    throw fileSystemError(cause, { action: "read", path });
  }
}

/** Throws `usage` unless there is a file at `path`, which the user gave as `what`, such as "an ONNX file". */
export async function requireGiven(path: string, what: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === "file" || kind === "other") return;
  const found = kind === null ? "does not exist" : "is a folder";
  throw new MesascopeError("usage", `${path} ${found}; expected ${what}. Check the name.`);
}

/** Makes a folder and those above it, if they are not there. Throws `file-system`. */
export async function makeFolder(path: string): Promise<void> {
  // One folder at a time: Node's own recursive mkdir never returns on a file system that answers ENOENT to it, such as /proc.
  const missing: string[] = [];
  for (let at = resolve(path); (await kindOf(at)) === null; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      await mkdir(folder);
    } catch (cause) {
      const wasMadeMeanwhile = codeOf(cause) === "EEXIST" && (await kindOf(folder)) === "folder";
      if (!wasMadeMeanwhile) throw fileSystemError(cause, { action: "make the folder", path });
    }
  }
  if ((await kindOf(path)) !== "folder") {
    throw new MesascopeError(
      "file-system",
      `cannot make the folder ${path}: a file of that name is there. Remove it or name another folder.`,
    );
  }
}

/** Whether `path` is a file, a folder, something else, or nothing (null). Throws `file-system` when that cannot be told. */
export async function kindOf(path: string): Promise<"file" | "folder" | "other" | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  } catch (cause) {
    if (codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR") return null;
    throw fileSystemError(cause, { action: "read", path });
  }
}

/** The names in a folder, sorted. Throws `file-system`. */
export async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (cause) {
    if (codeOf(cause) === "ENOTDIR" && (await kindOf(path)) !== null) {
      throw new MesascopeError("file-system", `cannot list the folder ${path}: it is a file. Remove it or name a folder.`, {
        cause,
      });
    }
    throw fileSystemError(cause, { action: "list the folder", path });
  }
}

/** Makes renames inside `folder` survive power loss (on Windows folders cannot be synced, and this does nothing). Throws `file-system`. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileSystemError(cause, { action: "sync the folder", path: folder });
  }
}

/** A name beside `path` that no one else uses; `removeStaleTemporaries` knows it as this process's. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
}

/** A temporary name for what stands at `path` while it is replaced; `restoreAsides` brings it back when that was cut short. */
export function asidePath(path: string): string {
  return temporaryPath(`${path}${asideMark}`);
}

/**
 * Brings back what a killed process had moved aside in `folder` and not replaced: where nothing bears its name. A folder that is not there
 * holds nothing. Throws `file-system`.
 */
export async function restoreAsides(folder: string): Promise<void> {
  if ((await kindOf(folder)) !== "folder") return;
  for (const name of await listFolder(folder)) {
    const [, stem = "", owner] = temporaryPattern.exec(name) ?? [];
    if (!stem.endsWith(asideMark) || isRunning(Number(owner))) continue;
    const path = join(folder, stem.slice(0, -asideMark.length));
    if ((await kindOf(path)) !== null) continue;
    await rename(join(folder, name), path).catch((cause: unknown) => {
      throw fileSystemError(cause, { action: "restore", path });
    });
    await syncFolder(folder);
  }
}

/**
 * Restores what was moved aside (`restoreAsides`), then removes temporaries that a killed process left in `folder`: those whose process no longer runs, and any older than an hour (process
 * ids come around again). Returns their names. Throws `file-system`.
 */
export async function removeStaleTemporaries(folder: string): Promise<readonly string[]> {
  const removed: string[] = [];
  await restoreAsides(folder);
  for (const name of await listFolder(folder)) {
    const [, stem = "", owner] = temporaryPattern.exec(name) ?? [];
    if (owner === undefined) continue;
    const path = join(folder, name);
    const isOnlyCopy = stem.endsWith(asideMark) && (await kindOf(join(folder, stem.slice(0, -asideMark.length)))) === null;
    if (isOnlyCopy) continue;
    try {
      if (isRunning(Number(owner)) && Date.now() - (await stat(path)).mtimeMs < STALE_AGE) continue;
      await rm(path, { recursive: true, force: true });
      removed.push(name);
    } catch (cause) {
      if (codeOf(cause) !== "ENOENT") throw fileSystemError(cause, { action: "remove", path });
    }
  }
  return removed;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) === "EPERM";
  }
}

const advice: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ["the disk is full", "Free space there or name a folder on another disk, then run the command again."],
  EDQUOT: ["the disk quota is used up", "Free space there or name a folder on another disk, then run the command again."],
  EFBIG: ["the file is larger than allowed", 'Raise the limit ("ulimit -f") or use a file system for large files.'],
  EACCES: ["permission denied", "Change the permissions or name another path."],
  EPERM: ["not permitted", "Change the permissions or name another path."],
  EROFS: ["the file system is read-only", "Name a folder that can be written to."],
  ENOENT: ["no such file or folder", "Check the path."],
  ENOTDIR: ["a part of the path is a file, not a folder", "Check the path."],
  EISDIR: ["it is a folder; expected a file", "Check the path."],
  EEXIST: ["something of another kind is already there", "Name another path or move it away."],
  ENOTEMPTY: ["the folder is not empty", "Name another path or move it away."],
  EMFILE: ["too many files are open", 'Raise the limit ("ulimit -n") and run the command again.'],
};

/** The `file-system` error for a failed call: the path, what failed, why, and what to do. A `MesascopeError` is passed on as it is. */
export function fileSystemError(cause: unknown, failed: { readonly action: string; readonly path: string }): MesascopeError {
  if (cause instanceof MesascopeError) return cause;
  const code = codeOf(cause) ?? "";
  const known = advice[code];
  const why = known ? `${known[0]} (${code})` : cause instanceof Error ? cause.message : String(cause);
  const what = known?.[1] ?? "Check the path and the disk, then run the command again.";
  return new MesascopeError("file-system", `cannot ${failed.action} ${failed.path}: ${why}. ${what}`, { cause });
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
