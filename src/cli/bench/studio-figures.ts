// What the studio costs in the system's Chromium: the table of thousands of runs, long curves, and agents that are trained in the first page.

import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { findOrganism } from "../../core/organisms/index.ts";
import { codeVersion } from "../../node/code-version.ts";
import { initLab, openLab } from "../../node/lab/lab-folder.ts";
import { LabService } from "../../node/lab/lab-service.ts";
import { accessRules } from "../../node/server/access.ts";
import { serveLab } from "../../node/server/lab-server.ts";
import { builtStudio } from "../../node/server/studio-files.ts";
import { serveSite } from "../../node/site/serve-site.ts";
import { findChromium } from "../../node/web/chromium.ts";
import { type Figure, type Measurement, type MeasureOptions, medianOf } from "./figure.ts";
import { type DrivenPage, openDrivenPage } from "./studio/driven-page.ts";

const manyRuns = 5000;
const host = "127.0.0.1";

function missing(why: string): Measurement {
  return { value: null, low: null, high: null, skipped: why };
}

/** Measures in a page of its own; skipped, with a word on what to install, where there is none to open. */
async function inPage({ signal }: MeasureOptions, measure: (page: DrivenPage) => Promise<Measurement>): Promise<Measurement> {
  const program = findChromium();
  if (program === null) return missing("no Chromium found (Debian: apt install chromium; or set MESASCOPE_CHROMIUM)");
  if (!existsSync(join(builtStudio, "index.html"))) return missing(`${builtStudio} is not built (npm run build)`);
  const page = await openDrivenPage({ program, signal });
  try {
    return await measure(page);
  } finally {
    await page.close();
  }
}

/** Seconds from navigation until rows stand in the page and it is free for a click. */
const tableScript = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const rows = () => [...document.querySelectorAll("tbody tr, [role=row]")].map((row) => row.textContent).filter((text) => /seed|corner/.test(text));
  while (rows().length < 10) {
    if (performance.now() > 60_000) throw new Error("no rows within a minute");
    await frame();
  }
  await frame();
  return { seconds: performance.now() / 1000, rows: rows().length };
})()`;

function tableSeconds(options: MeasureOptions): Promise<Measurement> {
  return inPage(options, async (page) => {
    const root = await mkdtemp(join(tmpdir(), "mesascope-bench-"));
    const folder = join(root, "lab");
    await initLab(folder);
    const open = await openLab(folder, { code: codeVersion, command: "mesascope bench" });
    try {
      options.onProgress(`a lab of ${manyRuns} runs`);
      const jobs = Array.from({ length: manyRuns }, (_, seed) => ({
        ...{ kind: "train" as const, organism: "corner/aligned", code: codeVersion },
        recipe: findOrganism("corner/aligned").recipe({ preset: "quick", seed }),
      }));
      await open.lab.accept({ sweep: "many", priority: 50, jobs });
      const access = accessRules({ host, token: null, names: [] });
      const server = await serveLab({
        service: new LabService(open.lab),
        access,
        host,
        port: 0,
        log: null,
        requestsPerMinute: 1e6,
      });
      try {
        const seconds: number[] = [];
        let shown = 0;
        const repeats = options.isQuick ? 2 : 9;
        // The first fills the caches of browser and server.
        for (let i = 0; i <= repeats; i++) {
          await page.goTo("about:blank");
          await page.goTo(`${server.address}/runs`);
          const seen = await page.evaluate(tableScript, z.object({ seconds: z.number(), rows: z.int() }));
          if (i > 0) seconds.push(seen.seconds);
          shown = seen.rows;
          options.onProgress(`visit ${i} of ${repeats}: ${seen.seconds.toFixed(2)} s`);
        }
        return { ...medianOf(seconds), note: `${shown} of ${manyRuns} rows stand in the page` };
      } finally {
        await server.close();
      }
    } finally {
      await open.close();
      await rm(root, { recursive: true, force: true });
    }
  });
}

const manifestSchema = z.record(z.string(), z.looseObject({ file: z.string() }));

function curvesSeconds(options: MeasureOptions): Promise<Measurement> {
  return inPage(options, async (page) => {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(builtStudio, "manifest.json"), "utf8")));
    const file = manifest["measuring/paint-curves.tsx"]?.file;
    if (file === undefined) return missing(`${builtStudio} lacks what paints the curves (npm run build)`);
    const site = await serveSite({ port: 0 });
    try {
      await page.goTo(site.address);
      await page.evaluate(`import(${JSON.stringify(`${site.address}/${file}`)}).then(() => null)`, z.null());
      const seconds: number[] = [];
      const repeats = options.isQuick ? 3 : 9;
      for (let i = 0; i <= repeats; i++) {
        const milliseconds = await page.evaluate("window.paintCurves({ runs: 50, points: 2000 })", z.number());
        if (i > 0) seconds.push(milliseconds / 1000);
        options.onProgress(`${i} of ${repeats}: ${milliseconds.toFixed(0)} ms`);
      }
      return medianOf(seconds);
    } finally {
      await site.close();
    }
  });
}

const trainedSchema = z.object({ seconds: z.number().nullable(), longest: z.number(), tasks: z.int() });
type Trained = z.infer<typeof trainedSchema>;

/** Notes every task of the page that held it up for 50 ms or more. */
const watchTasks = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration }))))
    .observe({ type: "longtask", buffered: true });`;

