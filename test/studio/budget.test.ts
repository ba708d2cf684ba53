// What a first visit to the studio loads, of the built files: it stays small, and what is large is loaded when it is needed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { builtStudio } from "../../src/node/server/studio-files.ts";

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const budget = 300_000;

function manifest(): Readonly<Record<string, Chunk>> {
  const path = join(builtStudio, "manifest.json");
  if (!existsSync(path)) throw new Error(`${builtStudio} is not built; run "npm run build" first.`);
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Files that are loaded before a chunk runs, itself included. */
function filesOf(chunks: Readonly<Record<string, Chunk>>, names: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const seen = new Set<string>();
  const add = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const { file, imports = [], css = [] } = chunks[name]!;
    for (const each of [file, ...css]) files.add(each);
    for (const each of imports) add(each);
  };
  for (const name of names) add(name);
  return files;
}

/** The engine's file lies elsewhere in the package, see shared-files.json. */
function gzipped(files: Iterable<string>): number {
  const paths = [...files].map((file) => join(builtStudio, file)).filter((path) => existsSync(path));
  return paths.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
}

describe("the studio's first load", () => {
  const chunks = manifest();
  const entry = Object.keys(chunks).find((name) => chunks[name]!.isEntry)!;
  const pages = Object.keys(chunks).filter((name) => /^pages\/[^/]+\/[^/]+-page\.tsx$/.test(name));

  it("is at most 300 kB gzipped for each page, without the engine", () => {
    expect(pages).toContain("pages/home/home-page.tsx");
    for (const page of pages) {
      const files = filesOf(chunks, [entry, page]);
      expect([...files].filter((file) => /(^|\/)ort-|onnx/.test(file))).toEqual([]);
      expect([page, gzipped(files) <= budget, gzipped(files)]).toEqual([page, true, expect.any(Number)]);
    }
  });

  it("would be over budget with everything at once, so that the pages' share is real", () => {
    expect(gzipped(filesOf(chunks, Object.keys(chunks)))).toBeGreaterThan(gzipped(filesOf(chunks, [entry])));
  });
});
