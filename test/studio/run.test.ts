// The page of a run: what it shows of one that is done, failed or under way, what can be done with it, and that it loses nothing with its server.

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LabService } from "../../src/node/lab/lab-service.ts";
import { accessRules } from "../../src/node/server/access.ts";
import { serveLab } from "../../src/node/server/lab-server.ts";
import { describeInChromium, expectSound, failedRequest } from "./chromium.ts";
import { keysOf } from "./keys.ts";
import { type LabWithRuns, serveLabWithRuns } from "./lab-with-runs.ts";

describeInChromium("the page of a run", (browser) => {
  let runs: LabWithRuns;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);
  const at = (name: string, search = "") => `${runs.served.server.address}/runs/${runs.runs.get(name)}${search}`;
  const charts = (page: Page) => page.locator(".series-chart canvas");

  /** The first column of the numbers behind a chart. */
  async function steps(page: Page): Promise<readonly string[]> {
    const numbers = page.locator(".series-numbers").first();
    if ((await numbers.getAttribute("open")) === null) await numbers.locator("summary").click();
    return await numbers.locator("tbody tr td:first-child").allTextContents();
  }

  it("shows returns, audit, recipe and how it came about, sound in both themes and at 320 pixels", async () => {
    const watched = await browser.open(at("corner/aligned 1"));
    const { page } = watched;
    await page.getByText("aligned: coin").waitFor();
    await expect.poll(() => charts(page).count()).toBe(2);
    await page.getByText("learningRate", { exact: true }).waitFor();
    expect(await steps(page)).toHaveLength(60);
    await page.locator(".series-numbers summary").first().click();
    await expectSound(watched, "run-done");
  });

  it("keeps axis, smoothing and the part of it that is looked at in the address, over reload", async () => {
    const { page, complaints } = await browser.open(at("corner/aligned 1"));
    await expect.poll(() => charts(page).count()).toBe(2);
    await page.locator(".segment").filter({ hasText: "Seconds" }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("slider", { name: "Smoothing" }).press("Home");
    await page.locator(".switch").click();
    const search = () => new URL(page.url()).search;
    await expect.poll(search).toMatch(/^\?x=seconds&log=true&smooth=0&from=\d+&to=\d+$/);
    const [from, to] = ["from", "to"].map((name) => Number(new URL(page.url()).searchParams.get(name)));
    expect(from).toBeGreaterThan(10_000);
    expect(to).toBe(3 * from!);
    await page.reload();
    await expect.poll(() => charts(page).count()).toBe(2);
    expect(await page.getByRole("slider", { name: "Smoothing" }).inputValue()).toBe("0");
    expect(await page.getByRole("radio", { name: "Seconds" }).isChecked()).toBe(true);
    // Of the training the same part, whatever the axis is in.
    await page.locator(".segment").filter({ hasText: "Steps" }).click();
    await expect.poll(search).toBe(`?log=true&smooth=0&from=${from}&to=${to}`);
    expect(await page.getByText(/^The address gives/).count()).toBe(0);
    await page.getByRole("button", { name: "All" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.has("from")).toBe(false);
    expect(complaints).toEqual([]);
  });

  it("draws lines on a logarithmic axis that was asked to begin at 0, and on one that ends before it begins", async () => {
    const painted = (page: Page) =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelector(".series-chart canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        // The first line's blue, which no word of the axes has.
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && data[i + 2] - data[i] > 80) count++;
        return count;
      })()`);
    for (const search of ["?log=true&from=0&to=100000", "?from=50000&to=100", "?from=100&to=100"]) {
      const { page, complaints } = await browser.open(at("corner/aligned 1", search));
      await expect.poll(() => charts(page).count()).toBe(2);
      await expect.poll(() => painted(page), { message: search }).toBeGreaterThan(300);
      expect(complaints).toEqual([]);
    }
    const { page } = await browser.open(at("corner/aligned 1", "?from=9000000&to=9900000"));
    await page.getByText("No measurement lies in this part of the axis.").first().waitFor();
  });

  it("tells steps and values as they were measured, in the table, in a file and above the chart", async () => {
    const { page } = await browser.open(at("corner/aligned 1"));
    await expect.poll(() => charts(page).count()).toBe(2);
    const told = await steps(page);
    expect(new Set(told).size).toBe(60);
    expect(told[1]).toMatch(/^\d+,\d{3}$/);
    const legend = await page.locator(".series-legend li").first().textContent();
    const [, value, average] = /base objective ([\d.]+) \(average ([\d.]+)\)/.exec(legend!)!;
    const rows = page.locator(".series-numbers").first().locator("tbody tr");
    expect(await rows.last().locator("td").nth(1).textContent()).toBe(value);
    expect(average).not.toBe(value);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("group", { name: "Take along: Return per episode" }).getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("return-per-episode.csv");
    const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
    expect(lines[0]).toBe("environment steps,base objective,oracle");
    expect(lines).toHaveLength(61);
  });

  it("narrows the axis by dragging over a chart, and has the crosshair of both charts at the same place", async () => {
    const { page } = await browser.open(at("corner/corner 2"));
    await expect.poll(() => charts(page).count()).toBe(2);
    const box = (await page.locator(".u-over").first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    const cursor = (index: number) => page.evaluate<string>(`document.querySelectorAll(".u-cursor-x")[${index}].style.transform`);
    await expect.poll(() => cursor(0)).toMatch(/translate\(\d{2,}/);
    expect(await cursor(1)).toBe(await cursor(0));
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => Number(new URL(page.url()).searchParams.get("from"))).toBeGreaterThan(10_000);
    expect(Number(new URL(page.url()).searchParams.get("to"))).toBeLessThan(240_000);
  });

  it("says why a run failed, and offers to try again", async () => {
    const watched = await browser.open(at("corner/aligned 3"));
    await watched.page.getByText("the loss of update 12 is NaN").waitFor();
    await watched.page.getByRole("button", { name: "Retry" }).waitFor();
    await expectSound(watched, "run-failed");
  });

  it("says that there is no such run", async () => {
    const { page, mayComplain } = await browser.open(`${runs.served.server.address}/runs/${"0".repeat(64)}`);
    mayComplain(/404/);
    await page.getByRole("heading", { name: "There is no such run" }).waitFor();
    await page.goto(`${runs.served.server.address}/runs/abcdef0`);
    await page.getByText("“abcdef0” is no key of a run. A key has 64 digits").waitFor();
    expect(await page.title()).toBe("No such run · Mesascope");
    await page.getByRole("link", { name: "All runs" }).waitFor();
    await page.getByRole("link", { name: "Jobs whose keys begin so" }).click();
    await page.getByRole("heading", { name: "Nothing matches this filter" }).waitFor();
  });

  it("goes on while the run does, says when the server is gone, and misses and doubles no point when it is back", async () => {
    const watched = await browser.open(at("corner/mixed-50 9"));
    const { page, mayComplain } = watched;
    mayComplain(failedRequest);
    await expect.poll(() => charts(page).count()).toBe(2);
    await expectSound(watched, "run-running");
    await expect.poll(async () => (await steps(page)).length).toBe(12);
    // A page that is opened anew knows from the lab for how long it was not heard of.
    await page.route(/\/jobs\/[0-9a-f]{64}$/, async (route) => {
      const response = await route.fetch();
      const found = await response.json();
      await route.fulfill({ response, json: { ...found, row: { ...found.row, silentFor: 3725 } } });
    });
    await page.reload();
    await page.getByText("last heard of 1 h 2 min ago").waitFor();
    await page.unrouteAll({ behavior: "wait" });
    await runs.advance();
    await expect.poll(async () => (await steps(page)).length, { timeout: 20_000 }).toBe(13);
    expect(await page.getByText(/last heard of/).count()).toBe(0);
    const { lab } = runs.served.open;
    const port = Number(new URL(runs.served.server.address).port);
    await runs.served.server.close();
    await page.getByText(/^stale \d+ s$/).waitFor();
    for (let i = 0; i < 3; i++) await runs.advance();
    const again = await serveLab({
      ...{ service: new LabService(lab), host: "127.0.0.1", port, log: null, requestsPerMinute: 100_000 },
      access: accessRules({ host: "127.0.0.1", token: null, names: [] }),
    });
    try {
      await page.getByText("live", { exact: true }).waitFor({ timeout: 30_000 });
      await runs.advance();
      await expect.poll(async () => (await steps(page)).length, { timeout: 20_000 }).toBe(17);
      const shown = await steps(page);
      expect(new Set(shown).size).toBe(17);
      // Stopped, and resumed, by a button that keeps the focus.
      const { focused, press, tabTo } = keysOf(page);
      await tabTo(/^Stop$/);
      await press("Enter");
      await page.locator(".run-state .job-state-held").waitFor({ timeout: 30_000 });
      await expect.poll(focused).toBe("Resume");
      await press("Enter");
      await page.locator(".run-state .job-state-running").waitFor({ timeout: 30_000 });
      await expect.poll(focused).toBe("Stop");
      // Also where the button that did it goes away.
      await tabTo(/^Cancel$/);
      await press("Enter");
      await page.getByRole("alertdialog").waitFor();
      await tabTo(/^Cancel the run$/);
      await press("Enter");
      await page.locator(".run-state .job-state-cancelled").waitFor({ timeout: 30_000 });
      await expect.poll(focused).toBe("Retry");
    } finally {
      await again.close();
    }
  });
});