/** Presses the button and waits until three agents stand there trained and audited, five minutes at most. */
const trainScript = `(async () => {
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const button = () => [...document.querySelectorAll("button")].find(({ textContent }) => textContent.trim() === "Train them here");
  while (button() === undefined) await wait(50);
  // What the page does when it is opened is not of training.
  await wait(2000);
  // In a task of its own, which counts: what is set up for training is set up in it.
  const begun = await new Promise((resolve) => setTimeout(() => {
    const now = performance.now();
    button().click();
    resolve(now);
  }, 0));
  const isDone = (agent) => document.querySelector('article[aria-label="Verdict on ' + agent + '"]')?.textContent.includes("live, seed");
  const late = begun + 300_000;
  while (!["A", "C1", "wild"].every(isDone) && performance.now() < late) await wait(50);
  const ended = performance.now();
  await wait(200);
  const isOfTraining = ({ startTime, duration }) => startTime + duration > begun && startTime <= ended;
  const tasks = globalThis.longTasks.filter(isOfTraining).map(({ duration }) => duration);
  return { seconds: ended < late ? (ended - begun) / 1000 : null, longest: Math.max(0, ...tasks), tasks: tasks.length };
})()`;

/** Both figures of it are of the same trainings. */
const trainings = new WeakMap<MeasureOptions, Promise<Trained[]>>();

async function homeFigure(options: MeasureOptions, figure: (trained: readonly Trained[]) => Measurement): Promise<Measurement> {
  const told = (trained: readonly Trained[]): Measurement => {
    const note = `the page had ${availableParallelism()} processors`;
    const measured = figure(trained);
    return { ...measured, note: measured.note === undefined ? note : `${measured.note}; ${note}` };
  };
  const known = trainings.get(options);
  if (known !== undefined) return told(await known);
  return await inPage(options, async (page) => {
    const trained = trainAtHome(page, options);
    trainings.set(options, trained);
    return told(await trained);
  });
}

async function trainAtHome(page: DrivenPage, options: MeasureOptions): Promise<Trained[]> {
  const site = await serveSite({ port: 0 });
  try {
    const trained: Trained[] = [];
    const repeats = options.isQuick ? 1 : 3;
    for (let i = 0; i < repeats; i++) {
      options.onProgress(`training in the first page, ${i + 1} of ${repeats}`);
      await page.goTo("about:blank");
      await page.goTo(`${site.address}/?seed=${options.seed + i}`, watchTasks);
      const seen = await page.evaluate(trainScript, trainedSchema);
      options.onProgress(`${seen.seconds?.toFixed(1) ?? "more than 300"} s, longest task ${seen.longest.toFixed(0)} ms`);
      trained.push(seen);
    }
    return trained;
  } finally {
    await site.close();
  }
}

export const studioFigures: readonly Figure[] = [
  {
    name: "studio.table.interactive",
    unit: "s",
    definition: `From navigation to the frame in which rows stand in the run table of a lab of ${manyRuns} runs, its server warm, median over visits.`,
    goal: { comparison: "at-most", reach: 1, aim: 0.5 },
    measure: tableSeconds,
  },
  {
    name: "studio.curves.painted",
    unit: "s",
    definition:
      "From data to the frame in which 50 curves of 2,000 points and their averages stand in the studio's chart, median.",
    goal: { comparison: "at-most", reach: 1, aim: 0.3 },
    measure: curvesSeconds,
  },
  {
    name: "studio.training.longestTask",
    unit: "ms",
    definition:
      "The longest task of the page while agents are trained and audited in its workers, by the browser's long tasks (50 ms and more; 0: none), the worst of the trainings.",
    goal: { comparison: "at-most", reach: 100, aim: 50 },
    measure: (options) =>
      homeFigure(options, (trained) => {
        const longest = trained.map(({ longest: each }) => each);
        const note = `${trained.map(({ tasks }) => tasks).join(", ")} tasks of 50 ms and more`;
        return { value: Math.max(...longest), low: Math.min(...longest), high: Math.max(...longest), note };
      }),
  },
  {
    name: "studio.home.threeAgents",
    unit: "s",
    definition:
      "From the click to the verdicts on A, C1 and wild, trained from nothing and audited in the first page, B beside them; median over seeds, and null where one took more than five minutes. The goal is for two cores.",
    goal: { comparison: "at-most", reach: 60, aim: 40 },
    measure: (options) =>
      homeFigure(options, (trained) => {
        const seconds = trained.flatMap(({ seconds: each }) => (each === null ? [] : [each]));
        return seconds.length < trained.length ? { value: null, low: null, high: null } : medianOf(seconds);
      }),
  },
];
