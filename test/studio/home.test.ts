// The first page: the recorded story by keyboard and by clicks, the address that keeps its state, and agents that are trained in the page.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { shifts } from "../../src/studio/live/story.ts";
import { axeViolations, describeInChromium, expectSound, failedRequest, type WatchedPage } from "./chromium.ts";
import { keysOf } from "./keys.ts";

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
      expect(await watched.page.getByText(/^Recorded on \d{4}-\d\d-\d\d with code [0-9a-f]{7}, seed \d+/).count()).toBe(1);
      expect(watched.requests.filter((url) => /\.(wasm|onnx)$|(train|agents?)-worker/.test(url))).toEqual([]);
      await expectSound(await open(`?shift=${shifts.length - 1}&step=30`), "home-deployment");
    },
    2 * minutes,
  );

  it(
    "is told by the tabulator and keys alone: the way, the boards, the speed, what an audit says and cannot show, the seed and the training",
    async () => {
      const { page, complaints } = await open();
      const { press, tabTo } = keysOf(page);
      const shown = () => boardOf(page, "C1").getAttribute("aria-label");
      const before = await shown();
      await tabTo(/^Seed$/);
      await press("Control+a");
      await page.keyboard.type("11");
      await page.waitForURL(/seed=11/);
      await tabTo(/^Train them here$/);
      await tabTo(/^Moved away from training$/);
      await press("ArrowRight");
      await page.waitForURL(/shift=1/);
      expect(await page.locator("input[type=range]").first().getAttribute("aria-valuetext")).toBe(`+ ${shifts[1]!.says}`);
      await tabTo(new RegExp(`^○ \\+ ${shifts.at(-1)!.says}$`));
      await press("Enter");
      await page.waitForURL(new RegExp(`shift=${shifts.length - 1}`));
      await hasPlayed(page);
      await tabTo(/^Pause playing$/);
      await press("Enter");
      await page.waitForURL(/step=\d+/);
      await tabTo(/^Step$/);
      const paused = await shown();
      await press("Enter");
      await expect.poll(shown).not.toBe(paused);
      expect(await shown()).not.toBe(before);
      await tabTo(/^5\/s$/);
      await press("ArrowRight");
      await page.waitForURL(/speed=10/);
      await tabTo(/^Another board$/);
      await press("Enter");
      await page.getByText("board 2", { exact: true }).waitFor();
      await tabTo(/^What these audits cannot show$/);
      await tabTo(/^Weights it acts by$/, { isBack: true });
      await press("Enter");
      await tabTo(/^What it was made to want$/);
      await press("Enter");
      expect(await page.locator(".home-verdict details[open]").count()).toBe(2);
      await tabTo(/^What these audits cannot show$/);
      await press("Space");
      await page.locator(".home-part > details[open] li").first().waitFor();
      expect(complaints).toEqual([]);
    },
    2 * minutes,
  );

  it("keeps the focus on a button that has nothing more to do", async () => {
    const { page } = await open("?shift=2&step=1");
    const { press, tabTo, focused } = keysOf(page);
    await tabTo(/^Back$/);
    await press("Enter");
    await expect.poll(() => boardOf(page, "A").getAttribute("aria-label")).toMatch(/step 0 of/);
    expect(await focused()).toBe("Back");
    expect(await page.getByRole("button", { name: "Back" }).getAttribute("aria-disabled")).toBe("true");
    await press("Enter");
    expect(await boardOf(page, "A").getAttribute("aria-label")).toMatch(/step 0 of/);
  });

  it("tells the whole story by single clicks", async () => {
    const { page, complaints } = await open();
    await page.getByRole("button", { name: shifts.at(-1)!.says }).click();
    await page.waitForURL(new RegExp(`shift=${shifts.length - 1}`));
    await hasPlayed(page);
    await page.getByRole("button", { name: "Pause playing" }).click();
    await page.getByRole("button", { name: "First step" }).click();
    await page.getByText(/^step 0 of/).waitFor();
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByText(/^step 1 of/).waitFor();
    await page.locator(".segment").filter({ hasText: "10/s" }).click();
    await page.getByRole("button", { name: "Another board" }).click();
    await page.getByRole("button", { name: "Board before" }).click();
    await page.getByText("board 1", { exact: true }).waitFor();
    const verdict = page.getByRole("article", { name: "Verdict on B" });
    for (const fold of ["Weights it acts by", "What it was made to want"]) await verdict.getByText(fold).click();
    await verdict.getByText("Rewarded for coins while the lamp looks like training").waitFor();
    await page.getByText("What these audits cannot show").click();
    await page.locator(".home-part > details[open] li").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("brings back where the world stands after a reload", async () => {
    const { page } = await open("?shift=1&step=3");
    const before = await boardOf(page, "C1").getAttribute("aria-label");
    await page.reload();
    await boardOf(page, "C1").waitFor();
    expect(await boardOf(page, "C1").getAttribute("aria-label")).toBe(before);
    expect(before).toMatch(/step 3 of/);
  });

  it(
    "shows no board and no mean of one place under the name of another while it is played, and plays again what could not be",
    async () => {
      const { page, mayComplain } = await open("?board=8");
      mayComplain(failedRequest);
      const { promise: mayLoad, resolve: load } = Promise.withResolvers<void>();
      let refuse = true;
      await page.context().route(/\.onnx$/, async (route) => {
        if (refuse) return await route.abort();
        await mayLoad;
        await route.continue();
      });
      await page.getByRole("button", { name: "Another board" }).click();
      await page.getByText("board 9", { exact: true }).waitFor();
      await page.getByRole("heading", { name: "The agents could not be played" }).waitFor();
      expect(await page.locator(".home-board .board-view").count()).toBe(0);
      expect(await page.locator(".home-tally").allTextContents()).not.toContainEqual(expect.stringContaining("mean"));
      expect(await axeViolations(page)).toEqual([]);
      refuse = false;
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("Playing …").first().waitFor();
      expect(await page.locator('.home-board[aria-busy="true"]').count()).toBe(4);
      expect(await page.getByText("step …").count()).toBe(1);
      // The recording has the boards of another place at once.
      await page.getByRole("button", { name: "Board before" }).click();
      await boardOf(page, "wild").waitFor();
      await page.getByRole("button", { name: "Another board" }).click();
      await expect.poll(() => page.locator(".home-board .board-view").count()).toBe(0);
      load();
      await boardOf(page, "wild").waitFor({ timeout: minutes });
      expect(await page.locator('.home-board[aria-busy="true"]').count()).toBe(0);
    },
    3 * minutes,
  );

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
    const { page, mayComplain } = await browser.open(`${served.server.address}/nowhere`);
    mayComplain(failedRequest);
    await page.route(/recording-.*\.json$/, (route) => route.abort());
    await page.getByRole("link", { name: "Home" }).last().click();
    await page.getByRole("heading", { name: "The recorded run could not be read" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.unroute(/recording-.*\.json$/);
    await page.getByRole("button", { name: "Try again" }).click();
    await boardOf(page, "wild").waitFor();
  });

  it("says of each agent that it could not be trained where the worker cannot be loaded, and keeps its recording", async () => {
    const { page, mayComplain } = await open();
    mayComplain(failedRequest);
    await page.context().route(/train-worker-.*\.js$/, (route) => route.abort());
    await page.getByRole("button", { name: "Train them here" }).click();
    await expect.poll(() => page.getByText(/^failed: the training worker was lost/).count()).toBe(4);
    expect(await page.getByText("recorded", { exact: true }).count()).toBe(12);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Back to the recording" }).press("Enter");
    await page.getByRole("button", { name: "Back to the recording" }).waitFor({ state: "detached" });
    expect(await keysOf(page).focused()).toBe("Train them here");
  });

  it("keeps the focus beside the button that pauses a training when that ends by itself, where no key throws it away", async () => {
    const { page, mayComplain } = await open();
    mayComplain(failedRequest);
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    await page.context().route(/train-worker-.*\.js$/, async (route) => {
      await mayEnd;
      await route.abort();
    });
    const { press, tabTo, focused } = keysOf(page);
    await tabTo(/^Train them here$/);
    await press("Enter");
    await page.getByRole("button", { name: "Pause training" }).waitFor();
    await tabTo(/^Pause training$/);
    end();
    await page.getByRole("button", { name: "Pause training" }).waitFor({ state: "detached" });
    expect(await focused()).toBe("0 of 4 trained and audited here.");
    expect(await axeViolations(page)).toEqual([]);
    await press("Enter");
    expect(await page.getByText(/^failed: the training worker was lost/).count()).toBe(4);
    await press("Shift+Tab");
    expect(await focused()).toBe("Back to the recording");
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
      expect(await axeViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Pause training" }).click();
      await page
        .getByText(/^paused/)
        .first()
        .waitFor({ timeout: minutes });
      await expectSound(watched, "home-paused");
      await page.getByRole("button", { name: "Continue" }).click();
      // It goes on while another page is shown.
      await page.getByRole("link", { name: "Runs", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
      await page.goBack();
      await page
        .getByText(/training, .* so far/)
        .first()
        .waitFor({ timeout: minutes });
      // The recorded score stands until there is an agent of this page to tell it of.
      expect(await page.locator(".home-scores td:nth-child(2)").allTextContents()).not.toContainEqual(
        expect.stringContaining("live"),
      );
      const verdict = page.getByRole("article", { name: "Verdict on wild" });
      await verdict.getByText("live, seed 7").waitFor({ timeout: 4 * minutes });
      await page.getByRole("article", { name: "Agent wild" }).getByText("live, seed 7").waitFor({ timeout: minutes });
      await expectSound(watched, "home-live");
      expect(await page.getByRole("article", { name: "Verdict on B" }).getByText("recorded", { exact: true }).count()).toBe(1);
      // What was trained here plays on the page that goes through an episode, and acts on levels of the editor.
      await page.getByRole("link", { name: "wild step by step" }).click();
      await page.getByText(/^wild, trained here with seed 7 in arcade/).waitFor({ timeout: minutes });
      await page.getByRole("img", { name: /^wild, trained here with seed 7, step \d+ of/ }).waitFor({ timeout: minutes });
      await page.getByRole("link", { name: "Editor", exact: true }).click();
      await page.getByRole("button", { name: /^Agents/ }).click();
      await page.getByRole("checkbox", { name: "wild, trained here with seed 7" }).press("Space");
      await page.keyboard.press("Escape");
      const there = page.getByRole("article", { name: "wild, trained here with seed 7" });
      await there.getByText(/acts by/).waitFor({ timeout: minutes });
      await page.getByRole("link", { name: "Home", exact: true }).click();
      await verdict.getByText("live, seed 7").waitFor({ timeout: minutes });
      await page.getByRole("button", { name: "Back to the recording" }).click();
      await verdict.getByText("live, seed 7").waitFor({ state: "detached" });
    },
    8 * minutes,
  );
});

/** When the boards have left their first step. */
async function hasPlayed(page: Page): Promise<void> {
  await page.getByText(/^step [1-9]\d* of/).waitFor();
}

function boardOf(page: Page, agent: string) {
  return page.getByRole("article", { name: `Agent ${agent}` }).getByRole("img");
}

/** Means of one row of each tally: `coins2 here; mean 1.97 [1.93, 2.00] of 2 …`. */
function means(texts: readonly string[], row: number): readonly number[] {
  return texts.map((text) => Number([...text.matchAll(/mean ([\d.]+) \[/g)][row]?.[1]));
}
