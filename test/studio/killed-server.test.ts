// A server that is killed while a page hears of its events: the page says so, and where the server is started again on its port, it has missed
// nothing and heard nothing twice.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { initLab } from "../../src/node/lab/lab-folder.ts";
import { createLabClient } from "../../src/node/server/lab-client.ts";
import { cleanEnvironment, type Running, startProgram } from "../program.ts";
import { axeViolations, describeInChromium, failedRequest } from "./chromium.ts";

const long = {
  schema: "mesascope/sweep@1",
  name: "long",
  runs: [
    {
      ...{ organisms: ["A"], presets: ["quick"], verify: false, seeds: [1] },
      fields: { "optimizer.totalTimesteps": [3_000_000] },
    },
  ],
};

describeInChromium("the studio of a server that is killed", (browser) => {
  let folder: string;
  const servers: Running[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mesascope-killed-"));
    await initLab(join(folder, "lab"));
  }, 60_000);
  afterAll(async () => {
    for (const server of servers) await server.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  async function serve(port: number) {
    const server = startProgram(["serve", "--lab", "lab", "--port", String(port), "--workers", "1", "--json"], {
      ...{ folder, env: cleanEnvironment(folder) },
    });
    servers.push(server);
    const said = await server.said(/"address": "http[^"]+"/);
    const url = /"address": "([^"]+)"/.exec(said)![1]!;
    return { server, url, client: createLabClient({ url, token: null }) };
  }

  /** Numbers of the events that the page was told, in the order in which it was. */
  const heard = (page: Page) => page.evaluate<readonly number[]>("window.heard");
  const numbers = async (page: Page) =>
    await page.locator(".series-numbers").first().locator("tbody td:first-child").allTextContents();

  it("goes on where it was started again on its port, with no event missed and none told twice", async () => {
    const first = await serve(0);
    const { sweep } = { sweep: await first.client.sweeps.accept({ file: long }) };
    expect(sweep).toMatchObject({ added: 1 });
    const [run] = (await first.client.jobs.list({ filter: "kind:train" })).rows;
    const { page, mayComplain } = await browser.open(`${first.url}/runs/${run!.key}`, { prepare: keepWhatIsHeard });
    mayComplain(failedRequest);
    await expect.poll(async () => (await heard(page)).length, { timeout: 120_000 }).toBeGreaterThan(3);
    await page.locator(".series-numbers summary").first().click();
    await first.server.stop("SIGKILL");
    await page.getByText(/^stale \d+ s$/).waitFor({ timeout: 60_000 });
    await page.getByText(/^As it was \d+ s ago: the lab does not answer/).waitFor({ timeout: 60_000 });
    expect(await axeViolations(page)).toEqual([]);
    const before = await heard(page);

    const again = await serve(Number(new URL(first.url).port));
    await page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });
    await page.locator(".run-state .job-state-running").waitFor({ timeout: 120_000 });
    await expect.poll(async () => (await heard(page)).length, { timeout: 120_000 }).toBeGreaterThan(before.length + 3);
    const told = await heard(page);
    expect(told).toEqual(await eventsBetween(again.client, told[0]!, told.at(-1)!));
    const points = await numbers(page);
    expect(new Set(points).size).toBe(points.length);
    // What was measured after the last checkpoint is measured again: until then the page, which was told it before, has more of it.
    const stepsOfCurve = async () =>
      (await again.client.jobs.curve({ key: run!.key })).map(({ environmentSteps }) => environmentSteps!.toLocaleString("en-US"));
    await expect.poll(async () => (await stepsOfCurve()).length, { timeout: 120_000 }).toBeGreaterThanOrEqual(points.length);
    expect(points).toEqual((await stepsOfCurve()).slice(0, points.length));
  }, 400_000);
});

/** As the lab itself has them. */
async function eventsBetween(
  client: ReturnType<typeof createLabClient>,
  first: number,
  last: number,
): Promise<readonly number[]> {
  const numbers: number[] = [];
  const ended = new AbortController();
  for await (const { number } of await client.events({ after: first - 1 }, { signal: ended.signal })) {
    numbers.push(number);
    if (number >= last) break;
  }
  ended.abort();
  return numbers;
}

/** What comes to the page from the worker that all pages share. */
async function keepWhatIsHeard(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: number[] = [];
    const known = new WeakSet<MessagePort>();
    Object.assign(globalThis, { heard });
    const { start } = MessagePort.prototype;
    MessagePort.prototype.start = function () {
      if (!known.has(this))
        this.addEventListener("message", ({ data }) => data?.kind === "event" && heard.push(data.event.number));
      known.add(this);
      start.call(this);
    };
  });
}
