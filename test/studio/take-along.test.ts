// Every chart is taken along: as SVG, PNG, CSV and JSON, each of which is really downloaded and read.

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { csvRows } from "../../src/report/charts/csv-text.ts";
import { describeInChromium } from "./chromium.ts";
import { type EpisodeLab, serveEpisodeLab } from "./episode-lab.ts";
import { type LabOverTraining, serveLabOverTraining } from "./lab-over-training.ts";
import { type LabWithRuns, serveLabWithRuns } from "./lab-with-runs.ts";

/** Figures with a chart, and which files each offers. */
function offers(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`[...document.querySelectorAll("figure")]
    .filter((figure) => figure.querySelector("svg, canvas, .shares") !== null)
    .map((figure) => [...figure.querySelectorAll("[aria-label^='Take along'] button")].map((button) => button.textContent).join(" "))`);
}

const four = "SVG PNG CSV JSON";

type Taken = Readonly<Record<"svg" | "json", string>> & { readonly csv: readonly (readonly string[])[]; readonly png: Buffer };

async function takeOne(page: Page, caption: string, kind: string): Promise<Buffer> {
  const tools = page.getByRole("group", { name: `Take along: ${caption}`, exact: true });
  const [file] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: kind }).click()]);
  expect(file.suggestedFilename()).toMatch(new RegExp(`^[a-z0-9-]+\\.${kind.toLowerCase()}$`));
  return readFile(await file.path());
}

