// Sweep files from disk: YAML, JSON, or what a TypeScript or JavaScript module exports by default.

import { readFile, stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MesascopeError } from "../../core/base/errors.ts";
import { parseSweepFile, type SweepFile } from "../../lab/sweep/sweep-file.ts";
import { kindOf } from "../storage/files.ts";
import { parsePlainYaml } from "./plain-yaml.ts";

const mostBytes = 2 ** 22;
const readers: Readonly<Record<string, (path: string, written: number) => Promise<unknown>>> = {
  ".yaml": async (path) => parsePlainYaml(await textOf(path), path),
  ".yml": async (path) => parsePlainYaml(await textOf(path), path),
  ".json": async (path) => parseJson(await textOf(path), path),
  ".ts": importDefault,
  ".mts": importDefault,
  ".js": importDefault,
  ".mjs": importDefault,
};

/**
 * The sweep that a file describes; a module is run for it, anew when the file has changed. Throws `usage` naming the file, the line where that is
 * known, every field that is wrong, and for files that are no sweep at all; `file-system` for one that cannot be read.
 */
export async function readSweepFile(path: string): Promise<SweepFile> {
  const read = readers[extname(path).toLowerCase()];
  if (!read) {
    if ((await kindOf(path)) === "folder") throw notASweepFile(path, "is a folder");
    throw new MesascopeError(
      "usage",
      `${path} given as a sweep file; expected a name that ends in ${Object.keys(readers).join(", ")}. Rename it.`,
    );
  }
  const written = await requireSmallFile(path);
  return parseSweepFile(await read(path, written), path);
}

/** When it was written, in milliseconds. A device or pipe would never end. */
async function requireSmallFile(path: string): Promise<number> {
  const kind = await kindOf(path);
  if (kind !== "file") {
    const found = kind === null ? "does not exist" : kind === "folder" ? "is a folder" : "is no regular file";
    throw notASweepFile(path, found);
  }
  const { size, mtimeMs } = await stat(path);
  if (size <= mostBytes) return mtimeMs;
  throw new MesascopeError(
    "usage",
    `${path} has ${size.toLocaleString("en-US")} bytes; expected a sweep file of at most ${mostBytes.toLocaleString("en-US")}. Give ranges of seeds, or make several sweeps.`,
  );
}

function notASweepFile(path: string, found: string): MesascopeError {
  return new MesascopeError("usage", `${path} ${found}; expected a sweep file. Check the name.`);
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MesascopeError("usage", `${path} is not UTF-8; expected text. Save it again with that encoding.`, { cause });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MesascopeError("usage", `${path} is not JSON (${messageOf(cause)}); expected a sweep file. Correct it.`, { cause });
  }
}

async function importDefault(path: string, written: number): Promise<unknown> {
  const url = pathToFileURL(resolve(path));
  // Node keeps modules by their address, fragment included.
  url.hash = String(written);
  const exported: unknown = await import(url.href).catch((cause: unknown) => {
    throw new MesascopeError("usage", `${path} cannot be loaded (${messageOf(cause)}); ${adviceOn(cause)}`, { cause });
  });
  if (typeof exported === "object" && exported !== null && "default" in exported) return exported.default;
  throw new MesascopeError("usage", `${path} exports nothing by default; expected "export default { schema: … }". Add it.`);
}

function adviceOn(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  switch (code) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return "expected a Node that reads TypeScript (22.18 or later). Use a later one, or write the sweep as JavaScript or YAML.";
    case "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING":
      return "Node reads no TypeScript below node_modules. Copy the file elsewhere.";
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return "expected TypeScript whose types can be left out: no enums, namespaces or parameter properties. Write these in another way.";
    default:
      return "expected an ES module that runs. Correct it.";
  }
}

function messageOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n", 1)[0]!;
}
