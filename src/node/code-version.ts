// Which code this is, for manifests, checkpoints, cards and reports: the package's version and a hash of the modules that decide results, so
// that results of one code are never taken for those of another.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { packageVersion } from "./package-version.ts";

const digits = 10;
const ending = extname(import.meta.filename);
/** The core, and what decides outside of it how a training goes and what is kept of it and of audits: folders and single modules. */
const deciding = [
  ...["../core", "training", "lab/worker"],
  ...["snapshots", "curve-row", "told-posterior"].map((name) => `../lab/${name}${ending}`),
].map((path) => join(import.meta.dirname, path));

/**
 * e.g. `0.1.0+3fa9c1d20b`. The part after the plus sign changes when a module of the core, of training or of a lab's workers does, be it a
 * comment only. It is taken of the modules that run: those from source and those that are built differ.
 */
export const codeVersion: string = `${packageVersion}+${modulesHash(...deciding)}`;

/** The first hexadecimal digits of a SHA-256 over paths and contents of modules, and of those in folders; tests, fixtures and types left out. */
export function modulesHash(...places: readonly string[]): string {
  const hash = createHash("sha256");
  for (const [place, given] of places.entries()) {
    const isModule = /\.[jt]s$/.test(given);
    for (const path of isModule ? [basename(given)] : modulesIn(given)) {
      const content = readFileSync(join(isModule ? dirname(given) : given, path));
      hash.update(`${place}/${path.replaceAll("\\", "/")}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex").slice(0, digits);
}

function modulesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[jt]s$/.test(path) && !/\.(test|fixture|d)\.[jt]s$/.test(path))
    .sort();
}
