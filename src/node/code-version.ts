// Which code this is, for manifests, checkpoints, cards and reports: the package's version and a hash of the core's own modules, so that
// results of one code are never taken for those of another.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "./package-version.ts";

const digits = 10;
const core = join(import.meta.dirname, "..", "core");

/**
 * e.g. `0.1.0+3fa9c1d20b`. The part after the plus sign changes when a module of the core does, be it a comment only. It is taken of the
 * modules that run: `src/core` from source and `dist/core` when built have different ones.
 */
export const codeVersion: string = `${packageVersion}+${modulesHash(core)}`;

/** The first hexadecimal digits of a SHA-256 over paths and contents of the modules in a folder; tests, fixtures and types left out. */
export function modulesHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of modulesIn(folder)) {
    const content = readFileSync(join(folder, path));
    hash.update(`${path.replaceAll("\\", "/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, digits);
}

function modulesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[jt]s$/.test(path) && !/\.(test|fixture|d)\.[jt]s$/.test(path))
    .sort();
}
