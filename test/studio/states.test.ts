// States that a page is seldom in: jobs that wait, nothing found, answers that fail or do not come, lists that are open. What the lab here is not in
// is put into its answers.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Comparison } from "../../src/lab/compare.ts";
import { axeViolations, describeInChromium, expectAccessible, failedRequest } from "./chromium.ts";
import { type LabWithRuns, serveLabWithRuns } from "./lab-with-runs.ts";

interface State {
  readonly path: string;
  /** What of the lab's answers is another one. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** What the reader does to come to it. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Words by which it is known. */
  readonly says: string | RegExp;
}

const none = "0".repeat(64);
const failing = { status: 500, contentType: "application/json", body: "{}" } as const;

describeInChromium("a page in a state that it is seldom in", (browser) => {
  let runs: LabWithRuns;
  let audit: string;
  beforeAll(async () => {
    runs = await serveLabWithRuns();
    audit = (await runs.served.tcp.jobs.list({ filter: "kind:audit AND state:done" })).rows[0]!.key;
  }, 240_000);
  afterAll(() => runs?.remove(), 60_000);

  const key = (name: string) => runs.runs.get(name)!;
  const done = () => key("corner/aligned 1");
  /** Another answer to what is asked at addresses that end so. */
  const answers = (
    page: Page,
    end: RegExp,
    answer: Parameters<Awaited<Parameters<Parameters<Page["route"]>[1]>[0]>["fulfill"]>[0],
  ) => page.route(end, (route) => route.fulfill(answer));
  /** The run in another state, as if it had not begun. */
  const inState = (page: Page, state: string) =>
    page.route(/\/jobs\/[0-9a-f]{64}$/, async (route) => {
      const answer = await route.fetch();
      const { row, ...rest } = await answer.json();
      const waits = { outcome: null, progress: null, seconds: null, startedAt: null, finishedAt: null, error: null };
      await route.fulfill({ response: answer, json: { ...rest, record: null, row: { ...row, ...waits, state } } });
    });
  const waiting = async (page: Page, state: string) => {
    await inState(page, state);
    await answers(page, /\/curve/, { json: [] });
    await answers(page, /\/over-training/, { json: { snapshots: null, audited: [] } });
  };

  const states: Readonly<Record<string, () => State>> = {
    "runs-audits": () => ({ path: "/runs?kind=audit", says: "8 audits" }),
    "runs-no-measurements": () => ({ path: "/runs?kind=measure", says: "No measurements yet" }),
    "runs-nothing-matches": () => ({ path: "/runs?filter=state%3Aheld", says: "Nothing matches this filter" }),
    "runs-baseline": () => ({ path: `/runs?baseline=${done()}`, says: /corner\/aligned seed 1, the baseline/ }),
    "runs-no-baseline": () => ({ path: "/runs?baseline=xyz", says: "No baseline: “xyz” is no key of a run." }),
    "runs-other-kind": () => ({ path: "/runs?filter=verdict%3Aaligned", says: "No runs can match this filter" }),
    "runs-failed": () => ({
      path: "/runs",
      prepare: (page) => answers(page, /\/jobs\?/, failing),
      says: "The runs could not be listed",
    }),
    "runs-asking": () => ({
      path: "/runs",
      prepare: (page) => page.route(/\/jobs\?.*corner/, () => new Promise(() => undefined)),
      act: async (page) => {
        await page.getByText("9 runs").waitFor();
        await page.getByLabel("Filter").fill("name:corner/corner");
      },
      says: "Asking the lab …",
    }),
    "runs-selected": () => ({
      path: "/runs",
      act: (page) => page.getByRole("checkbox", { name: "Select corner/aligned seed 1" }).click(),
      says: "1 job selected",
    }),
    "runs-columns": () => ({
      path: "/runs",
      act: (page) => page.getByRole("button", { name: /^Columns/ }).click(),
      says: /^Network$/,
    }),
    "runs-group-by": () => ({
      path: "/runs",
      act: (page) => page.getByRole("button", { name: /^Group by/ }).click(),
      says: /^optimizer$/,
    }),
    "theme-list": () => ({
      path: "/runs",
      act: (page) => page.getByRole("button", { name: /Theme/ }).click(),
      says: /^Dark theme$/,
    }),
    "run-queued": () => ({
      path: `/runs/${done()}`,
      prepare: (page) => waiting(page, "queued"),
      says: /it waits for a worker/,
    }),
    "run-held": () => ({ path: `/runs/${done()}`, prepare: (page) => waiting(page, "held"), says: "No curve was kept." }),
    "run-cancelled": () => ({
      path: `/runs/${done()}`,
      prepare: (page) => waiting(page, "cancelled"),
      says: "The training did not come to its end.",
    }),
    "run-none": () => ({ path: `/runs/${none}`, says: "There is no such run" }),
    "run-no-key": () => ({ path: "/runs/xyz", says: /^“xyz” is no key of a run/ }),
    "run-of-audit": () => ({ path: `/runs/${audit}`, says: /^An audit of corner/ }),
    "run-curve-failed": () => ({
      path: `/runs/${done()}`,
      prepare: (page) => answers(page, /\/curve/, failing),
      says: "The curve could not be read",
    }),
    "run-numbers": () => ({
      path: `/runs/${done()}`,
      prepare: (page) => answers(page, /\/over-training/, { json: { snapshots: 0, audited: [] } }),
      act: (page) => page.locator(".series-numbers summary").first().click(),
      says: /No snapshots of its training were kept/,
    }),
    "compare-chosen": () => ({
      path: `/compare?runs=${done()},${key("corner/corner 1")}`,
      says: "2 jobs chosen in the run table.",
    }),
    "compare-many": () => ({ path: "/compare?filter=world%3Acorner", prepare: manyGroups, says: "The first 24 of 30 groups." }),
    "compare-no-key": () => ({ path: `/compare?runs=xyz,${done()}`, says: "This is no key" }),
    "compare-no-baseline": () => ({
      path: "/compare?filter=world%3Acorner&baseline=xyz",
      says: /^As a baseline, “xyz” is no key of a run/,
    }),
    "audit-reading": () => ({
      path: `/audits/${audit}`,
      prepare: (page) => page.route(/\/audit$/, () => new Promise(() => undefined)),
      says: "Reading the audit …",
    }),
    "audit-no-key": () => ({ path: "/audits/xyz", says: /^“xyz” is no key of an audit/ }),
    "episode-solving": () => ({ path: "/episode", prepare: solvedInPart, says: /^Solving the level .*: 40%, [1-9]/ }),
    "episode-not-solved": () => ({
      path: "/episode",
      prepare: solvedInPart,
      act: (page) => page.getByRole("button", { name: "Stop", exact: true }).click(),
      says: "Not solved.",
    }),
    "no-page": () => ({ path: "/nowhere", says: "There is no such page" }),
    "no-answer": () => ({
      path: "/runs",
      prepare: (page) => answers(page, /\/status$/, { status: 503, body: "" }),
      says: "mesascope serve",
    }),
    "no-lab": () => ({
      path: "/runs",
      prepare: (page) => answers(page, /\/status$/, { status: 404, body: "" }),
      says: "No lab behind this page",
    }),
    "page-failed": () => ({
      path: "/runs",
      prepare: (page) => page.route("**/assets/runs-page-*.js", (route) => route.abort()),
      says: "This page did not load",
    }),
    looking: () => ({
      path: "/runs",
      prepare: (page) => page.route(/\/status$/, () => new Promise(() => undefined)),
      says: "Looking for a lab …",
    }),
  };

  it.each(Object.keys(states))("is sound: %s", async (name) => {
    const { path, prepare, act, says } = states[name]!();
    const watched = await browser.open(`${runs.served.server.address}${path}`, prepare === undefined ? {} : { prepare });
    // What a state is about, where an answer failed.
    watched.mayComplain(failedRequest);
    watched.mayComplain(/dynamically imported module/);
    await act?.(watched.page);
    await watched.page.getByText(says).filter({ visible: true }).first().waitFor();
    await expectAccessible(watched, name);
  });

  it("speaks English where the browser is in another language, to the ear as well", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/runs`, { locale: "de-DE" });
    await page.getByRole("button", { name: /Theme/ }).click();
    await page.getByRole("option", { name: "Dark theme" }).waitFor();
    expect(await page.getByRole("button", { name: "Dismiss" }).count()).toBeGreaterThan(0);
  });

  it("is free of breaches while the boards of the first page play", async () => {
    const { page } = await browser.open(`${runs.served.server.address}/?shift=3&speed=1`);
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByText(/^step [1-9]\d* of/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it("paints charts anew where colors are forced while they stand", async () => {
    const { page, mayComplain } = await browser.open(`${runs.served.server.address}/runs/${done()}`);
    // The browser's advice to who reads a canvas as often as this test.
    mayComplain(/willReadFrequently/);
    /** Pixels of the first line's blue, and of the words and lines that are as dark as can be. */
    const painted = () =>
      page.evaluate<readonly [number, number]>(`(() => {
        const canvas = document.querySelector(".series-chart canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let blue = 0, dark = 0;
        for (let i = 0; i < data.length; i += 4) {
          if (data[i + 3] < 200) continue;
          if (data[i + 2] - data[i] > 80) blue++;
          if (data[i] + data[i + 1] + data[i + 2] < 60) dark++;
        }
        return [blue, dark];
      })()`);
    await expect.poll(() => page.locator(".series-chart canvas").count()).toBe(2);
    await expect.poll(async () => (await painted())[0]).toBeGreaterThan(300);
    await page.emulateMedia({ forcedColors: "active" });
    await expect.poll(async () => (await painted())[0]).toBe(0);
    expect((await painted())[1]).toBeGreaterThan(300);
    await page.locator(".series-chart").first().screenshot({ path: ".cache/screenshots/run-chart-forced-colors.png" });
  });
});

/** An episode that is not explained: its level is solved by two fifths, and stays so. */
async function solvedInPart(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message: { readonly kind?: string; readonly ask?: number }) {
      if (message.kind !== "explain") return post.call(this, message);
      this.dispatchEvent(new MessageEvent("message", { data: { kind: "progress", ask: message.ask, share: 0.4 } }));
    };
  });
}

/** Thirty groups, of the second of two. */
async function manyGroups(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/compare\?/, async (route) => {
    const answer = await route.fetch();
    const comparison: Comparison = await answer.json();
    const { fields, groups } = comparison;
    const more = Array.from({ length: 28 }, (_, i) => ({
      ...groups[1]!,
      config: { ...groups[1]!.config, [fields[0]!]: `made-up/${i}` },
      runs: [String(i).padStart(64, "0")],
      seeds: [i],
    }));
    await route.fulfill({ response: answer, json: { ...comparison, groups: [...groups, ...more] } });
  });
}
