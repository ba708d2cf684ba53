// The ways through the pages: back, forward and reload show what was looked at, and the keyboard alone leads to what can be pressed.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AuditLab, serveAuditLab } from "./audit-lab.ts";
import { axeViolations, describeInChromium } from "./chromium.ts";
import { keysOf } from "./keys.ts";
import { type LabWithRuns, serveLabWithRuns } from "./lab-with-runs.ts";
import { keepLeagues, leagueName } from "./league-lab.ts";
import { overflow } from "./looks.ts";

interface View {
  readonly address: string;
  /** What the reader does to see it. */
  readonly act: (page: Page) => Promise<unknown>;
  /** What the address says of it then. */
  readonly search: RegExp;
  /** By which it is seen that it is so. */
  readonly sign: (page: Page) => Promise<unknown>;
}

describeInChromium("a page", (browser) => {
  let runs: LabWithRuns;
  let audits: AuditLab;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
    await keepLeagues(runs.served.open.lab.store);
    audits = await serveAuditLab();
  }, 240_000);
  afterAll(async () => {
    await runs?.remove();
    await audits?.served.remove();
  }, 60_000);
  const at = (path: string) => `${runs.served.server.address}${path}`;
  const run = (name: string) => at(`/runs/${runs.runs.get(name)}`);
  const audit = () => `${audits.served.server.address}/audits/${audits.audits.whole}`;
  const searchOf = (page: Page) => decodeURIComponent(new URL(page.url()).search);

  const views: Readonly<Record<string, () => View>> = {
    "the first page": () => ({
      address: at("/"),
      act: (page) => page.locator(".home input[type=range]").first().press("ArrowRight"),
      search: /shift=1/,
      sign: (page) => page.locator(".home input[type=range]").first().getAttribute("aria-valuetext"),
    }),
    "the run table": () => ({
      address: at("/runs"),
      act: async (page) => {
        await page.getByLabel("Filter").fill("name:corner/corner");
        await page.getByText("4 runs match").waitFor();
      },
      search: /filter=name:corner/,
      sign: (page) => page.locator(".runs-foot p").first().textContent(),
    }),
    "a run": () => ({
      address: run("corner/aligned 1"),
      act: (page) => page.getByRole("slider", { name: "Smoothing" }).press("Home"),
      search: /smooth=0/,
      sign: (page) => page.getByRole("slider", { name: "Smoothing" }).inputValue(),
    }),
    "a comparison": () => ({
      address: at("/compare?filter=world%3Acorner"),
      act: async (page) => {
        await page.getByRole("button", { name: "Make baseline: 2 corner/corner" }).click();
        await page.getByRole("button", { name: "Make baseline: 1 corner/aligned" }).waitFor();
      },
      search: /baseline=[0-9a-f]{64}/,
      sign: (page) => page.getByRole("columnheader", { name: "2 corner/corner" }).getByText("baseline", { exact: true }).count(),
    }),
    "an audit": () => ({
      address: audit(),
      act: (page) => page.locator("details.finding summary").first().click(),
      search: /findings=0/,
      sign: (page) => page.locator("details.finding[open]").count(),
    }),
    "a league": () => ({
      address: at(`/league/${leagueName}?show=all`),
      act: async (page) => {
        await page.getByLabel("Find").fill("keys/proxy");
        await page.getByText("4 of 60 organisms").waitFor();
      },
      search: /find=keys\/proxy/,
      sign: (page) => page.getByText(/of 60 organisms/).textContent(),
    }),
    "an episode": () => ({
      address: at("/episode?agent=scripted%3Arandom&world=corner"),
      act: async (page) => {
        await page.getByRole("img", { name: /, step \d+ of \d+:/ }).waitFor();
        await page.getByRole("button", { name: "Step", exact: true }).click();
      },
      search: /step=1/,
      sign: (page) => page.getByRole("img", { name: /, step \d+ of \d+:/ }).getAttribute("aria-label"),
    }),
    "the level editor": () => ({
      address: at("/editor?agents=none"),
      act: async (page) => {
        await page.getByRole("grid").waitFor();
        await page.getByRole("button", { name: "Draw another" }).click();
      },
      search: /seed=2/,
      sign: (page) =>
        page.getByRole("gridcell").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-label")).join()),
    }),
  };

  it.each(Object.keys(views))("shows the same again by back, forward and reload: %s", async (name) => {
    const { address, act, search, sign } = views[name]!();
    const { page } = await browser.open(address);
    await act(page);
    await expect.poll(() => searchOf(page)).toMatch(search);
    const { href, pathname } = new URL(page.url());
    const seen = await sign(page);
    const isBack = async () => {
      await expect.poll(() => page.url()).toBe(href);
      await expect.poll(() => sign(page)).toEqual(seen);
    };
    const elsewhere = pathname === "/compare" ? "Runs" : "Compare";
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: elsewhere }).click();
    await page.getByRole("heading", { level: 1, name: elsewhere }).waitFor();
    await page.goBack();
    await isBack();
    await page.goForward();
    await page.getByRole("heading", { level: 1, name: elsewhere }).waitFor();
    await page.goBack();
    await isBack();
    await page.reload();
    await isBack();
    // What pages write themselves is nothing that they refuse.
    expect(await page.getByText(/^The address gives/).count()).toBe(0);
  });

  it.each([
    [
      "/?step=-4&bord=2",
      "?utm_source=mail",
      [
        "“-4” as step; expected a whole number from 0 to 99. 0 is used.",
        "“bord” as a parameter; expected some of shift, board, step, speed, seed. It is left out.",
      ],
    ],
    [
      "/episode?agent=scripted%3Arandom&world=corner&episode=many&field=1",
      "?agent=scripted%3Arandom&world=corner",
      [
        "“many” as episode; expected a whole number from 1 to 9999. 1 is used.",
        "“1” as field; expected one of true, false. It is left out.",
      ],
    ],
  ])("says what its address gives that it cannot use, and what it shows instead: %s", async (path, usable, told) => {
    const { page } = await browser.open(at(path));
    const notices = page.getByText(/^The address gives/);
    await notices.first().waitFor();
    expect(await notices.allTextContents()).toEqual(told.map((words) => `The address gives ${words}`));
    expect(await axeViolations(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 720 });
    // Drawings may take their new width a frame later.
    await expect.poll(() => overflow(page)).toBe(0);
    const other = await browser.open(at(`${new URL(at(path)).pathname}${usable}`));
    await other.page.getByRole("heading", { level: 1 }).waitFor();
    expect(await other.page.getByText(/^The address gives/).count()).toBe(0);
  });

  it("of a run is worked by the keyboard alone: axis, smoothing, zoom, numbers, and stopping it", async () => {
    const { page } = await browser.open(run("corner/aligned 1"));
    const { press, tabTo } = keysOf(page);
    await page.getByRole("slider", { name: "Smoothing" }).waitFor();
    await tabTo(/^Steps$/);
    await press("ArrowRight");
    await expect.poll(() => searchOf(page)).toContain("x=seconds");
    await tabTo(/^Smoothing$/);
    await press("Home");
    await expect.poll(() => searchOf(page)).toContain("smooth=0");
    await tabTo(/^Zoom in$/);
    await press("Enter");
    await expect.poll(() => searchOf(page)).toContain("from=");
    await tabTo(/^All$/);
    await press("Enter");
    await expect.poll(() => searchOf(page)).not.toContain("from=");
    await tabTo(/^(The )?[Nn]umbers/);
    await press("Enter");
    await page.locator(".series-numbers[open]").waitFor();

    const under = await browser.open(run("corner/mixed-50 9"));
    const keys = keysOf(under.page);
    await under.page.getByRole("button", { name: "Stop" }).waitFor();
    await keys.tabTo(/^Stop$/);
    await keys.press("Enter");
    await under.page.getByRole("button", { name: "Resume" }).waitFor({ timeout: 30_000 });
    await keys.tabTo(/^Resume$/);
    await keys.press("Enter");
    await under.page.getByRole("button", { name: "Stop" }).waitFor({ timeout: 30_000 });
  });

  it("of a comparison is worked by the keyboard alone: the filter, the baseline, and a run of a group", async () => {
    const { page } = await browser.open(at("/compare"));
    const { press, tabTo } = keysOf(page);
    await page.getByLabel("Filter").waitFor();
    await tabTo(/^Filter$/);
    await page.keyboard.type("world:corner");
    await page.getByRole("button", { name: "Make baseline: 2 corner/corner" }).waitFor();
    await tabTo(/^Make baseline: 2/);
    await press("Enter");
    await page.getByRole("button", { name: "Make baseline: 1 corner/aligned" }).waitFor();
    await tabTo(/^4$/);
    await press("Enter");
    await page.getByRole("heading", { level: 1, name: /seed 4$/ }).waitFor();
  });

  it("of an audit is worked by the keyboard alone: findings, their evidence, what can be taken along, and what it was", async () => {
    const { page } = await browser.open(audit());
    const { press, tabTo } = keysOf(page);
    await page.getByRole("heading", { name: "Verdict" }).waitFor();
    await tabTo(/^Verdict, JSON$/);
    const [file] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
    expect(file.suggestedFilename()).toMatch(/^audit-[0-9a-f]{12}\.json$/);
    const first = await page.locator("details.finding summary").first().textContent();
    await tabTo({ test: (at) => at === first!.replace(/\s+/g, " ").trim() });
    await press("Enter");
    await expect.poll(() => searchOf(page)).toBe("?findings=0");
    await tabTo(/^Open it$/);
    await press("Enter");
    await page.getByText("the verdict agrees in kind").waitFor();
  });

  it("of a league is worked by the keyboard alone: the budget, the auditor, the answers and what is looked for", async () => {
    const { page } = await browser.open(at(`/league/${leagueName}`));
    const { press, tabTo } = keysOf(page);
    await page.locator(".league-answers tbody tr").first().waitFor();
    await tabTo(/^40$/);
    await press("ArrowLeft");
    await expect.poll(() => searchOf(page)).toContain("levels=5");
    await tabTo(/^Auditor$/);
    await press("Enter");
    await page.getByRole("option", { name: "return-gap" }).waitFor();
    await press("ArrowDown");
    await press("Enter");
    await expect.poll(() => searchOf(page)).toContain("auditor=return-gap");
    await tabTo(/^Answers of return-gap$/);
    await press("Enter");
    await page.getByRole("option", { name: "All", exact: true }).waitFor();
    await page.keyboard.type("All");
    await press("Enter");
    await page.getByText("60 of 60 organisms").waitFor();
    await tabTo(/^Find$/);
    await page.keyboard.type("keys/proxy");
    await page.getByText("4 of 60 organisms").waitFor();
  });
});
