// The page of a run on when its objective formed: audited over training, not, in part, and of a run that kept no snapshots.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, expectSound } from "./chromium.ts";
import { type LabOverTraining, serveLabOverTraining } from "./lab-over-training.ts";

describeInChromium("the objective of a run over its training", (browser) => {
  let runs: LabOverTraining;
  beforeAll(async () => {
    runs = await serveLabOverTraining();
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);
  const at = (which: Parameters<LabOverTraining["keyOf"]>[0], search = "") =>
    `${runs.served.server.address}/runs/${runs.keyOf(which)}${search}`;
  const section = (page: Page) => page.locator(".formation");

  it("is told in words, as a chart and as a table that leads to each report, beside returns by base, proxies and oracle", async () => {
    const watched = await browser.open(at("whole"));
    const { page } = watched;
    await section(page)
      .getByText(
        "The proxy “capsules” formed between 81,920 and 122,880 steps: at 81,920 it was the most probable already, with 88%; from then on it has 99% or more.",
      )
      .waitFor();
    expect(await section(page).locator(".formation-legend li").allTextContents()).toEqual(
      ["both", "capsules", "random", "score", "formed in between"].map((name) => ` ${name}`),
    );
    expect(await section(page).locator("tbody tr").count()).toBe(10);
    expect(await section(page).locator("tbody th").first().textContent()).toBe("8,192");
    await expect.poll(() => section(page).locator(".formation-chart a").count()).toBe(10);
    const report = section(page).getByRole("link", { name: "Report after 81,920 steps" });
    expect(await report.getAttribute("href")).toMatch(/^\/audits\/[0-9a-f]{64}$/);
    // Two budgets, an audit of the end each; what was audited on the way stands with the chart.
    expect(await page.locator(".run-audits li").count()).toBe(2);
    const legend = await page.locator(".series-legend").first().locator("li").allTextContents();
    expect(legend.slice(0, 4).map((text) => text.split(" ")[0])).toEqual(["base", "capsules", "score-shun-red", "oracle"]);
    await expectSound(watched, "run-over-training");
  });

  it("keeps the budget that is looked at in the address", async () => {
    const { page, complaints } = await browser.open(at("whole"));
    await section(page)
      .getByRole("button", { name: /Audits of/ })
      .click();
    await page.getByRole("option", { name: "10 levels, seed 1" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("budget")).toBe("10 levels, seed 1");
    await page.reload();
    await section(page)
      .getByText(/by audits of 10 levels, seed 1/)
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it("says that nothing was kept of it, where an earlier version trained the run", async () => {
    const { page } = await browser.open(at("old"));
    await section(page)
      .getByText(/No snapshots of its training were kept/)
      .waitFor();
  });

  it("says how far the audits are, draws those that are there, and the others as they come in", async () => {
    const watched = await browser.open(at("partly"));
    const { page } = watched;
    await section(page).getByText("6 of 10 moments are audited; the others are under way.").waitFor();
    expect(await section(page).locator("tbody tr").count()).toBe(6);
    await expectSound(watched, "run-over-training-partly");
    runs.finish();
    await section(page)
      .getByText(/^The proxy “capsules” formed between/)
      .waitFor({ timeout: 30_000 });
    expect(await section(page).locator("tbody tr").count()).toBe(10);
  });

  it("says what to run where it was not audited, and has the lab do it at the press of a button", async () => {
    const watched = await browser.open(at("none"));
    const { page } = watched;
    await section(page)
      .getByText(/^Not audited over training: run mesascope audit [0-9a-f]{8} --over-training/)
      .waitFor();
    await section(page).getByText("9 snapshots and the agent at the end, 20 levels each").waitFor();
    await expectSound(watched, "run-over-training-none");
    await section(page).getByRole("button", { name: "Audit it over training" }).click();
    await section(page)
      .getByText(/^Asked for: /)
      .waitFor();
    await section(page)
      .getByText(/^The proxy “capsules” formed between/)
      .waitFor({ timeout: 30_000 });
  });

  it("asks for each moment once of a training that kept fewer snapshots than there are places", async () => {
    const { page, complaints } = await browser.open(at("short"));
    await section(page).getByText("2 snapshots and the agent at the end, 20 levels each").waitFor();
    await section(page).getByRole("button", { name: "Audit it over training" }).click();
    await section(page)
      .getByText(/^The proxy “capsules” formed between/)
      .waitFor({ timeout: 30_000 });
    expect(await section(page).locator("tbody tr").count()).toBe(3);
    expect(complaints).toEqual([]);
  });
});
