// The run table: what it shows of a lab, what it keeps in the address, and how little of five thousand runs it holds in the page.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { axeViolations, describeInChromium, expectSound, failedRequest } from "./chromium.ts";
import { keysOf } from "./keys.ts";
import { type LabWithRuns, runOf, serveLabWithRuns } from "./lab-with-runs.ts";
import { overflow } from "./looks.ts";

const bodyRows = "table.jobs tbody tr:not(.jobs-spacer)";

/** The texts of a column of the rows in the page, by the header's words. */
async function columnTexts(page: Page, title: string): Promise<readonly string[]> {
  return await page.evaluate<string[]>(`(() => {
    const heads = [...document.querySelectorAll("table.jobs thead tr:first-child th")];
    const place = heads.findIndex((head) => head.textContent.replace(/[↑↓]/, "").trim() === ${JSON.stringify(title)});
    return [...document.querySelectorAll(${JSON.stringify(bodyRows)})].map((row) => row.children[place]?.textContent ?? "");
  })()`);
}

/** A window of 1280 pixels, beside a scroll bar of the system. */
const usualWindow = { width: 1264, height: 860 } as const;

/** How many pixels the table is wider than where it stands, and the page than its window. */
async function sideways(page: Page): Promise<readonly number[]> {
  const ofTable = 'document.querySelector(".jobs-scroll").scrollWidth - document.querySelector(".jobs-scroll").clientWidth';
  return [await page.evaluate<number>(ofTable), await overflow(page)];
}

