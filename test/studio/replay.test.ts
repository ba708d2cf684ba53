// The episodes of an audit, from its report: drawn again in the page, compared with what the report says, and watched step by step.

import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, expectSound } from "./chromium.ts";
import { type ReplayLab, serveReplayLab } from "./replay-lab.ts";

describeInChromium("the episodes of an audit", (browser) => {
  let lab: ReplayLab;
  beforeAll(async () => {
    lab = await serveReplayLab();
  }, 240_000);
  afterAll(() => lab?.served.remove(), 60_000);
  const at = (audit: keyof ReplayLab["audits"], search = "") =>
    `${lab.served.server.address}/audits/${lab.audits[audit]}${search}`;

  it("are the audit's own: every finding comes to its number again, and opens the player at an episode and step of it", async () => {
    const watched = await browser.open(at("true"));
    const { page } = watched;
    await page.getByRole("button", { name: "Open the episodes" }).click();
    const all = lab.result.document.findings.length;
    await page.getByText(`Made again here, ${all} of ${all} findings came to the same numbers, so`).waitFor({ timeout: 120_000 });
    expect(new URL(page.url()).searchParams.get("episodes")).toBe("true");
    const finding = page.locator("details.finding").first();
    await finding.locator("summary").first().click();
    const [training] = lab.result.shifts;
    await finding.getByText(`${training!.levels} episodes: training`).click();
    const returns = await finding.locator("table.episodes tbody tr td:nth-child(2)").allTextContents();
    const sum = returns.reduce((total, text) => total + Number(text.replace("−", "-")), 0);
    expect(sum / returns.length).toBeCloseTo(training!.baseReturn, 2);
    const row = finding.locator("table.episodes tbody tr", { hasText: "capsule, step" }).first();
    const [, step] = /step (\d+)$/.exec((await row.getByRole("cell", { name: /capsule, step/ }).textContent())!)!;
    await expectSound(watched, "audit-episodes");
    await row.getByRole("link").click();
    await page.getByText("none is drawn anew").waitFor({ timeout: 60_000 });
    await page
      .getByText(`Level ${await numberIn(page.url())} of the ${training!.levels} that an audit played as in training.`)
      .waitFor();
    expect(new URL(page.url()).searchParams.get("step")).toBe(step);
    await page
      .getByText(/which brings .*capsule/)
      .first()
      .waitFor();
    await page.goBack();
    await page.getByText(`Made again here, ${all} of ${all} findings`).waitFor({ timeout: 5000 });
    expect(watched.complaints).toEqual([]);
  }, 240_000);

  it("are not shown for numbers that another audit came to", async () => {
    const { page, complaints } = await browser.open(at("altered", "?episodes=true"));
    await page.getByText(/Of the others, which came to other numbers, none are shown/).waitFor({ timeout: 120_000 });
    const finding = page.locator("details.finding").first();
    await finding.locator("summary").first().click();
    await finding.getByText(/its episodes are not the audit’s, and none are shown/).waitFor();
    expect(await finding.locator("table.episodes").count()).toBe(0);
    expect(complaints).toEqual([]);
  }, 240_000);
});

async function numberIn(url: string): Promise<string> {
  return new URL(url).searchParams.get("episode") ?? "1";
}
