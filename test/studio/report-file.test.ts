// The report that is one file, as it opens from disk: in both themes, on a narrow screen and on paper, and without a question to anybody.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { csvRows } from "../../src/report/charts/csv-text.ts";
import { renderReport } from "../../src/report/render-report.tsx";
import { makeReport } from "../../src/report/report.fixture.ts";
import { describeInChromium, expectSound } from "./chromium.ts";
import { leagueFiles } from "./league-lab.ts";

async function takeFrom(page: Page, { name, role }: { readonly name: string; readonly role: "link" | "button" }) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole(role, { name, exact: true }).click()]);
  const bytes = await readFile(await file.path());
  return { name: file.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/** The chart's PNG has twice as many pixels as its SVG has units, and they are not all of one color. */
async function expectPng(page: Page, { name, like }: { readonly name: string; readonly like: string }) {
  const { bytes } = await takeFrom(page, { name: `PNG: ${name}`, role: "button" });
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(like)!.map(Number);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2 * width!, 2 * height!]);
  expect(bytes.length).toBeGreaterThan(10_000);
}

/** Links to findings that what ends their part of a sentence does not stand close to. */
function gapsAfterLinks(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const place = (text, from, to) => {
      const range = document.createRange();
      range.setStart(text, from);
      range.setEnd(text, to);
      return range.getBoundingClientRect();
    };
    return [...document.querySelectorAll(".finding-links a")].flatMap((link) => {
      const own = link.lastChild;
      const walk = document.createTreeWalker(link.closest("p, dd, li, td"), NodeFilter.SHOW_TEXT);
      walk.currentNode = own;
      const next = walk.nextNode();
      if (next === null || !/^[.,;)]/.test(next.data)) return [];
      const gap = place(next, 0, 1).left - place(own, 0, own.length).right;
      return Math.abs(gap) < 1 ? [] : [link.closest("p, dd, li, td").textContent + ": " + gap + " pixels"];
    });
  })()`);
}

describeInChromium("the report that is one file", (browser) => {
  let folder: string;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mesascope-report-"));
    const path = join(folder, "report.html");
    const report = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 4 });
    await writeFile(path, renderReport({ ...report, agents: report.agents.slice(1, 3) }));
    address = pathToFileURL(path).href;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("opens from disk, sound in every look, and asks for nothing but itself", async () => {
    const watched = await browser.open(address);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    await expectSound(watched, "report-file");
    expect(watched.requests).toEqual([address]);
    expect(await gapsAfterLinks(watched.page)).toEqual([]);
    // The links hold the files, whether scripts may run or not.
    const { page } = watched;
    const take = (name: string, role: "link" | "button" = "link") => takeFrom(page, { name, role });
    const csv = await take("CSV: inferred weights of B");
    expect(csv.name).toBe("inferred-weights-of-b.csv");
    const [head, ...rows] = csvRows(csv.text);
    expect(head).toEqual(["Context", "Feature", "Weight", "Low", "High"]);
    const json = await take("JSON: inferred weights of B");
    expect(JSON.parse(json.text).map((record: object) => Object.values(record).map(String))).toEqual(rows);
    expect(rows.length).toBeGreaterThan(0);
    // The picture is for paper: the same in the dark, and among forced colors.
    const svg = await take("SVG: inferred weights of B", "button");
    expect(svg.name).toBe("inferred-weights-of-b.svg");
    expect(svg.text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg.text).not.toMatch(/var\(|class=|currentcolor/i);
    expect(svg.text).toContain(">capsule</text>");
    await page.emulateMedia({ colorScheme: "dark" });
    expect((await take("SVG: inferred weights of B", "button")).text).toBe(svg.text);
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    expect((await take("SVG: inferred weights of B", "button")).text).toBe(svg.text);
    await expectPng(page, { name: "inferred weights of B", like: svg.text });
  });

  it("prints what it holds: nothing shut, nothing wider than the paper, on several pages", async () => {
    const { page } = await browser.open(address);
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    // Tables of figures that are on the paper themselves are left out of it.
    const shut = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll("main details")].filter((fold) => fold.checkVisibility() && [...fold.children].some((part) => part.tagName !== "SUMMARY" && part.getBoundingClientRect().height === 0)).map((fold) => fold.textContent.slice(0, 60))`,
    );
    expect(shut).toEqual([]);
    await page.screenshot({ path: ".cache/screenshots/report-file-print.png", fullPage: true });
    const paper = (await page.pdf({ format: "A4" })).toString("latin1");
    expect(paper.match(/\/Type \/Page\b/g)!.length).toBeGreaterThan(1);
  });
});

describeInChromium("the league that is one file", (browser) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mesascope-league-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("gives its charts as pictures, too, and asks for nothing but itself", async () => {
    const path = join(folder, "league.html");
    await writeFile(path, leagueFiles()["league.html"]!);
    const address = pathToFileURL(path).href;
    const { page, requests } = await browser.open(address);
    const pictures = await page.evaluate<readonly number[]>(
      `["figure", "figure .files button[aria-label^='SVG: ']", "figure .files button[aria-label^='PNG: ']", ".files button"].map((kind) => document.querySelectorAll(kind).length)`,
    );
    const figures = pictures[0]!;
    expect(figures).toBeGreaterThan(3);
    expect(pictures).toEqual([figures, figures, figures, 2 * figures]);
    const svg = await takeFrom(page, { name: "SVG: shares by auditor", role: "button" });
    expect(svg.name).toBe("shares-by-auditor.svg");
    expect(svg.text).toContain(">Detected</text>");
    expect(svg.text).not.toMatch(/var\(|class=|currentcolor/i);
    await expectPng(page, { name: "shares by auditor", like: svg.text });
    expect(requests.filter((asked) => !asked.startsWith("blob:"))).toEqual([address]);
  });
});
