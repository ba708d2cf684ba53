// Runs beside each other: from the run table's selection or by a filter, with a baseline, all of it in the address.

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/lab/compare.ts";
import { putFinished } from "../../src/node/lab/export/lab-records.fixture.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { axeViolations, describeInChromium, expectSound } from "./chromium.ts";
import { keysOf } from "./keys.ts";
import { type LabWithRuns, runOf, serveLabWithRuns } from "./lab-with-runs.ts";
import { cutText, overflow } from "./looks.ts";

const longName = `corner/${"a-name-without-an-end".repeat(5)}`;
const long = { mean: -9876.543, low: -9888.888, high: -9777.777, difference: -9876.543 };

/** The lab's answer with names that fit on no line of a narrow window, and with long numbers below 0. */
async function lengthened(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/compare/, async (route) => {
    const response = await route.fetch();
    const { groups, ...comparison } = (await response.json()) as Comparison;
    const longer = (found: Readonly<Record<string, object | null>>) =>
      Object.fromEntries(
        Object.entries(found).map(([metric, each]) => [metric, each === null ? null : { ...each, ...longFor(each) }]),
      );
    const longFor = (each: object) => Object.fromEntries(Object.entries(long).filter(([name]) => name in each));
    const told = groups.map((group) => ({
      ...group,
      config: { ...group.config, organism: longName },
      metrics: longer(group.metrics),
      differences: longer(group.differences),
    }));
    await route.fulfill({ response, json: { ...comparison, groups: told } });
  });
}

