// The first page: the recorded story by keyboard and by clicks, the address that keeps its state, and agents that are trained in the page.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { shifts } from "../../src/studio/live/story.ts";
import { axeViolations, describeInChromium, expectSound, type WatchedPage } from "./chromium.ts";

const minutes = 60_000;

describeInChromium("the studio's first page", (browser) => {
  let served: ServedLab;
  beforeAll(async () => {
    served = await serveTestLab({ wanted: null });
  }, 2 * minutes);
  afterAll(() => served?.remove());

  const open = async (search = "", options: Parameters<typeof browser.open>[1] = {}): Promise<WatchedPage> => {
    const watched = await browser.open(`${served.server.address}/${search}`, options);
    await boardOf(watched.page, "wild").waitFor();
    return watched;
  };

  it(
    "shows the recorded run at once, labelled as such, without the engine, sound in every state",
    async () => {
      const watched = await open();
      await expectSound(watched, "home");
      expect(await watched.page.getByText(/^recorded \(\d{4}-\d\d-\d\d, [0-9a-f]{7}\)/).count()).toBe(12);
      expect(watched.requests.filter((url) => /\.(wasm|onnx)$|worker/.test(url))).toEqual([]);
      await expectSound(await open(`?shift=${shifts.length - 1}&step=30`), "home-deployment");
    },
    2 * minutes,
  );

  it("moves the world by the arrow keys, keeps where it stands in the address, and brings it back after a reload", async () => {
    const { page } = await open();
    const before = await boardOf(page, "C1").getAttribute("aria-label");
    await page.getByRole("slider", { name: "Moved away from training" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/shift=1/);
    await page.getByRole("button", { name: "Pause" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Start" }).waitFor();
    await page.getByRole("button", { name: "Step", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/step=\d+/);
    const after = await boardOf(page, "C1").getAttribute("aria-label");
    expect(after).not.toBe(before);
    await page.reload();
    await boardOf(page, "C1").waitFor();
    expect(await boardOf(page, "C1").getAttribute("aria-label")).toBe(after);
  });

  it("shows agents that take the same in training take different things at the end of the way, by single clicks", async () => {
    const { page } = await open();
    const taken = () => page.locator(".home-tally").allTextContents();
    expect(means(await taken(), 0).every((mean) => mean > 1.9)).toBe(true);
    await page.getByRole("button", { name: shifts.at(-1)!.says }).click();
    await page.waitForURL(new RegExp(`shift=${shifts.length - 1}`));
    await expect.poll(async () => means(await taken(), 0)[1]).toBeLessThan(1);
    const coins = means(await taken(), 0);
    expect(coins[0]).toBeGreaterThan(1.9);
  });

  it("plays by itself until the last step, and offers no playing where less motion is asked for", async () => {
    const { page } = await open("?shift=3&speed=10");
    await page.getByRole("button", { name: "Play" }).click();
    await page.waitForURL(/step=\d+/, { timeout: minutes });
    await page.getByRole("button", { name: "Play" }).waitFor();
    const still = await open("?shift=3", { reducedMotion: "reduce" });
    expect(await still.page.getByRole("button", { name: "Play" }).count()).toBe(0);
    expect(await still.page.getByRole("button", { name: "Step", exact: true }).isEnabled()).toBe(true);
  });

  it(
    "plays a board that was not recorded with the recorded policies, in a worker",
    async () => {
      const { page, requests, complaints, foreign } = await open("?shift=1&board=9");
      expect(requests.filter((url) => url.endsWith(".onnx"))).toHaveLength(4);
      expect([complaints, foreign]).toEqual([[], []]);
      expect(await boardOf(page, "A").getAttribute("aria-label")).toMatch(/^Agent A, step 0 of \d+: .*player/);
    },
    2 * minutes,
  );

  it("says what is missing where the recording cannot be read, and shows it once it can", async () => {
    const { page } = await browser.open(`${served.server.address}/nowhere`);
    await page.route(/recording-.*\.json$/, (route) => route.abort());
    await page.getByRole("link", { name: "Home" }).last().click();
    await page.getByRole("heading", { name: "The recorded run could not be read" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.unroute(/recording-.*\.json$/);
    await page.getByRole("button", { name: "Try again" }).click();
    await boardOf(page, "wild").waitFor();
  });

  it("says of each agent that it could not be trained where the worker cannot be loaded, and keeps its recording", async () => {
    const { page } = await open();
    await page.context().route(/train-worker-.*\.js$/, (route) => route.abort());
    await page.getByRole("button", { name: "Train them here" }).click();
    await expect.poll(() => page.getByText(/^failed: the training worker was lost/).count()).toBe(4);
    expect(await page.getByText(/^recorded \(/).count()).toBe(12);
    expect(await axeViolations(page)).toEqual([]);
  });

  it(
    "trains agents in the page at the press of a key, pauses and continues, and puts each in place of its recording with its own verdict",
    async () => {
      const watched = await open("?shift=4&seed=7");
      const { page } = watched;
      await page.getByRole("button", { name: "Train them here" }).focus();
      await page.keyboard.press("Enter");
      await page
        .getByText(/training, .* left/)
        .first()
        .waitFor({ timeout: minutes });
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("paused", { exact: true }).first().waitFor({ timeout: minutes });
      await expectSound(watched, "home-paused");
      await page.getByRole("button", { name: "Continue" }).click();
      const verdict = page.getByRole("article", { name: "Verdict on wild" });
      await verdict.getByText("live, seed 7").waitFor({ timeout: 4 * minutes });
      await page.getByRole("article", { name: "Agent wild" }).getByText("live, seed 7").waitFor({ timeout: minutes });
      await expectSound(watched, "home-live");
      expect(
        await page
          .getByRole("article", { name: "Verdict on B" })
          .getByText(/^recorded/)
          .count(),
      ).toBe(1);
      await page.getByRole("button", { name: "Back to the recording" }).click();
      await verdict.getByText(/^recorded/).waitFor();
    },
    8 * minutes,
  );
});

function boardOf(page: Page, agent: string) {
  return page.getByRole("article", { name: `Agent ${agent}` }).getByRole("img");
}

/** Means of one row of each tally: `coins2 here; mean 1.97 of 2 …`. */
function means(texts: readonly string[], row: number): readonly number[] {
  return texts.map((text) => Number([...text.matchAll(/mean ([\d.]+) of/g)][row]![1]));
}
