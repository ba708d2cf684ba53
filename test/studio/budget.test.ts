// What a first visit to the studio loads, of the built files: it stays small, and what is large is loaded when it is needed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobKey } from "../../src/lab/job.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { builtStudio } from "../../src/node/server/studio-files.ts";
import { describeInChromium } from "./chromium.ts";
import { runOf } from "./lab-with-runs.ts";

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Of what a page needs before it is shown, and also of all that comes behind it unasked, such as the worker of the stream of events. */
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
    expect(gzipped(filesOf(chunks, Object.keys(chunks)))).toBeGreaterThan(budget);
  });
});

describeInChromium("a first visit", (browser) => {
  const run = runOf("A", 1);
  let served: ServedLab;
  beforeAll(async () => {
    served = await serveTestLab({ wanted: null });
    await served.open.lab.accept({ sweep: "one", priority: 50, jobs: [run] });
  }, 120_000);
  afterAll(() => served?.remove());

  /** What plays and trains: it comes when it is needed, which in the player and the editor is at once. */
  const machinery = /\.(onnx|wasm|mjs)$|(agents?|train|level|replay)-worker/;

  it.each(["/", "/runs", "/runs/KEY", "/compare", "/audits/KEY", "/league", "/episode", "/editor"])(
    "to %s asks for at most 300 kB gzipped beside what plays, all that comes behind the page unasked included",
    async (path) => {
      const { page, requests } = await browser.open(`${served.server.address}${path.replace("KEY", jobKey(run))}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle", { timeout: 5000 }).catch(() => "the stream of events stays open");
      const files = [...new Set(requests.map((url) => new URL(url).pathname))].filter((asked) => asked.startsWith("/assets/"));
      expect(files.length).toBeGreaterThan(2);
      const plays = files.filter((file) => machinery.test(file));
      if (path !== "/episode" && path !== "/editor") expect(plays).toEqual([]);
      const counted = files.filter((file) => !plays.includes(file)).map((file) => file.slice(1));
      expect([gzipped(counted) <= budget, gzipped(counted)]).toEqual([true, expect.any(Number)]);
    },
  );
});
