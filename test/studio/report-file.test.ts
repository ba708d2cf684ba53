// The report that is one file, as it opens from disk: in both themes, on a narrow screen and on paper, and without a question to anybody.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { renderReport } from "../../src/report/render-report.tsx";
import { makeReport } from "../../src/report/report.fixture.ts";
import { describeInChromium, expectSound } from "./chromium.ts";

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