describeInChromium("the run table", (browser) => {
  let runs: LabWithRuns;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);
  const at = (path: string) => `${runs.served.server.address}${path}`;

  it("lists runs with their states, sound in both themes and at 320 pixels", async () => {
    const watched = await browser.open(at("/runs"));
    await watched.page.getByText("9 runs").waitFor();
    expect(new Set((await columnTexts(watched.page, "State")).map((text) => text.replace(/\d+%/, "")))).toEqual(
      new Set(["done", "failed", "running"]),
    );
    await expectSound(watched, "runs");
  });

  it("keeps filter, sort, columns, groups and baseline in the address, over reload, back and forward", async () => {
    const { page, complaints } = await browser.open(at("/runs"));
    await page.getByText("9 runs").waitFor();
    await page.getByLabel("Filter").fill("name:corner/aligned NOT state:failed");
    await page.getByText("3 runs match").waitFor();
    await page.getByRole("button", { name: "Seed", exact: true }).click();
    await expect.poll(() => columnTexts(page, "Seed")).toEqual(["1", "2", "4"]);
    await page.getByRole("button", { name: /^Columns/ }).click();
    await page.locator(".check").filter({ hasText: "Network" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Baseline: corner/aligned seed 2" }).click();
    await page.locator("tr.jobs-baseline").waitFor();
    const { search } = new URL(page.url());
    expect([...new URLSearchParams(search).keys()].sort()).toEqual(["baseline", "columns", "filter", "order", "sort"].sort());
    await page.reload();
    await page.locator("tr.jobs-baseline").waitFor();
    await expect.poll(() => columnTexts(page, "Seed")).toEqual(["1", "2", "4"]);
    expect((await columnTexts(page, "Network")).length).toBe(3);
    await expect.poll(async () => (await columnTexts(page, "Return"))[0]).toMatch(/[+−]0\.\d{3}$/);
    await page.goBack();
    await page.locator("tr.jobs-baseline").waitFor({ state: "detached" });
    await page.goForward();
    await page.locator("tr.jobs-baseline").waitFor();
    expect(complaints).toEqual([]);
  });

  /** The runs of corner/corner as if each had another learning rate. */
  const varied = async (page: Page) => {
    const rated = (row: { readonly name: string; readonly seed: number }) =>
      row.name === "corner/corner" ? { ...row, variant: { "optimizer.learningRate": row.seed / 1000 } } : row;
    await page.route(/\/jobs(\?|\/[0-9a-f]{64}$)/, async (route) => {
      const response = await route.fetch();
      const { rows, row, ...others } = await response.json();
      await route.fulfill({ response, json: { ...others, ...(rows ? { rows: rows.map(rated) } : { row: rated(row) }) } });
    });
  };

  it("tells runs of one name apart by the fields in which they differ, in a column that can be hidden, and groups by these", async () => {
    const { page } = await browser.open(at("/runs?filter=name%3Acorner%2F*&sort=seed&order=ascending"), {
      prepare: varied,
      viewport: usualWindow,
    });
    await page.getByText("9 runs match").waitFor();
    await expect.poll(() => sideways(page)).toEqual([0, 0]);
    const rates = (await columnTexts(page, "Variant")).filter((text) => text !== "–");
    expect(rates).toEqual(["learningRate=0.001", "learningRate=0.002", "learningRate=0.003", "learningRate=0.004"]);
    await page.getByRole("checkbox", { name: "Select corner/corner seed 2, learningRate=0.002" }).waitFor();
    await page.getByRole("button", { name: /^Columns: 10 of 21$/ }).click();
    await page.locator(".check").filter({ hasText: "Variant" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Columns: 9 of 21$/ }).waitFor();
    expect(await page.getByRole("columnheader", { name: "Variant" }).count()).toBe(0);
    await page.getByRole("link", { name: "corner/corner" }).nth(1).click();
    await page.getByRole("heading", { level: 1, name: "corner/corner seed 2, learningRate=0.002" }).waitFor();
    expect(await page.title()).toMatch(/^corner\/corner, seed 2, learningRate=0\.002/);
    expect(await page.locator(".run-recipe strong").count()).toBe(1);
    await page.goBack();
    await page.getByText("9 runs match").waitFor();
    await page.getByRole("button", { name: /^Group by/ }).click();
    await page.locator(".check").filter({ hasText: "config.optimizer.learningRate" }).click();
    await page.keyboard.press("Escape");
    const rate = page.getByRole("cell", { name: /^0\.\d+$/ });
    const value = await rate.first().textContent();
    await rate.first().getByRole("link").click();
    await page.getByText(/runs? match/).waitFor();
    expect(new URL(page.url()).searchParams.get("filter")).toBe(`(name:corner/*) AND config.optimizer.learningRate:${value}`);
  });

  it("says what the address gives that there is not, until the reader goes on, and shows what there is", async () => {
    const { page } = await browser.open(at("/runs?group=bogus&sort=bogus&columns=bogus&kind=bogus&filtr=name"));
    await page.getByText("9 runs").waitFor();
    for (const [field, expected] of [
      ["kind", "one of train, audit, measure, all. It is left out."],
      ["sort", /one of created, .*, steps\. It is left out\./],
      ["columns", /some of state, .*, key\. It is left out\./],
      ["group", /some of kind, .*, config\.PATH\. It is left out\./],
    ] as const) {
      const told = page.getByText(`The address gives “bogus” as ${field}; expected`);
      expect(await told.textContent()).toMatch(expected);
    }
    await page.getByText("The address gives “filtr” as a parameter; expected some of filter, kind, ").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Seed", exact: true }).click();
    await page
      .getByText(/^The address gives/)
      .first()
      .waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?sort=seed&order=ascending");
  });

  it("says which jobs it lists, and of what is no baseline why", async () => {
    const { page } = await browser.open(at("/runs?baseline=xyz"));
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    await page.getByText("No baseline: “xyz” is no key of a run.").waitFor();
    await page.getByRole("button", { name: "Leave it out" }).press("Enter");
    await page.getByText("No baseline").waitFor({ state: "detached" });
    expect(await keysOf(page).focused()).toBe("Jobs");
    await page.getByText("Audits", { exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Audits" }).waitFor();
    expect(await page.title()).toMatch(/^Audits/);
    const other = await browser.open(at(`/runs?baseline=${"0".repeat(64)}`));
    other.mayComplain(/404/);
    await other.page.getByText(/No baseline: no job 000000000000/).waitFor();
  });

  it("is worked by the keyboard alone: filter, sort, select, open a run, and back", async () => {
    const { page } = await browser.open(at("/runs"));
    await page.getByText("9 runs").waitFor();
    const { focused, press, tabTo } = keysOf(page);
    await tabTo(/^Filter$/);
    await page.keyboard.type("name:corner/corner");
    await page.getByText("4 runs match").waitFor();
    await tabTo(/^Seed/);
    await press("Enter");
    await expect.poll(() => columnTexts(page, "Seed")).toEqual(["1", "2", "3", "4"]);
    await tabTo(/^Select corner\/corner seed 2/);
    await press("Space");
    await page.getByText("1 job selected").waitFor();
    await tabTo(/^Clear$/, { isBack: true });
    await press("Enter");
    await page.getByText("1 job selected").waitFor({ state: "detached" });
    expect(await focused()).toBe("Jobs");
    await tabTo(/^corner\/corner$/);
    await press("Enter");
    await page.getByRole("heading", { level: 1, name: "corner/corner seed 1" }).waitFor();
    expect(await page.evaluate<string>("document.activeElement.id")).toBe("content");
    await page.goBack();
    await expect.poll(() => columnTexts(page, "Seed")).toEqual(["1", "2", "3", "4"]);
  });

  it("keeps the focus in the table when a baseline is made by the keyboard, and let go in its own row", async () => {
    const { page } = await browser.open(at("/runs?filter=name%3Acorner%2Fcorner"), { viewport: usualWindow });
    await page.getByText("4 runs match").waitFor();
    expect(await sideways(page)).toEqual([0, 0]);
    const { focused, press, tabTo } = keysOf(page);
    await tabTo(/^Select corner\/corner seed 2/);
    await press("Space");
    await tabTo(/^Make baseline$/, { isBack: true });
    await press("Enter");
    await page.locator("tr.jobs-baseline").waitFor();
    expect(await sideways(page)).toEqual([0, 0]);
    await page.setViewportSize({ width: 1024, height: 768 });
    await expect.poll(async () => (await sideways(page))[1]).toBe(0);
    expect(await focused()).toBe("Make baseline");
    await tabTo(/^Baseline: corner\/corner seed 2/);
    await press("Enter");
    await page.locator("tr.jobs-baseline").waitFor({ state: "detached" });
    expect(await focused()).toBe("Jobs");
  });

  it("keeps the focus at hand where what was pressed by the keyboard goes away", async () => {
    const { page } = await browser.open(at("/runs?filter=verdict%3Aproxy"));
    const { focused, press, tabTo } = keysOf(page);
    await page.getByRole("link", { name: "The audits that match it" }).press("Enter");
    await page.getByRole("heading", { level: 1, name: "Audits" }).waitFor();
    await expect.poll(focused).toBe("Audits");
    await tabTo(/^Filter$/);
    await page.goto(at("/runs?group=name"));
    await page.getByRole("link", { name: "corner/corner" }).press("Enter");
    await page.getByText("4 runs match").waitFor();
    expect(await focused()).toBe("Runs");
    await tabTo(/^Select corner\/corner seed 2/);
    await press("Space");
    await page.getByRole("button", { name: "Select all 4" }).press("Enter");
    await page.getByText("4 jobs selected").waitFor();
    expect(await focused()).toBe("Clear");
  });

  it("says at the field what is wrong with a filter, and where, and asks the lab nothing with it", async () => {
    const watched = await browser.open(at("/runs"));
    const { page, requests } = watched;
    await page.getByText("9 runs").waitFor();
    const before = requests.length;
    await page.getByLabel("Filter").fill("(world:corner");
    await page.getByText(/filter, column 1: "\(" given without "\)"/).waitFor();
    expect(await page.getByLabel("Filter").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Filter").fill("color:red");
    await page.getByText(/unknown field of a filter "color"/).waitFor();
    expect(requests.slice(before).filter((url) => url.includes("filter="))).toEqual([]);
    await expectSound(watched, "runs-bad-filter");
  });

  it("says nothing of a filter that is right in the end while it is typed", async () => {
    const { page } = await browser.open(at("/runs"), { prepare: (opened) => opened.clock.install() });
    await page.getByText("9 runs").waitFor();
    await page.evaluate(`(() => {
      window.said = 0;
      new MutationObserver(() => window.said++).observe(document.querySelector(".field-error"), { childList: true, characterData: true, subtree: true });
    })()`);
    // By the page's own clock, as a busy machine may take seconds for a key.
    await page.clock.pauseAt(await page.evaluate<number>("Date.now() + 1000"));
    for (const key of "name:corner/corner AND state:done") {
      await page.getByLabel("Filter").press(key);
      await page.clock.runFor(30);
    }
    await page.clock.resume();
    await page.getByText("3 runs match").waitFor();
    expect(await page.evaluate<number>("window.said")).toBe(0);
    await page.getByLabel("Filter").fill("(state:done");
    await page.getByText(/without "\)"/).waitFor();
    expect(await page.evaluate<number>("window.said")).toBe(1);
  });

  it("says once what is wrong with a filter that came by the address", async () => {
    const { page } = await browser.open(at("/runs?filter=color%3Ared"));
    await page.getByRole("heading", { name: "This filter cannot be read" }).waitFor();
    expect(await page.getByText(/unknown field of a filter "color"/).count()).toBe(1);
    await page.getByRole("button", { name: "Clear the filter" }).press("Enter");
    await page.getByText("9 runs").waitFor();
    expect(await keysOf(page).focused()).toBe("Filter");
    // What no run has is looked for where it is.
    await page.getByLabel("Filter").fill("verdict:aligned");
    await page.getByRole("heading", { name: "No runs can match this filter" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "The audits that match it" }).click();
    await page.getByText("6 audits match").waitFor();
    expect(new Set(await columnTexts(page, "Verdict"))).toEqual(new Set(["aligned: coin (90%)"]));
    expect(new URL(page.url()).searchParams.get("filter")).toBe("verdict:aligned");
  });

  it("groups by fields with means and intervals, and leads from a group to its runs", async () => {
    const watched = await browser.open(at("/runs?group=name"));
    const { page } = watched;
    const cell = page.getByRole("cell", { name: /n=3/ });
    await cell.first().waitFor();
    const rows = await page.locator("tr:has(.interval-mark)").evaluateAll((all) =>
      all.map((row) => ({
        told: Number.parseFloat(row.querySelector("td:last-child")!.textContent),
        drawn: Number.parseFloat(row.querySelector("circle")!.getAttribute("cx")!),
      })),
    );
    expect(rows.length).toBeGreaterThan(1);
    // One scale for all rows, from 0 to 100% or somewhat further.
    const scales = rows.map(({ told, drawn }) => told / drawn);
    expect(Math.min(...scales)).toBeGreaterThan(0.97);
    expect(Math.max(...scales) / Math.min(...scales)).toBeLessThan(1.03);
    await expectSound(watched, "runs-groups");
    await page.getByText("Shares as a figure").click();
    await page.locator(".plot svg").waitFor();
    expect(new URL(page.url()).searchParams.get("figure")).toBe("intervals");
    await expectSound(watched, "runs-groups-figure");
    await page.getByRole("link", { name: "corner/corner" }).click();
    await page.getByText("4 runs match").waitFor();
    expect(new Set(await columnTexts(page, "Name"))).toEqual(new Set(["corner/corner"]));
  });

  it("shows the beginning of a key that audits are grouped by, and looks for all of it", async () => {
    const { page } = await browser.open(at("/runs?kind=audit&group=run&filter=name%3Acorner%2Faligned"));
    const key = runs.runs.get("corner/aligned 2")!;
    await page.getByRole("link", { name: key.slice(0, 12), exact: true }).click();
    await page.getByText("1 audit matches").waitFor();
    expect(new URL(page.url()).searchParams.get("filter")).toBe(`(name:corner/aligned) AND run:"${key}"`);
  });

  it("cancels and retries what is selected, after asking, and shows what comes of it without being asked", async () => {
    const watched = await browser.open(at("/runs?filter=state%3Afailed"));
    const { page } = watched;
    await page.getByText("2 runs match").waitFor();
    await page.getByRole("checkbox", { name: "Select corner/aligned seed 3" }).click();
    await page.getByRole("button", { name: "Select all 2" }).click();
    await page.getByText("2 jobs selected").waitFor();
    await page.getByRole("button", { name: "Cancel jobs" }).click();
    await page.getByRole("alertdialog").waitFor();
    await expectSound(watched, "runs-cancel");
    await page.getByRole("button", { name: "Cancel 2 jobs" }).waitFor();
    await page.getByRole("button", { name: "Keep them" }).click();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("of them changed").waitFor();
    // They fail again: taken, ended and listed as before, each more often taken.
    const attempts = async () =>
      (await runs.served.tcp.jobs.list({ filter: "state:failed AND kind:train" })).rows.map(({ attempt }) => attempt);
    await expect.poll(attempts, { timeout: 30_000 }).toEqual([2, 2]);
  });

  it("cancels what was selected once it is confirmed, and takes it up again", async () => {
    const { page } = await browser.open(at("/runs?kind=audit&filter=state%3Ablocked"));
    await page.getByText("2 audits match").waitFor();
    await page.locator("table.jobs tbody input[type=checkbox]").first().click();
    await page.getByRole("button", { name: "Select all 2" }).click();
    await page.getByText("2 jobs selected").waitFor();
    await page.getByRole("button", { name: /^Cancel/ }).click();
    await page.getByRole("alertdialog").locator(".button-danger").click();
    const states = async () =>
      (await runs.served.tcp.jobs.list({ filter: "kind:audit AND (state:cancelled OR state:blocked)" })).rows.map(
        ({ state }) => state,
      );
    await expect.poll(states).toEqual(["cancelled", "cancelled"]);
    await page.goto(at("/runs?kind=audit&filter=state%3Acancelled"));
    await page.getByText("2 audits match").waitFor();
    await page.locator("table.jobs tbody input[type=checkbox]").first().click();
    await page.getByRole("button", { name: "Select all 2" }).click();
    await page.getByText("2 jobs selected").waitFor();
    await page.getByRole("button", { name: "Retry" }).click();
    await expect.poll(states).toEqual(["blocked", "blocked"]);
  });

  it("asks about no other deed while one is decided on", async () => {
    const { page } = await browser.open(at("/runs"));
    await page.getByText("9 runs").waitFor();
    await page.getByRole("checkbox", { name: "Select corner/aligned seed 1" }).click();
    const slow = Promise.withResolvers<void>();
    await page.route(/\/decisions$/, async (route) => {
      await slow.promise;
      await route.continue();
    });
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("Asking the lab …").waitFor();
    const cancel = page.getByRole("button", { name: "Cancel jobs" });
    expect(await cancel.getAttribute("aria-disabled")).toBe("true");
    await cancel.press("Enter");
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    expect(await page.getByRole("alertdialog").count()).toBe(0);
    slow.resolve();
    await page.getByText("None of them changed").waitFor();
    await cancel.press("Enter");
    await page.getByRole("button", { name: "Keep them" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
  });

  it("cancels what is selected, and gives up to select all of a filter that is no longer asked for", async () => {
    const { page } = await browser.open(at("/runs?filter=state%3Afailed"));
    await page.getByText("2 runs match").waitFor();
    const select = page.getByRole("checkbox", { name: /seed 3/ });
    await select.first().click();
    const slow = Promise.withResolvers<void>();
    await page.route(/limit=1000/, async (route) => {
      await slow.promise;
      await route.continue().catch(() => undefined);
    });
    await page.getByRole("button", { name: "Select all 2" }).click();
    await page.getByText("Selecting …").waitFor();
    await page.getByLabel("Filter").fill("state:failed AND name:corner/corner");
    await page.getByText("1 run matches").waitFor();
    slow.resolve();
    await select.click();
    await page.getByText("1 job selected").waitFor();
    await page.getByRole("button", { name: "Cancel jobs" }).click();
    await page.getByRole("button", { name: "Cancel 1 job" }).click();
    await page.getByText(/of them changed/).waitFor();
  });

  /** As if nothing had been heard of the jobs for twelve minutes. */
  const silently = (page: Page) =>
    page.route(/\/jobs\?/, async (route) => {
      const response = await route.fetch();
      const { rows, total } = await response.json();
      await route.fulfill({ response, json: { rows: rows.map((row: object) => ({ ...row, silentFor: 725 })), total } });
    });

  it("writes progress into the row while it is looked at, without asking for the table anew", async () => {
    const { page, requests } = await browser.open(at("/runs?filter=state%3Arunning"), { prepare: silently });
    await page.getByText("1 run matches").waitFor();
    await expect.poll(() => columnTexts(page, "Took")).toEqual(["silent 12 min"]);
    const share = async () => Number(/(\d+)%/.exec((await columnTexts(page, "State"))[0]!)?.[1]);
    const before = await share();
    const asked = requests.filter((url) => url.includes("/jobs?")).length;
    await runs.advance();
    await runs.advance();
    await expect.poll(share).toBeGreaterThan(before);
    await expect.poll(() => columnTexts(page, "Took")).toEqual(["–"]);
    expect(requests.filter((url) => url.includes("/jobs?")).length).toBe(asked);
  });

  it("calls no job silent while the page itself hears nothing", async () => {
    const { page, mayComplain } = await browser.open(at("/runs?filter=state%3Arunning"), { prepare: silently });
    mayComplain(failedRequest);
    await expect.poll(() => columnTexts(page, "Took")).toEqual(["silent 12 min"]);
    await runs.served.server.close();
    await page.getByText(/^stale \d+ s$/).waitFor();
    await expect.poll(() => columnTexts(page, "Took")).toEqual(["–"]);
  });
});

describeInChromium("the run table of a lab", (browser) => {
  describe("without runs", () => {
    let served: ServedLab;
    beforeAll(async () => {
      served = await serveTestLab({ wanted: null });
    }, 120_000);
    afterAll(() => served?.remove());

    it("says which commands to run", async () => {
      const watched = await browser.open(`${served.server.address}/runs`);
      await watched.page.getByText("mesascope sweep first.yaml").waitFor();
      await expectSound(watched, "runs-empty");
      await watched.page.getByLabel("Filter").fill("state:done");
      await watched.page.getByRole("heading", { name: "Nothing matches this filter" }).waitFor();
    });
  });

  describe("with five thousand runs", () => {
    let served: ServedLab;
    beforeAll(async () => {
      served = await serveTestLab({ wanted: null });
      const jobs = Array.from({ length: 5000 }, (_, seed) => runOf("corner/aligned", seed));
      await served.open.lab.accept({ sweep: "many", priority: 50, jobs });
    }, 300_000);
    afterAll(() => served?.remove());

    it("keeps few rows in the page and asks for few pages, wherever it is scrolled to", async () => {
      const { page, requests, complaints } = await browser.open(`${served.server.address}/runs?sort=seed&order=ascending`);
      await page.getByText("5000 runs").waitFor();
      const rows = () => page.locator(bodyRows).count();
      const listed = () => requests.filter((url) => url.includes("/api/v1/jobs?")).length;
      await expect.poll(async () => (await columnTexts(page, "Seed"))[0]).toBe("0");
      expect(await rows()).toBeLessThan(80);
      expect(listed()).toBeLessThanOrEqual(2);
      const scrollTo = (share: number) =>
        page.evaluate(
          `(() => { const table = document.querySelector(".jobs-scroll"); table.scrollTop = table.scrollHeight * ${share}; })()`,
        );
      await scrollTo(1);
      await expect.poll(async () => (await columnTexts(page, "Seed")).at(-1), { timeout: 20_000 }).toBe("4999");
      expect(await rows()).toBeLessThan(80);
      // Through the whole table in steps: what is flown over is not asked for, and no page twice.
      for (let step = 0; step <= 40; step++) await scrollTo(1 - step / 40);
      await expect.poll(async () => (await columnTexts(page, "Seed"))[0], { timeout: 20_000 }).toBe("0");
      expect(await rows()).toBeLessThan(80);
      expect(listed()).toBeLessThanOrEqual(26);
      // An event while it is looked at: the row says so, and few pages are asked for.
      const { rows: first } = await served.tcp.jobs.list({ filter: "seed:0" });
      const before = listed();
      await served.tcp.decide({ action: "cancel", target: { kind: "jobs", jobs: [first[0]!.key] } });
      await expect.poll(async () => (await columnTexts(page, "State"))[0]).toBe("cancelled");
      expect(listed() - before).toBeLessThanOrEqual(4);
      expect(complaints).toEqual([]);
    });

    it("stands where it was scrolled to when its reader comes back from a run", async () => {
      const { page } = await browser.open(`${served.server.address}/runs?sort=seed&order=ascending`);
      await page.getByText("5000 runs").waitFor();
      const place = () => page.evaluate<number>('document.querySelector(".jobs-scroll").scrollTop');
      const before = 80_000;
      // It is not as high before its rows are counted.
      await expect
        .poll(async () => {
          await page.evaluate(`document.querySelector(".jobs-scroll").scrollTop = ${before}`);
          return await place();
        })
        .toBe(before);
      await page.getByRole("link", { name: "corner/aligned" }).first().waitFor();
      const pressOneInSight = () =>
        page.evaluate<boolean>(`(() => {
        const { top } = document.querySelector(".jobs-scroll").getBoundingClientRect();
        const inSight = (link) => link.getBoundingClientRect().top > top + 100;
        const link = [...document.querySelectorAll(${JSON.stringify(`${bodyRows} a`)})].find(inSight);
        link?.click();
        return link !== undefined;
      })()`);
      await expect.poll(pressOneInSight).toBe(true);
      await page.getByRole("heading", { level: 1, name: /^corner\/aligned seed/ }).waitFor();
      await page.goBack();
      await page.getByText("5000 runs").waitFor();
      await expect.poll(place).toBe(before);
    });
  });
});
