// The studio as a server hands it out: the files that the build left in dist/studio, and its first page for every address of the app. What is
// asked for is looked up in the list of those files and never becomes a path, so that nothing else can be reached.

import { readdir, readFile } from "node:fs/promises";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { z } from "zod";

/** dist/studio, from the sources and from the built package alike. */
export const builtStudio = join(import.meta.dirname, "..", "..", "..", "dist", "studio");

const firstPage = "/index.html";
/** Which files of the package stand for files of the studio, so that none lies in it twice; see scripts/studio-bundle.mjs. */
const sharedList = "/shared-files.json";
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".onnx": "application/octet-stream",
};
const compressed = new Set([".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm"]);

/**
 * What a page of the studio may load: its own files, WebAssembly and workers of its own, and nothing of anybody else. No script stands in a
 * page; styles may, because the libraries for controls and plots write theirs into it.
 */
export const studioPolicy: readonly string[] = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/** Of every file. The two of isolation give pages shared memory, and the engine in them its threads. */
const commonHeaders = {
  "content-security-policy": studioPolicy.join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  vary: "accept-encoding",
} as const;

export interface StudioAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What was asked, of which only the list of files is made use of. */
export interface StudioRequest {
  /** Without query. */
  readonly path: string;
  readonly acceptsGzip: boolean;
}

export class StudioFiles {
  readonly #folder: string;
  readonly #firstPageAs: (html: string) => string;
  readonly #read = new Map<string, Promise<{ readonly plain: Uint8Array; readonly gzip: Uint8Array | null }>>();
  #listed: Promise<ReadonlyMap<string, string>> | null = null;

  /** `firstPageAs` makes the first page as it is handed out of the built one. */
  constructor(folder: string = builtStudio, firstPageAs: (html: string) => string = (html) => html) {
    this.#folder = folder;
    this.#firstPageAs = firstPageAs;
  }

  /**
   * The file of that path, or the app's first page where the path is none of a file but one of the app's. Null for what neither is: names of
   * files that do not exist, and everything while the studio is not built.
   */
  async answer({ path, acceptsGzip }: StudioRequest): Promise<StudioAnswer | null> {
    const found = (await this.#find(path)) ?? (await this.#find(path));
    if (found === null || found === undefined) return null;
    const { name, plain, gzip: small } = found;
    const body = acceptsGzip && small !== null ? small : plain;
    const headers = {
      ...commonHeaders,
      "content-type": types[extname(name)] ?? "application/octet-stream",
      // A file under assets bears the hash of its content in its name.
      "cache-control": name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      ...(body === small && { "content-encoding": "gzip" }),
    };
    return { headers, body };
  }

  /** Undefined where there is none, and null where it was listed and is gone: the list is made anew after that, as after an upgrade in place. */
  async #find(path: string) {
    const files = await this.#files();
    const name = files.has(path) ? path : isOfApp(path) ? firstPage : null;
    const file = name === null ? undefined : files.get(name);
    if (name === null || file === undefined) return undefined;
    const content = this.#read.get(name) ?? read(file, name === firstPage ? this.#firstPageAs : null);
    this.#read.set(name, content);
    try {
      return { name, ...(await content) };
    } catch (error) {
      this.#listed = null;
      this.#read.clear();
      if (isAbsence(error)) return null;
      throw error;
    }
  }

  /** What could not be listed, or was not built yet, is looked for again at the next request. */
  async #files(): Promise<ReadonlyMap<string, string>> {
    this.#listed ??= listStudio(this.#folder);
    const listed = this.#listed;
    try {
      const files = await listed;
      if (files.size === 0 && this.#listed === listed) this.#listed = null;
      return files;
    } catch (error) {
      if (this.#listed === listed) this.#listed = null;
      throw error;
    }
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Addresses of the app are plain words between slashes, and none of the server's own. */
function isOfApp(path: string): boolean {
  return /^\/(?:[\w~-]+\/)*[\w~-]*$/.test(path) && !/^\/(api|assets)(\/|$)/.test(path);
}

const sharedFilesSchema = z.record(z.string().regex(/^assets\/[\w.-]+$/), z.string());

/**
 * Files of a built studio by the paths under which they are asked for, which begin with a slash; none where it is not built. Links are left out:
 * they may lead elsewhere. What `shared-files.json` tells of lies beside the studio's folder and in no other.
 */
export async function listStudio(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [`/${relative(folder, path).split(sep).join("/")}`, path];
    });
  const files = new Map(own);
  const list = files.get(sharedList);
  if (list === undefined) return files;
  files.delete(sharedList);
  const around = resolve(dirname(folder));
  for (const [name, place] of Object.entries(sharedFilesSchema.parse(JSON.parse(await readFile(list, "utf8"))))) {
    const path = resolve(around, place);
    if (!path.startsWith(around + sep)) throw new Error(`${list} names ${place}; expected a file within ${around}.`);
    files.set(`/${name}`, path);
  }
  return files;
}

async function read(file: string, change: ((text: string) => string) | null) {
  const plain = change === null ? await readFile(file) : Buffer.from(change(await readFile(file, "utf8")));
  return { plain, gzip: compressed.has(extname(file)) ? await promisify(gzip)(plain) : null };
}
