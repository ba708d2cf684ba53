// Where paths of a store lie in its folder: never outside of it, never through a symbolic link, and never in another folder that was mounted
// or made in its place meanwhile, but that it is the same lab.

import { lstat, mkdir, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MesascopeError } from "../../../core/base/errors.ts";
import { labDocument } from "../../../lab/layout.ts";
import { fileSystemError, syncFolder } from "../../storage/files.ts";

/** A folder and what tells it from another of its name. */
export interface FolderIdentity {
  /** Absolute, without symbolic links. */
  readonly path: string;
  device: number;
  inode: number;
  /** The text of its lab.json when it was opened: what was mounted anew has other numbers and the same text. Null where there was none. */
  readonly lab: string | null;
}

/** The folder at `path`, which may be reached through symbolic links. Throws what the file system throws. */
export async function identityOf(path: string): Promise<FolderIdentity> {
  const real = await realpath(path);
  const found = await lstat(real);
  if (!found.isDirectory()) throw Object.assign(new Error("it is a file"), { code: "ENOTDIR" });
  return { path: real, device: found.dev, inode: found.ino, lab: await labOf(real) };
}

async function labOf(folder: string): Promise<string | null> {
  return await readFile(join(folder, labDocument), "utf8").catch(() => null);
}

/**
 * The absolute place of a path inside of `root`; null where nothing is there. Throws `file-system` where a symbolic link is in the way, and
 * where `root` is gone or another.
 */
export async function placeOf(root: FolderIdentity, path: string): Promise<string | null> {
  await requireSame(root);
  let place = root.path;
  for (const segment of path.split("/").filter((it) => it !== "")) {
    place = join(place, segment);
    const found = await lookAt(place);
    if (found === null) return null;
    if (found.isSymbolicLink()) throw await linkError(root, place);
  }
  return place;
}

/** Makes a folder inside of `root`, lastingly. Throws `file-system` as `placeOf`, and where it cannot be made. */
export async function ensureFolder(root: FolderIdentity, path: string): Promise<void> {
  if (path === "." || (await placeOf(root, path)) !== null) return;
  await ensureFolder(root, dirname(path));
  const place = join(root.path, path);
  try {
    await mkdir(place);
    await syncFolder(dirname(place));
  } catch (cause) {
    if (errorCodeOf(cause) !== "EEXIST") throw fileSystemError(cause, { action: "make the folder", path: place });
  }
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * Files and folders in a folder inside of `root`, in the order that their paths have; none where it is not there. Without names that begin
 * with a dot, as temporaries do. Throws `file-system` as `placeOf`, also for a link in the folder: what it leads to is not passed over as
 * if there were nothing.
 */
export async function entriesOf(root: FolderIdentity, path: string): Promise<readonly FolderEntry[]> {
  const place = await placeOf(root, path);
  if (place === null) return [];
  const found = await readdir(place, { withFileTypes: true }).catch((cause: unknown) => {
    if (errorCodeOf(cause) === "ENOENT") return [];
    throw fileSystemError(cause, { action: "list the folder", path: place });
  });
  const entries = found.filter(({ name }) => !name.startsWith("."));
  const linked = entries.find((entry) => entry.isSymbolicLink());
  if (linked) throw await linkError(root, join(place, linked.name));
  const orderOf = ({ name, isFolder }: FolderEntry): string => (isFolder ? `${name}/` : name);
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

export interface LookedAt {
  readonly path: string;
  readonly bytes: number;
  readonly changedAt: Date;
  /** Another one after the file was written anew. */
  readonly version: string;
}

/** Size and time of files inside of `root`; those that are gone meanwhile are left out. */
export async function lookAtAll(root: FolderIdentity, paths: readonly string[]): Promise<readonly LookedAt[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const file = await lookAt(join(root.path, path));
      return file === null ? [] : [{ path, bytes: file.size, changedAt: file.mtime, version: `${file.ino}-${file.mtimeMs}` }];
    }),
  );
  return found.flat();
}

/** The code of a failed call of the file system. */
export function errorCodeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}

/** Of an error of the project: the code of what it tells of. */
export function causeCodeOf(error: unknown): string | undefined {
  return error instanceof MesascopeError ? errorCodeOf(error.cause) : undefined;
}

async function lookAt(path: string) {
  try {
    return await lstat(path);
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") return null;
    throw fileSystemError(cause, { action: "read", path });
  }
}

async function requireSame(root: FolderIdentity): Promise<void> {
  const found = await lookAt(root.path);
  if (found !== null && found.dev === root.device && found.ino === root.inode) return;
  if (found?.isDirectory() && root.lab !== null && (await labOf(root.path)) === root.lab) {
    root.device = found.dev;
    root.inode = found.ino;
    return;
  }
  const what = found === null ? "is gone" : "is another folder than when it was opened";
  throw new MesascopeError(
    "file-system",
    `the lab's folder ${root.path} ${what}; expected it to stay. Bring it back (is its disk mounted?), then run the command again.`,
  );
}

async function linkError(root: FolderIdentity, place: string): Promise<MesascopeError> {
  const target = await readlink(place).catch(() => "an unknown place");
  return new MesascopeError(
    "file-system",
    `${place} is a symbolic link to ${target}; expected all of a lab to lie in ${root.path} itself. ` +
      "Put what it leads to in its place; to use another disk, mount it there or move the whole lab.",
  );
}