async function take(page: Page, caption: string): Promise<Taken> {
  const contents: Buffer[] = [];
  for (const kind of ["SVG", "PNG", "CSV", "JSON"]) contents.push(await takeOne(page, caption, kind));
  const [svg, png, csv, json] = contents;
  expect(svg!.toString()).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg!.toString()).not.toMatch(/var\(|NaN|Infinity|href="http/);
  expect(png!.subarray(1, 4).toString()).toBe("PNG");
  expect(png!.length).toBeGreaterThan(3000);
  const rows = csvRows(csv!.toString());
  expect(JSON.parse(json!.toString()).length).toBe(rows.length - 1);
  return { svg: svg!.toString(), json: json!.toString(), csv: rows, png: png! };
}

/** In which color and dashes lines are drawn, those that are faint left out. */
function looks(svg: string): readonly string[] {
  return [...svg.matchAll(/<line [^>]*stroke-width="2"[^>]*>/g)].map(
    ([tag]) => `${/stroke="([^"]*)"/.exec(tag)![1]} ${/stroke-dasharray="([^"]*)"/.exec(tag)?.[1] ?? "solid"}`,
  );
}

describeInChromium("what is taken along of the charts", (browser) => {
  let runs: LabWithRuns;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);

  it("is four files of each chart of a run, in the light theme's colors whatever the page is in", async () => {
    const key = runs.runs.get("corner/aligned 1")!;
    const { page } = await browser.open(`${runs.served.server.address}/runs/${key}`, { colorScheme: "dark" });
    await expect.poll(() => offers(page)).toEqual([four, four]);
    const { csv, json, svg } = await take(page, "Return per episode");
    expect(csv[0]).toEqual(["environment steps", "base objective", "oracle"]);
    expect(csv).toHaveLength(61);
    const points = await runs.served.tcp.jobs.curve({ key });
    expect(csv.slice(1).map((row) => row.map(Number))).toEqual(
      points.map(({ environmentSteps, trainingReturn, oracleReturn }) => [environmentSteps, trainingReturn, oracleReturn]),
    );
    expect(JSON.parse(json)[59]["base objective"]).toBe(points[59]!.trainingReturn);
    // The light theme's ground, and the base objective twice, as measured and its average, beside the oracle.
    expect(svg).toContain('fill="rgb(251, 250, 247)"');
    expect(svg.match(/<path /g)).toHaveLength(3);
    expect(new Set(looks(svg)).size).toBe(2);
    expect(svg).toContain(">base objective</text>");
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    expect((await takeOne(page, "Return per episode", "SVG")).toString()).toBe(svg);
  });

  it("is four files of the intervals of grouped runs", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/runs?group=name&figure=intervals`);
    await expect.poll(() => offers(page)).toEqual([four]);
    await page.locator(".plot svg").waitFor();
    const { csv, svg } = await take(page, "Share of the oracle’s return by name");
    await page.emulateMedia({ forcedColors: "active" });
    expect((await takeOne(page, "Share of the oracle’s return by name", "SVG")).toString()).toBe(svg);
    expect(csv[0]).toEqual(["Group", "Mean", "Low", "High", "Runs"]);
    const aligned = csv.find(([name]) => name === "corner/aligned")!;
    expect(aligned[4]).toBe("3");
    expect(Number(aligned[1])).toBeGreaterThan(0.9);
    expect(svg).toContain("corner/aligned</text>");
  });

  it("is four files of each chart of a comparison, the verdicts' shares among them", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/compare?filter=world%3Acorner`);
    await expect.poll(() => offers(page)).toEqual([four, four, four]);
    const { csv, svg } = await take(page, "what audits concluded");
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    expect((await takeOne(page, "what audits concluded", "SVG")).toString()).toBe(svg);
    expect(csv).toEqual([
      ["Group", "Audits", "aligned"],
      ["1 corner/aligned", "3", "1"],
      ["2 corner/corner", "3", "1"],
    ]);
    expect(svg).toContain("✓ 100%</text>");
  });

  it("is four files of the curves of the first page", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/`);
    await expect.poll(() => offers(page)).toContain(four);
    const { csv, svg } = await take(page, "score over training");
    expect(new Set(csv.slice(1).map(([agent]) => agent))).toEqual(new Set(["A", "B", "C1", "wild"]));
    expect(
      csv.slice(1).every(([, share, score]) => Number(share) >= 0 && Number(share) <= 1 && Number.isFinite(Number(score))),
    ).toBe(true);
    expect(svg.match(/<path [^>]*fill="none"/g)!.length).toBeGreaterThanOrEqual(4);
  });
});

describeInChromium("what is taken along of an objective over training", (browser) => {
  let runs: LabOverTraining;
  beforeAll(async () => {
    runs = await serveLabOverTraining();
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);

  it("is four files, the names of its lines in the picture, beside those of returns whose lines all differ", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/runs/${runs.keyOf("whole")}`);
    await page.locator(".formation-chart svg").waitFor();
    await expect.poll(() => offers(page)).toEqual([four, four, four]);
    const { csv, svg } = await take(page, "objective over training");
    expect(csv[0]).toEqual(["Environment steps", "both", "capsules", "random", "score"]);
    expect(csv.find(([steps]) => steps === "81920")!.slice(0, 3)).toEqual(["81920", "0.112", "0.888"]);
    expect(svg).toContain(">capsules</text>");
    expect(svg).toContain(">formed in between</text>");
    expect(new Set(looks((await take(page, "Return per episode")).svg)).size).toBe(4);
  });
});

describeInChromium("what is taken along of an episode", (browser) => {
  let lab: EpisodeLab;
  beforeAll(async () => {
    lab = await serveEpisodeLab();
  }, 240_000);
  afterAll(() => lab?.served.remove(), 60_000);

  it("is four files of the posterior, whose rows are shares of one", async () => {
    const { page } = await browser.open(`${lab.served.server.address}/episode?shift=placement%3Dapart&seed=41`);
    await page.getByRole("heading", { name: "How the evidence came in" }).waitFor();
    await expect.poll(() => offers(page)).toContain(four);
    const { csv, svg } = await take(page, "posterior along the episode");
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    expect((await takeOne(page, "posterior along the episode", "SVG")).toString()).toBe(svg);
    expect(csv.length).toBeGreaterThan(3);
    for (const [, ...shares] of csv.slice(1)) expect(shares.map(Number).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    for (const name of csv[0]!.slice(1)) expect(svg).toContain(`>${name}</text>`);
  });
});
