// The studio's connection to its lab: many tabs over one stream of events, what is said when answers fail, and what is noticed when the lab
// behind the address becomes another one.

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ServedLab, serveTestLab, token } from "../../src/node/server/served-lab.fixture.ts";
import { describeInChromium, failedRequest } from "./chromium.ts";
import { runOf } from "./lab-with-runs.ts";

const isLive = (page: Page) => page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });

async function add(served: ServedLab, organism: string, seeds: readonly number[]): Promise<void> {
  await served.open.lab.accept({
    sweep: `sweep-${organism}`.replaceAll("/", "-"),
    priority: 50,
    jobs: seeds.map((seed) => runOf(organism, seed)),
  });
}

function portOf({ server }: ServedLab): number {
  return Number(new URL(server.address).port);
}

describeInChromium("the studio's connection", (browser) => {
  describe("to a lab that stays", () => {
    let served: ServedLab;
    beforeAll(async () => {
      served = await serveTestLab({ wanted: null, mostStreams: 3 });
      await add(served, "corner/aligned", [1, 2]);
    }, 120_000);
    afterAll(() => served?.remove());
    const at = (path: string) => `${served.server.address}${path}`;

    it("is shared by all tabs of a browser: eight are live over one stream of events, also when the first is closed", async () => {
      const { page: first } = await browser.open(at("/runs"));
      await isLive(first);
      const others = [];
      for (let i = 0; i < 7; i++) {
        const page = await first.context().newPage();
        await page.goto(at("/runs"));
        await isLive(page);
        others.push(page);
      }
      await first.close();
      await add(served, "corner/corner", [1]);
      for (const page of others) await page.getByText("3 runs").waitFor({ timeout: 60_000 });
      for (const page of others) await isLive(page);
    });

    it("says so where rows could not be asked for anew, beside those of before, and asks again when told to", async () => {
      const { page, mayComplain } = await browser.open(at("/runs?filter=name%3Acorner%2Fmixed-50"));
      mayComplain(failedRequest);
      await add(served, "corner/mixed-50", [1]);
      await page.getByText("1 run matches").waitFor();
      await page.route("**/api/v1/jobs?*", (route) => route.abort());
      await add(served, "corner/mixed-50", [1, 2]);
      const notice = page.getByRole("alert").filter({ hasText: "The runs could not be listed" });
      await notice.getByText("The lab does not answer.").waitFor();
      await page.getByText("1 run matches").waitFor();
      await page.unroute("**/api/v1/jobs?*");
      await notice.getByRole("button", { name: "Try again" }).click();
      await page.getByText("2 runs match").waitFor();
      await notice.waitFor({ state: "detached" });
    });

    it("stays where a page's file does not come, and loads it when it is tried again and the server answers", async () => {
      const { page, mayComplain } = await browser.open(at("/"));
      mayComplain(failedRequest);
      mayComplain(/dynamically imported module|Unable to preload/);
      // An outage, in which no file comes: the page is not left for one of the browser's own.
      await page.route(/\/(assets\/.*)?$/, (route) => route.abort());
      await page.getByRole("link", { name: "Runs", exact: true }).click();
      const notice = page.getByRole("alert").filter({ hasText: "This page did not load" });
      await notice.getByText(/assets\//).waitFor();
      const again = notice.getByRole("button", { name: "Try again" });
      await again.click();
      await notice.getByText(/^The server still does not answer/).waitFor();
      expect(new URL(page.url()).pathname).toBe("/runs");
      await page.unrouteAll();
      await again.click();
      await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
      await isLive(page);
    });

    it("says which lab it is to", async () => {
      const { page } = await browser.open(at("/runs"));
      await isLive(page);
      expect(await page.locator(".live").getAttribute("title")).toContain(served.folder);
    });

    it("is there in a browser that denies storage", async () => {
      const { page } = await browser.open(at("/runs"), {
        prepare: (page) =>
          page.addInitScript(() => {
            for (const name of ["localStorage", "sessionStorage"])
              Object.defineProperty(globalThis, name, {
                get: () => {
                  throw new DOMException("denied", "SecurityError");
                },
              });
          }),
      });
      await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
      await isLive(page);
    });
  });

  describe("to a lab that does not stay", () => {
    const open: ServedLab[] = [];
    const serve = async (options: Parameters<typeof serveTestLab>[0]) => {
      const served = await serveTestLab(options);
      open.push(served);
      return served;
    };
    afterEach(async () => {
      for (const served of open.splice(0)) await served.remove();
    }, 60_000);

    it("asks for the token where the lab wants one from some time on", async () => {
      const before = await serve({ wanted: null });
      await add(before, "corner/aligned", [1]);
      const { page, mayComplain } = await browser.open(`${before.server.address}/runs`);
      mayComplain(failedRequest);
      await page
        .locator(".runs-foot")
        .getByText(/^1 run$/)
        .waitFor();
      await before.stop();
      open.pop();
      await serve({ wanted: token, port: portOf(before), folder: before.folder });
      const field = page.getByLabel("Token", { exact: true });
      await field.fill(token, { timeout: 60_000 });
      await field.press("Enter");
      await page
        .locator(".runs-foot")
        .getByText(/^1 run$/)
        .waitFor();
      await isLive(page);
    });

    it("shows the runs of the lab that answers, where it is another than before, and names it", async () => {
      const before = await serve({ wanted: null });
      await add(before, "corner/aligned", [1, 2]);
      const { page, mayComplain } = await browser.open(`${before.server.address}/runs`);
      mayComplain(failedRequest);
      await page.getByText("2 runs").waitFor();
      await before.stop();
      open.pop();
      const after = await serve({ wanted: null, port: portOf(before) });
      await add(after, "corner/corner", [1, 2, 3]);
      await page.getByText("3 runs").waitFor({ timeout: 60_000 });
      await isLive(page);
      expect(await page.locator(".live").getAttribute("title")).toContain(after.folder);
    });
  });
});
