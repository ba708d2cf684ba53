// The studio as a static site: files that any file server hands out, without a lab behind them.
//
// A server of files answers an address of the app only where a file lies, so that each page that a reader can stand on has one: a folder with a
// copy of the first page, to which servers lead (`league` → `league/` → `league/index.html`). Addresses are then the same as those of a lab's server, and
// anchors in a page stay anchors, neither of which holds for addresses behind a #. Every other folder has that copy, too: many servers list what lies in
// one without a page to who cuts an address short. What is asked for without a file is the server's to answer; with a base there is a 404.html for those
// that hand one out. Without a base every path is relative, so that the site may lie anywhere and be moved.

import { createReadStream, createWriteStream } from "node:fs";
import { lstat, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { builtStudio, listStudio } from "../server/studio-files.ts";
import {
  atomicWrite,
  fileSystemError,
  kindOf,
  listFolder,
  makeFolder,
  readBytes,
  readJson,
  writeJson,
} from "../storage/files.ts";
import { requireBase, sitePage } from "./site-page.ts";

/** Pages that need no lab, as addresses without slashes at their ends: the first page is one, and so are the recorded audits of its agents. */
const pages: readonly string[] = [
  "",
  "episode",
  "editor",
  ...["A", "B", "C1", "wild"].map((agent) => `audits/recorded-${agent}`),
];

const listFile = "mesascope-site.json";
const listSchema = z.strictObject({
  schema: z.literal("mesascope/site-files@1"),
  /** What was written, from the site's folder; never a path that leaves it. */
  files: z.array(z.string().regex(/^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/)),
});

/** A file of a league that is recorded with the site. */
export interface RecordedFile {
  /** Below `recorded/`. */
  readonly path: string;
  readonly content: Uint8Array | string;
}

export interface StaticSiteOptions {
  readonly out: string;
  /** The path under which the site will lie; null where it may lie anywhere. */
  readonly base: string | null;
  /** Names of recorded leagues, and their files. */
  readonly leagues: { readonly names: readonly string[]; readonly files: readonly RecordedFile[] };
  /** Folder of the built studio. Default: where the build leaves it. */
  readonly studio?: string;
}

export interface StaticSite {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes the site into `out`: into a new or empty folder, or over what was written there before by this function. Throws `usage` for a folder with
 * anything else in it, where something else lies or a link leads away at a place of the site's, for a base that is none and where the studio is
 * not built, and `file-system`.
 */
export async function buildStaticSite({ out, base, leagues, studio = builtStudio }: StaticSiteOptions): Promise<StaticSite> {
  const root = base === null ? null : requireBase(base);
  const built = await listStudio(studio);
  const firstPage = built.get("/index.html");
  if (firstPage === undefined)
    throw new MesascopeError(
      "usage",
      `the studio is not built (${studio}); expected its files. In the repository: npm run build`,
    );
  const before = await writtenBefore(out);
  const html = new TextDecoder().decode(await readBytes(firstPage));
  const hasLeagues = leagues.names.length > 0;
  const shown = [...pages, ...(hasLeagues ? ["league", ...leagues.names.map((name) => `league/${name}`)] : [])];
  const copies = [...built].filter(([path]) => path.startsWith("/assets/")).map(([path, from]) => [path.slice(1), from] as const);
  const recorded = leagues.files.map(({ path, content }) => [`recorded/${path}`, content] as const);
  const folders = [...shown.map((page) => `${page}/`), ...[...copies, ...recorded].map(([path]) => path)].flatMap(foldersOf);
  const texts = new Map<string, string | Uint8Array>([
    ...[...new Set(folders)].map((page): [string, string] => {
      const up = page === "" ? "./" : "../".repeat(page.split("/").length);
      return [page === "" ? "index.html" : `${page}/index.html`, sitePage({ html, root: root ?? up, hasLeagues })];
    }),
    ...(root === null ? [] : [["404.html", sitePage({ html, root, hasLeagues })] as const]),
    ...recorded,
  ]);
  const files = [...texts.keys(), ...copies.map(([path]) => path)].sort();
  await makeFolder(out);
  await requireOurs(out, { before, files });
  // Also what is broken off is known as ours.
  const union = [...new Set([...before, ...files])].sort();
  await writeJson(join(out, listFile), { schema: "mesascope/site-files@1", files: union } satisfies z.infer<typeof listSchema>);
  await removeOld(out, { old: before.filter((file) => !files.includes(file)) });
  for (const [path, from] of copies) await copy(from, join(out, path));
  for (const [path, content] of texts) {
    await makeFolder(dirname(join(out, path)));
    await atomicWrite(join(out, path), content);
  }
  await writeJson(join(out, listFile), { schema: "mesascope/site-files@1", files } satisfies z.infer<typeof listSchema>);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(out, file))).size));
  return { folder: out, files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** What an earlier build wrote into the folder. Throws `usage` where anything else lies in it. */
async function writtenBefore(out: string): Promise<readonly string[]> {
  const kind = await kindOf(out);
  if (kind === null) return [];
  if (kind !== "folder")
    throw new MesascopeError("usage", `${out} given, where a ${kind} is; expected a new or empty folder. Name another --out.`);
  if ((await listFolder(out)).length === 0) return [];
  const list = (await kindOf(join(out, listFile))) === "file" ? listSchema.safeParse(await readJson(join(out, listFile))) : null;
  if (list?.success) return list.data.files;
  throw new MesascopeError(
    "usage",
    `${out} is not empty, and what lies in it was not made by "mesascope studio build"; nothing was written. Name a new or empty folder with --out.`,
  );
}

/** Throws `usage` where a path that is written or removed leads through a link, or where something lies that an earlier build did not write. */
async function requireOurs(
  out: string,
  { before, files }: { readonly before: readonly string[]; readonly files: readonly string[] },
): Promise<void> {
  const refuse = (path: string, what: string): never => {
    throw new MesascopeError(
      "usage",
      `${join(out, path)} is ${what}; expected nothing there, or what an earlier build wrote. Nothing was written. Move it away, or name another folder with --out.`,
    );
  };
  const all = [...new Set([...before, ...files])];
  for (const folder of new Set(all.flatMap(foldersOf))) {
    const found = await foundAt(join(out, folder));
    if (found?.isSymbolicLink()) refuse(folder, "a link");
    if (found !== null && !found.isDirectory()) refuse(folder, "no folder");
  }
  for (const file of all) {
    const found = await foundAt(join(out, file));
    if (found?.isSymbolicLink()) refuse(file, "a link");
    if (found !== null && !found.isFile()) refuse(file, "no file");
    if (found !== null && !before.includes(file)) refuse(file, "a file of somebody else's");
  }
}

/** `a/b/c.html` → `a`, `a/b`. */
function foldersOf(file: string): readonly string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** What lies there itself, not what it leads to; null for nothing. */
async function foundAt(path: string) {
  try {
    return await lstat(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) return null;
    throw fileSystemError(cause, { action: "read", path });
  }
}

/** Removes files that are not written any more, and the folders that this leaves empty. */
async function removeOld(out: string, { old }: { readonly old: readonly string[] }): Promise<void> {
  for (const file of old) {
    await rm(join(out, file), { force: true });
    for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) {
      const isGone = await rmdir(join(out, folder)).then(
        () => true,
        () => false,
      );
      if (!isGone) break;
    }
  }
}

async function copy(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  try {
    await pipeline(createReadStream(from), createWriteStream(to));
  } catch (cause) {
    throw fileSystemError(cause, { action: "write", path: to });
  }
}