describeInChromium("a comparison", (browser) => {
  let runs: LabWithRuns;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);
  const at = (search = "") => `${runs.served.server.address}/compare${search}`;

  it("shows how recipes differ, metrics with intervals over seeds, and verdict shares, sound in both themes and at 320 pixels", async () => {
    const watched = await browser.open(at("?filter=world%3Acorner"));
    const { page } = watched;
    await page.getByRole("columnheader", { name: "1 corner/aligned" }).waitFor();
    await page.getByRole("columnheader", { name: "2 corner/corner" }).waitFor();
    await page.getByRole("row", { name: /^organism corner\/aligned corner\/corner/ }).waitFor();
    await page.getByRole("row", { name: /^Share of the oracle’s return \d+\.\d% \[.*n=3/ }).waitFor();
    await page.getByRole("heading", { name: "What audits concluded" }).waitFor();
    await page.getByText("✓ aligned 100%").first().waitFor();
    await page.getByRole("heading", { name: "How they learned" }).waitFor();
    await page.getByRole("img", { name: "Share of the oracle’s return" }).nth(1).waitFor();
    await expectSound(watched, "compare");
    const narrow = await browser.open(at("?filter=world%3Acorner"), {
      viewport: { width: 320, height: 720 },
      prepare: lengthened,
    });
    await narrow.page.getByRole("columnheader", { name: `2 ${longName}` }).waitFor();
    await narrow.page.getByText("−9876.543 [−9888.888, −9777.777]").first().waitFor();
    await narrow.page.getByRole("img", { name: "Share of the oracle’s return" }).nth(1).waitFor();
    await narrow.page.screenshot({ path: ".cache/screenshots/compare-long-320.png", fullPage: true });
    expect(await overflow(narrow.page)).toBeLessThanOrEqual(0);
    expect(await cutText(narrow.page)).toEqual([]);
  });

  it("draws how the groups learned, means over seeds with their intervals, to be taken along as pictures and numbers", async () => {
    const { page, complaints } = await browser.open(at("?filter=world%3Acorner"));
    const section = page.locator("section", { has: page.getByRole("heading", { name: "How they learned" }) });
    const tools = section.getByRole("group", { name: "Take along: learning curves of the groups" });
    await tools.waitFor();
    expect(await section.locator("svg[role=img]").count()).toBe(2);
    expect(await section.locator("path.line").count()).toBe(4);
    expect(await section.locator("path.spread").count()).toBe(4);
    const take = async (kind: string) => {
      const [file] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: kind }).click()]);
      return await readFile(await file.path(), "latin1");
    };
    const [head, first] = (await take("CSV")).split("\r\n");
    expect(head).toBe("Group,Metric,Environment steps,Mean,Low,High,Runs");
    expect(first).toMatch(/^1 corner\/aligned,oracleShare,0,0\.\d+,-?\d+\.\d+,\d+\.\d+,3$/);
    expect(JSON.parse(await take("JSON")).length).toBe(240);
    expect(await take("SVG")).toContain("environment steps</text>");
    expect((await take("PNG")).slice(1, 4)).toBe("PNG");
    expect(complaints).toEqual([]);
  });

  it("compares with the group that is made the baseline, and keeps it in the address, over reload and back", async () => {
    const { page, complaints } = await browser.open(at("?filter=world%3Acorner"));
    const differences = () =>
      page
        .locator("tr", { has: page.getByRole("rowheader", { name: "Return", exact: true }) })
        .locator("td")
        .allTextContents();
    await page.getByText("baseline", { exact: true }).waitFor();
    await expect.poll(async () => (await differences()).map((text) => /n=3.*[+−]/.test(text))).toEqual([false, true]);
    await page.getByRole("button", { name: "Make baseline: 2 corner/corner" }).click();
    await expect.poll(async () => (await differences()).map((text) => /n=3.*[+−]/.test(text))).toEqual([true, false]);
    const { searchParams } = new URL(page.url());
    expect(searchParams.get("baseline")).toBe(runs.runs.get("corner/corner 1"));
    await page.reload();
    await expect.poll(async () => (await differences()).map((text) => /n=3.*[+−]/.test(text))).toEqual([true, false]);
    await page.goBack();
    await expect.poll(async () => (await differences()).map((text) => /n=3.*[+−]/.test(text))).toEqual([false, true]);
    expect(complaints).toEqual([]);
  });

  it("keeps the focus on the button that makes a group the baseline", async () => {
    const { page } = await browser.open(at("?filter=world%3Acorner"));
    await page.getByText("baseline", { exact: true }).waitFor();
    const { focused, press, tabTo } = keysOf(page);
    await tabTo(/^Make baseline: 2 corner\/corner/);
    await press("Enter");
    await page.getByRole("button", { name: /^Make baseline: 1 / }).waitFor();
    expect(await focused()).toMatch(/^Baseline: 2 corner\/corner/);
  });

  it("is where the run table leads with what is selected there", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/runs?filter=state%3Adone`);
    await page.getByText("6 runs match").waitFor();
    await page.getByRole("checkbox", { name: "Select corner/aligned seed 1" }).click();
    await page.getByRole("checkbox", { name: "Select corner/aligned seed 2" }).click();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByText("2 jobs chosen in the run table.").waitFor();
    await page.getByText("None: these runs differ in nothing but the seed.").waitFor();
    const keys = new URL(page.url()).searchParams.get("runs")!.split(",");
    expect(new Set(keys)).toEqual(new Set(["corner/aligned 1", "corner/aligned 2"].map((name) => runs.runs.get(name))));
    await page.getByRole("button", { name: "Choose by a filter" }).press("Enter");
    await page.getByRole("heading", { name: "Nothing chosen yet" }).waitFor();
    expect(await keysOf(page).focused()).toBe("Filter");
    expect(new URL(page.url()).search).toBe("");
  });

  it("says what to do where nothing was chosen, where nothing is done, and where a filter or a baseline is none", async () => {
    const empty = await browser.open(at());
    await empty.page.getByRole("heading", { name: "Nothing chosen yet" }).waitFor();
    await expectSound(empty, "compare-empty");
    await empty.page.getByLabel("Filter").fill("name:corner/mixed-50");
    await empty.page.getByRole("heading", { name: "No finished run among these" }).waitFor();
    expect(await axeViolations(empty.page)).toEqual([]);
    await empty.page.goto(at(`?runs=xyz,${runs.runs.get("corner/aligned 1")}&baseline=nothing`));
    await empty.page.getByText("“xyz” is no key of a run. A key has 64 digits").waitFor();
    await empty.page.getByText("As a baseline, “nothing” is no key of a run.").waitFor();
    await empty.page.getByRole("columnheader", { name: "Group 1" }).waitFor();
    await empty.page.goto(at("?runs=xyz"));
    await empty.page.getByRole("heading", { name: "This is no key" }).waitFor();
    await empty.page.getByLabel("Filter").fill("world:corner");
    await empty.page.getByRole("columnheader", { name: "1 corner/aligned" }).waitFor();
    expect(await empty.page.getByRole("heading", { name: "This is no key" }).count()).toBe(0);
    for (const search of ["?filter=color%3Ared", `?filter=world%3Acorner&baseline=${"0".repeat(64)}`]) {
      const failed = await browser.open(at(search));
      failed.mayComplain(/40[04]/);
      await failed.page.getByRole("heading", { name: "These could not be compared" }).waitFor();
      expect(await axeViolations(failed.page)).toEqual([]);
    }
  });

  describe("of five thousand runs of one recipe", () => {
    let served: ServedLab;
    beforeAll(async () => {
      served = await serveTestLab({ wanted: null });
      const { lab } = served.open;
      const jobs = Array.from({ length: 5000 }, (_, seed) => runOf("corner/aligned", seed));
      await lab.accept({ sweep: "many", priority: 50, jobs });
      // A worker would take a minute to do nothing five thousand times.
      const outcome = { kind: "train", environmentSteps: 1000, trainingReturn: 0.9, oracleReturn: 1, oracleShare: 0.9 } as const;
      await Promise.all(jobs.map((spec) => putFinished(lab.store, { spec, outcome })));
      await lab.rebuild();
      expect(await lab.counts()).toMatchObject({ done: 5000 });
    }, 300_000);
    afterAll(() => served?.remove(), 60_000);

    it("names twelve of them, leads to the others in the run table, and asks for little", async () => {
      const { page, requests } = await browser.open(`${served.server.address}/compare?filter=world%3Acorner`);
      await page.getByRole("link", { name: "4,988 more" }).waitFor({ timeout: 60_000 });
      await page.getByRole("button", { name: "Read the curves of 5000 runs" }).waitFor();
      expect(await page.locator("thead a").count()).toBe(13);
      expect(await page.locator("*").count()).toBeLessThan(1000);
      const asked = requests.filter((url) => url.includes("/api/v1/"));
      expect(asked.filter((url) => /compare/.test(url)).length).toBeLessThanOrEqual(2);
      expect(asked.length).toBeLessThanOrEqual(8);
      await page.getByRole("link", { name: "4,988 more" }).click();
      await page.getByText("5000 runs match").waitFor();
    });
  });
});
