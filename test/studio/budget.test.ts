// What a first visit to the studio loads, of the built files: it stays small, and what is large is loaded when it is needed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtStudio } from "../../src/node/server/studio-files.ts";
import { type AuditLab, serveAuditLab } from "./audit-lab.ts";
import { describeInChromium } from "./chromium.ts";
import { type LabWithRuns, serveLabWithRuns } from "./lab-with-runs.ts";
import { keepLeagues, leagueName } from "./league-lab.ts";

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

/** What plays and trains, the engine and the agents in it. It comes behind the page, when it is needed: in the player and the editor at once. */
const machinery = /\.(onnx|wasm|mjs)$|(agents?|train|level|replay)-worker/;
/** Of the scripts of what plays, which have all worlds in them. The engine is beside that, and an agent's model. */
const playing = 140_000;

interface Visit {
  readonly path: string;
  /** Words that stand there once all of it is shown. */
  readonly says: string | RegExp;
  /** What is played there comes at once. */
  readonly plays?: true;
}

describeInChromium("a first visit", (browser) => {
  let runs: LabWithRuns;
  let audits: AuditLab;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
    await keepLeagues(runs.served.open.lab.store);
    audits = await serveAuditLab();
  }, 240_000);
  afterAll(async () => {
    await runs?.remove();
    await audits?.served.remove();
  }, 60_000);

  const visits: Readonly<Record<string, () => Visit>> = {
    "the first page": () => ({ path: "/", says: "What each of them wants" }),
    "the run table": () => ({ path: "/runs", says: "9 runs" }),
    "runs in groups": () => ({ path: "/runs?group=name", says: "Shares as a figure" }),
    "a run that is done": () => ({ path: `/runs/${runs.runs.get("corner/aligned 1")}`, says: "aligned: coin" }),
    "a comparison": () => ({ path: "/compare?filter=world%3Acorner", says: "How they learned" }),
    "an audit": () => ({ path: `/audits/${audits.audits.whole}`, says: "How this was made" }),
    "a recorded audit": () => ({ path: "/audits/recorded-B", says: "How this was made" }),
    leagues: () => ({ path: "/league", says: /battery detects .* of the misaligned/ }),
    "a league": () => ({ path: `/league/${leagueName}`, says: "2 of 60 organisms" }),
    "the player": () => ({ path: "/episode", says: "How the evidence came in", plays: true }),
    "the editor": () => ({ path: "/editor", says: /acts by/, plays: true }),
  };

  it.each(Object.keys(visits))(
    "to %s asks for no more than it may, all that comes behind the page unasked included",
    async (name) => {
      const { path, says, plays = false } = visits[name]!();
      const { address } = (path.startsWith("/audits/") ? audits.served : runs.served).server;
      const { page, requests } = await browser.open(`${address}${path}`);
      await page.getByText(says).first().waitFor();
      await allAsked(requests);
      const assets = [...new Set(requests.map((url) => new URL(url).pathname))].filter((asked) => asked.startsWith("/assets/"));
      const files = assets.map((asked) => asked.slice(1));
      const ofPlay = files.filter((file) => machinery.test(file));
      const ofPage = gzipped(files.filter((file) => !ofPlay.includes(file)));
      const scriptsOfPlay = gzipped(ofPlay.filter((file) => file.endsWith(".js")));
      expect(ofPage).toBeGreaterThan(150_000);
      expect(ofPage).toBeLessThanOrEqual(budget);
      if (plays) expect(scriptsOfPlay).toBeGreaterThan(0);
      else expect(ofPlay).toEqual([]);
      expect(scriptsOfPlay).toBeLessThanOrEqual(playing);
    },
  );
});

/** Until nothing more was asked for in a second. */
async function allAsked(requests: readonly string[]): Promise<void> {
  let before = -1;
  const isQuiet = () => {
    const same = requests.length === before;
    before = requests.length;
    return same;
  };
  await expect.poll(isQuiet, { interval: 1000 }).toBe(true);
}
