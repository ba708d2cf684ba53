// The report of an audit: what it shows, what it keeps in the address, what can be taken along, and what stands there without a report.

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AuditLab, serveAuditLab } from "./audit-lab.ts";
import { axeViolations, describeInChromium, expectSound } from "./chromium.ts";

describeInChromium("the report of an audit", (browser) => {
  let lab: AuditLab;
  beforeAll(async () => {
    lab = await serveAuditLab();
  }, 240_000);
  afterAll(() => lab?.served.remove(), 60_000);
  const at = (audit: keyof AuditLab["audits"], search = "") =>
    `${lab.served.server.address}/audits/${lab.audits[audit]}${search}`;

  async function download(page: Page, press: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
    const [file] = await Promise.all([page.waitForEvent("download"), press()]);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "latin1") };
  }

  it("shows verdict, limits, weights, posterior, findings, returns and cost, sound in both themes and at 320 pixels", async () => {
    const watched = await browser.open(at("whole"));
    const { page } = watched;
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    for (const heading of ["What this cannot show", "What it wants", "How the evidence came in", "Findings", "How this was made"])
      expect(await page.getByRole("heading", { name: heading }).count(), heading).toBe(1);
    await page.getByText(lab.document.verdict.explanation).waitFor();
    expect(await page.locator("details.finding").count()).toBe(lab.document.findings.length);
    expect(await page.locator("figure.chart svg[role=img]").count()).toBeGreaterThan(5);
    await expectSound(watched, "audit");
  });

  it("opens a finding's evidence, keeps in the address which are open, and is sound then", async () => {
    const watched = await browser.open(at("whole"));
    const { page } = watched;
    await page.locator("details.finding summary").first().click();
    await page.getByText("0.060, placebo cue, 99th percentile").waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe("?findings=0");
    await page.getByText("held-out log-likelihood per step over random").first().click();
    await expect.poll(() => new URL(page.url()).searchParams.get("findings")).toBe("0,1");
    await page.reload();
    await page.getByText("0.060, placebo cue, 99th percentile").waitFor();
    expect(await page.locator("details.finding[open]").count()).toBe(2);
    await expectSound(watched, "audit-findings");
  });

  it("tells what the agent was trained by only when it is asked, and keeps that in the address", async () => {
    const { page, complaints } = await browser.open(at("whole"));
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    expect(await page.locator("main").textContent()).not.toContain("B, seed 1");
    expect(await page.title()).toBe(`Audit ${lab.audits.whole.slice(0, 8)} · Mesascope`);
    await page.getByRole("button", { name: "Open it" }).press("Enter");
    await page.getByRole("link", { name: "B, seed 1" }).waitFor();
    await page.getByText("the verdict agrees in kind").waitFor();
    expect(new URL(page.url()).search).toBe("?opened=true");
    await page.reload();
    await page.getByRole("link", { name: "B, seed 1" }).click();
    await page.getByRole("heading", { level: 1, name: "B seed 1" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("gives the verdict as JSON, the findings as CSV, and each chart as SVG, PNG and CSV that need no style sheet", async () => {
    const { page, complaints } = await browser.open(at("whole"));
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    const verdict = await download(page, () => page.getByRole("button", { name: "Verdict, JSON" }).click());
    expect(verdict.name).toBe(`audit-${lab.audits.whole.slice(0, 12)}.json`);
    expect(JSON.parse(verdict.text).findings).toEqual(lab.document.findings);
    const findings = await download(page, () => page.getByRole("button", { name: "Findings, CSV" }).click());
    const [head, first] = findings.text.split("\r\n");
    expect(head).toMatch(/^audit,run,snapshot,environment_steps,position,instrument,name,statistic,unit,low,high,/);
    expect(first).toContain(`${lab.audits.whole},${lab.run},,,0,context-test,`);
    const weights = page.getByRole("group", { name: "Take along: inferred weights of the agent" });
    const svg = await download(page, () => weights.getByRole("button", { name: "SVG" }).click());
    expect(svg.name).toBe("inferred-weights-of-the-agent.svg");
    expect(svg.text).not.toContain("class=");
    expect(svg.text).not.toContain("var(--");
    expect(svg.text).toContain(">capsule</text>");
    const png = await download(page, () => weights.getByRole("button", { name: "PNG" }).click());
    expect(png.text.slice(1, 4)).toBe("PNG");
    expect(png.text.length).toBeGreaterThan(10_000);
    const csv = await download(page, () => weights.getByRole("button", { name: "CSV" }).click());
    expect(csv.text).toMatch(
      /^Context,Feature,Weight,Low,High\r\n(cues as in training|lamp [^,]*|every context),coin,-?\d(\.\d+)?,-?\d(\.\d+)?,-?\d(\.\d+)?\r\n/,
    );
    expect(complaints).toEqual([]);
  });

  it("takes charts along in colors that any program reads, dark on light, whatever theme is shown", async () => {
    const { page } = await browser.open(at("whole"), { colorScheme: "dark" });
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    const weights = page.getByRole("group", { name: "Take along: inferred weights of the agent" });
    const { text } = await download(page, () => weights.getByRole("button", { name: "SVG" }).click());
    expect(text.match(/light-dark\(|var\(/g)).toBeNull();
    const lightness = (tag: string) => {
      const [, red, green, blue] = new RegExp(`<${tag}[^>]* fill="rgb\\((\\d+), (\\d+), (\\d+)\\)"`).exec(text)!.map(Number);
      return (red! + green! + blue!) / 3;
    };
    expect(lightness("rect")).toBeGreaterThan(230);
    expect(lightness("text")).toBeLessThan(60);
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    expect((await download(page, () => weights.getByRole("button", { name: "SVG" }).click())).text).toBe(text);
  });

  it("keeps charts within their columns when text is twice as large", async () => {
    const { page } = await browser.open(at("whole"));
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    await page.screenshot({ path: ".cache/screenshots/audit-charts-200-percent.png", fullPage: true });
    const beyond = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll(".audit figure .panel")].filter((panel) => panel.getBoundingClientRect().right > panel.closest("figure").getBoundingClientRect().right + 1).map((panel) => panel.textContent.slice(0, 60))`,
    );
    expect(beyond).toEqual([]);
  });

  it("prints without what is pressed, and with the evidence of every finding", async () => {
    const { page } = await browser.open(at("whole"));
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button", { name: "Print" }).isVisible()).toBe(false);
    expect(await page.locator(".shell-header").isVisible()).toBe(false);
    const shut = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll(".audit details")].filter((fold) => [...fold.children].some((part) => part.tagName !== "SUMMARY" && part.getBoundingClientRect().height === 0)).map((fold) => fold.textContent.slice(0, 60))`,
    );
    expect(shut).toEqual([]);
    expect(await page.getByText("0.060, placebo cue, 99th percentile").first().isVisible()).toBe(true);
    await page.screenshot({ path: ".cache/screenshots/audit-print.png", fullPage: true });
  });

  it("says of an audit that failed, that waits, and that lost its result what is so, and leads on", async () => {
    for (const [audit, title] of [
      ["failed", "This audit came to no verdict"],
      ["waiting", "This audit is not done yet"],
      ["lost", "The report could not be drawn"],
    ] as const) {
      const watched = await browser.open(at(audit));
      await watched.page.getByRole("heading", { level: 1, name: title }).waitFor();
      if (audit === "failed") await watched.page.getByText("no level could be solved").waitFor();
      if (audit === "lost") {
        await watched.page.getByText("mesascope lab verify").waitFor();
        // The browser says of every answer that is an error that it is one.
        watched.mayComplain(/503/);
      }
      await expectSound(watched, `audit-${audit}`);
    }
  });

  it("is where the table of audits leads", async () => {
    const { page } = await browser.open(`${lab.served.server.address}/runs?kind=audit&filter=state%3Adone`);
    await page.getByRole("link", { name: "B · audit" }).click();
    await page.getByRole("heading", { name: "Audit report" }).waitFor();
    await page.getByRole("link", { name: "Audits" }).click();
    await page.getByText("4 audits").waitFor();
    expect(new URL(page.url()).search).toBe("?kind=audit");
    // Where an address of an audit is cut to what stands before its key.
    await page.goto(`${lab.served.server.address}/audits/`);
    await page.getByText("4 audits").waitFor();
    expect(page.url().endsWith("/runs?kind=audit")).toBe(true);
  });

  it("says that a run is no audit, and that there is no such audit", async () => {
    const { address } = lab.served.server;
    const run = await browser.open(`${address}/audits/${lab.run}`);
    await run.page.getByRole("heading", { name: "This is a run, not an audit" }).waitFor();
    expect(await axeViolations(run.page)).toEqual([]);
    await run.page.getByRole("link", { name: "Its page" }).click();
    await run.page.getByRole("link", { name: "Report" }).click();
    await run.page.getByRole("heading", { name: "Audit report" }).waitFor();
    const none = await browser.open(`${address}/audits/${"0".repeat(64)}`);
    none.mayComplain(/404/);
    await none.page.getByRole("heading", { name: "There is no such audit" }).waitFor();
    await none.page.goto(`${lab.served.server.address}/audits/xyz`);
    await none.page.getByText("“xyz” is no key of an audit. A key has 64 digits").waitFor();
    expect(await axeViolations(none.page)).toEqual([]);
  });
});
