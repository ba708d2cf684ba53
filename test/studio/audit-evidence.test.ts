// What an audit's page leads to and hands out: from numbers to findings, the report as one file, and the audits that are recorded with the studio.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildStaticSite } from "../../src/node/site/static-site.ts";
import { agentNames } from "../../src/studio/live/story-agents.ts";
import { type AuditLab, serveAuditLab } from "./audit-lab.ts";
import { describeInChromium, expectSound } from "./chromium.ts";
import { type FileServer, serveFiles } from "./file-server.ts";

const openFindings = (page: Page) =>
  page.evaluate<readonly string[]>("[...document.querySelectorAll('details.finding[open]')].map(({ id }) => id)");

async function reportOf(page: Page, folder: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Report, HTML" }).click()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

describeInChromium("an audit's page", (browser) => {
  let lab: AuditLab;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mesascope-report-"));
    lab = await serveAuditLab();
  }, 240_000);
  afterAll(async () => {
    await lab?.served.remove();
    await rm(folder, { recursive: true });
  }, 60_000);
  const open = (search = "") => browser.open(`${lab.served.server.address}/audits/${lab.audits.whole}${search}`);

  it("leads by keyboard from the confidence to a finding behind it, which opens, and back", async () => {
    const { page } = await open();
    const link = page.locator(".card .finding-links a").first();
    await link.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => openFindings(page)).toEqual(["finding-0-0"]);
    await expect.poll(() => new URL(page.url()).searchParams.get("findings")).toBe("0");
    const top = () => page.evaluate<number>("document.querySelector('#finding-0-0 summary').getBoundingClientRect().top");
    await expect.poll(top).toBeLessThan(720);
    await page.keyboard.press("Tab");
    expect(await page.evaluate<boolean>("document.activeElement.closest('#finding-0-0') !== null")).toBe(true);
    await page.goBack();
    await expect.poll(() => openFindings(page)).toEqual([]);
  });

  it("leads from weights, posterior and returns to findings that are there", async () => {
    const { page } = await open();
    await page.locator(".follows").first().waitFor();
    const targets = await page.evaluate<readonly boolean[]>(
      "[...document.querySelectorAll('.finding-links a')].map((link) => document.querySelector(link.getAttribute('href')) !== null)",
    );
    expect(targets.length).toBeGreaterThan(5);
    expect(targets).not.toContain(false);
  });

  it("hands out the report as one file that opens from disk, asks for nothing, and opens what its links lead to", async () => {
    const { page, requests } = await open();
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    const before = requests.length;
    const path = await reportOf(page, folder);
    // What renders it was not loaded before.
    expect(requests.slice(before).some((url) => url.endsWith(".js"))).toBe(true);
    const watched = await browser.open(pathToFileURL(path).href);
    await watched.page.getByText(lab.document.verdict.explanation).first().waitFor();
    expect(watched.requests).toEqual([pathToFileURL(path).href]);
    await watched.page.getByText("The episodes that they rest on are not in this file").waitFor();
    await watched.page.locator(".card .finding-links a").first().press("Enter");
    await expect.poll(() => openFindings(watched.page)).toEqual(["finding-0-0"]);
    // Its script came through the studio's bundle.
    const button = watched.page.getByRole("button", { name: /^SVG: inferred weights/ });
    const [picture] = await Promise.all([watched.page.waitForEvent("download"), button.click()]);
    expect(picture.suggestedFilename()).toMatch(/^inferred-weights-.*\.svg$/);
    await expectSound(watched, "audit-file");
  });
});

describeInChromium("the audits that are recorded with the studio", (browser) => {
  let folder: string;
  let server: FileServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mesascope-site-"));
    await buildStaticSite({ out: join(folder, "some", "where"), base: null, leagues: { names: [], files: [] } });
    server = await serveFiles({ folder });
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true });
  });

  it("are where the first page's verdicts lead, without a lab, at addresses that can be loaded anew", async () => {
    const { page, foreign, complaints } = await browser.open(`${server.origin}/some/where/`);
    for (const name of agentNames) {
      await page
        .getByRole("article", { name: `Verdict on ${name}` })
        .getByRole("link", { name: "Audit report" })
        .click();
      await page.getByRole("heading", { level: 1, name: "Audit report" }).waitFor();
      await page.getByText(/recorded \d{4}-\d\d-\d\d/).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/some/where/audits/recorded-${name}`);
      await page.reload();
      await page.getByRole("heading", { name: "What this cannot show" }).waitFor();
      await page.locator(".run-path").getByRole("link", { name: "Home" }).click();
    }
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("are sound in every look, and give their report as a file", async () => {
    const watched = await browser.open(`${server.origin}/some/where/audits/recorded-B`);
    await watched.page.getByRole("heading", { level: 1, name: "Audit report" }).waitFor();
    await expectSound(watched, "audit-recorded");
    const path = await reportOf(watched.page, folder);
    expect(path).toMatch(/audit-recorded-B\.html$/);
  });

  it("are made again in the page, with the very numbers, and open their episodes in the player", async () => {
    const { page } = await browser.open(`${server.origin}/some/where/audits/recorded-B`);
    await page.getByRole("button", { name: "Open the episodes" }).click();
    await page
      .getByText(/Made again here, \d+ of \d+ findings came to the same numbers, so these are/)
      .waitFor({ timeout: 170_000 });
    const path = await reportOf(page, folder);
    const file = await browser.open(pathToFileURL(path).href);
    expect(await file.page.getByText("are not in this file").count()).toBe(0);
    expect(await file.page.locator(".evidence").count()).toBeGreaterThan(3);
    // On paper they stay shut, whatever stands open on the screen.
    await file.page.evaluate("for (const fold of document.querySelectorAll('.finding, .evidence')) fold.open = true");
    const table = file.page.locator(".evidence table").first();
    expect(await table.isVisible()).toBe(true);
    await file.page.emulateMedia({ media: "print" });
    expect(await table.isVisible()).toBe(false);
    await file.page.screenshot({ path: ".cache/screenshots/audit-file-print.png", fullPage: true });
  }, 180_000);
});
