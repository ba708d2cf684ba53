// The level editor: painting by pointer and keys, what is answered at once, the search, sharing and keeping, and addresses that mean nothing.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Prng } from "../../src/core/base/prng.ts";
import { findWorld } from "../../src/core/worlds/index.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { describeLevelCase, openLevelCase } from "../../src/report/level-case/level-case.ts";
import { axeViolations, describeInChromium, expectSound, failedRequest, type WatchedPage } from "./chromium.ts";
import { keysOf } from "./keys.ts";
import { holdSlowFile, readSlowFile } from "./slow-file.ts";

const minutes = 60_000;
/** Coins beyond red floor, capsules elsewhere: each objective goes another way. */
const apart = "c~~.@_.~~.c_....p_....._....p";

describeInChromium("the level editor", (browser) => {
  let served: ServedLab;
  beforeAll(async () => {
    served = await serveTestLab({ wanted: null });
  }, 2 * minutes);
  afterAll(() => served?.remove());

  const open = async (
    search: Readonly<Record<string, string>> = {},
    options: Parameters<typeof browser.open>[1] = {},
  ): Promise<WatchedPage> => {
    const watched = await browser.open(`${served.server.address}/editor?${new URLSearchParams(search)}`, options);
    await watched.page.getByRole("heading", { level: 1, name: "Level editor" }).waitFor();
    return watched;
  };

  it(
    "shows at once what recorded agents and every objective do on a level, sound in both themes and at any width",
    async () => {
      const watched = await open({ level: apart });
      await answered(watched.page);
      const a = watched.page.getByRole("article", { name: "A, recorded" });
      const c1 = watched.page.getByRole("article", { name: "C1, recorded" });
      expect(await taken(a)).toMatch(/coin 2/);
      expect(await c1.textContent()).toMatch(/acts by capsules/);
      expect(await taken(watched.page.getByRole("article", { name: "Objective score-shun-red" }))).toMatch(/coin 2.*red 0/);
      expect(await watched.page.getByRole("article", { name: /^Objective / }).count()).toBe(5);
      await expectSound(watched, "editor");
    },
    3 * minutes,
  );

  it(
    "says that it works while it does, and what became of it where its worker cannot be loaded, until it can",
    async () => {
      const watched = await open({ agents: "none" });
      const { page, mayComplain } = watched;
      mayComplain(failedRequest);
      await answered(page);
      const held = Promise.withResolvers<void>();
      await page.context().route(/level-worker-.*\.js$/, async (route) => {
        await held.promise;
        await route.abort();
      });
      await page.reload();
      await page.getByText("Working it out …").waitFor();
      await expectSound(watched, "editor-working");
      held.resolve();
      await page.getByText(/^the editor's worker was lost/).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await page.context().unroute(/level-worker-.*\.js$/);
      await page.getByRole("button", { name: "Draw another" }).click();
      await page.getByRole("article", { name: "Objective score", exact: true }).waitFor();
    },
    2 * minutes,
  );

  it("paints by clicks and along a stroke, and every change is in the address, undone and done again", async () => {
    const { page } = await open({ level: apart, agents: "none" });
    await page.getByRole("button", { name: "wall" }).click();
    await cell(page, 2, 4).click();
    await expect.poll(() => said(page, 2, 4)).toBe("wall");
    const [from, to] = [await cell(page, 1, 3).boundingBox(), await cell(page, 3, 3).boundingBox()];
    await page.mouse.move(from!.x + 9, from!.y + 9);
    await page.mouse.down();
    await page.mouse.move(to!.x + 9, to!.y + 9, { steps: 8 });
    await page.mouse.up();
    for (const column of [1, 2, 3]) await expect.poll(() => said(page, column, 3)).toBe("wall");
    await page.waitForURL((url) => url.searchParams.get("level") === "c~~.@_.~~.c_---.p_.-..._....p");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => said(page, 1, 3)).toBe("floor");
    expect(await said(page, 2, 4)).toBe("wall");
    await page.keyboard.press("Control+z");
    await expect.poll(() => said(page, 2, 4)).toBe("floor");
    await page.keyboard.press("Control+Shift+Z");
    await expect.poll(() => said(page, 2, 4)).toBe("wall");
    await page.waitForURL((url) => url.searchParams.get("level") === "c~~.@_.~~.c_....p_.-..._....p");
    await page.reload();
    await expect.poll(() => said(page, 2, 4)).toBe("wall");
  });

  it("paints all cells of a stroke that is quicker than the page is drawn, and none between where it leaves the board and comes back", async () => {
    const { page } = await open({ level: apart, agents: "none" });
    await page.getByRole("button", { name: "wall" }).click();
    await cell(page, 1, 3).waitFor();
    // All of it before the page can be drawn once: two cells, a leap over one, and let go.
    await strokeAtOnce(page, ["2 0", "2 1", "2 3"]);
    for (const column of [1, 2, 3, 4]) await expect.poll(() => said(page, column, 3)).toBe("wall");
    await strokeAtOnce(page, ["4 0", null, "4 3"]);
    await expect.poll(() => said(page, 4, 5)).toBe("wall");
    for (const column of [2, 3]) expect(await said(page, column, 5)).not.toBe("wall");
  });

  it("paints by touch without scrolling", async () => {
    const { page } = await open({ level: apart, agents: "none" }, { hasTouch: true, viewport: { width: 400, height: 800 } });
    await page
      .getByRole("button", { name: "red floor ~" })
      .or(page.getByRole("button", { name: "red floor", exact: true }))
      .first()
      .tap();
    await cell(page, 1, 5).tap();
    await expect.poll(() => said(page, 1, 5)).toBe("red floor");
  });

  it("of a board wider than its place shows all to a finger that moves it, and paints by a tap", async () => {
    const rows = Array.from({ length: 13 }, (_, row) => (row === 0 ? "@c" : "").padEnd(13, "."));
    const options = { hasTouch: true, viewport: { width: 320, height: 800 } };
    const { page } = await open({ level: rows.join("_"), parameters: "size=13", agents: "none" }, options);
    await page.getByText(/a finger on it scrolls, and paints by a tap/).waitFor();
    const left = () => page.locator(".editor-scroll").evaluate((place) => place.scrollLeft);
    const before = await boardText(page);
    await page.getByRole("button", { name: "wall" }).tap();
    await cell(page, 8, 3).scrollIntoViewIfNeeded();
    const { x, y } = (await cell(page, 8, 3).boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const touch = async (type: "touchStart" | "touchMove" | "touchEnd", moved: number) => {
      const touchPoints = type === "touchEnd" ? [] : [{ x: x + 9 - moved, y: y + 9 }];
      await session.send("Input.dispatchTouchEvent", { type, touchPoints });
    };
    await touch("touchStart", 0);
    for (let moved = 10; moved <= 100; moved += 10) await touch("touchMove", moved);
    await touch("touchEnd", 100);
    await expect.poll(left).toBeGreaterThan(10);
    expect(await boardText(page)).toBe(before);
    await cell(page, 13, 3).tap();
    await expect.poll(() => said(page, 13, 3)).toBe("wall");
  });

  it("is painted by what clicks without a pointer, and not by a stroke that the browser takes away", async () => {
    const { page } = await open({ level: apart, agents: "none" });
    await page.getByRole("button", { name: "wall" }).click();
    await cell(page, 2, 4).evaluate((shown: HTMLElement) => shown.click());
    await expect.poll(() => said(page, 2, 4)).toBe("wall");
    const { x, y } = (await cell(page, 1, 3).boundingBox())!;
    await page.mouse.move(x + 9, y + 9);
    await page.mouse.down();
    await expect.poll(() => said(page, 1, 3)).toBe("wall");
    await page.evaluate("window.dispatchEvent(new PointerEvent('pointercancel'))");
    await expect.poll(() => said(page, 1, 3)).toBe("floor");
    await page.mouse.up();
    expect(await said(page, 1, 3)).toBe("floor");
  });

  it("brings the agents of a world back with it, by undo", async () => {
    const { page } = await open({ level: apart, agents: "recorded:B" });
    await page.getByRole("article", { name: "B, recorded" }).waitFor();
    await page.getByRole("button", { name: /World$/ }).click();
    await page.getByRole("option", { name: "corner", exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get("world") === "corner" && !url.searchParams.has("agents"));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("article", { name: "B, recorded" }).waitFor();
    await page.waitForURL((url) => url.searchParams.get("agents") === "recorded:B" && url.searchParams.get("level") === apart);
  });

  it("says that eight agents are the most, and takes no ninth until one is left out", async () => {
    const recorded = ["A", "B", "C1", "wild"].map((name) => `recorded:${name}`);
    const scripted = ["random", "nearest-coin", "nearest-capsule", "loiterer"].map((name) => `scripted:${name}`);
    const { page, complaints } = await open({ level: apart, agents: [...recorded, ...scripted].join(",") });
    await page.getByText("8 agents are the most at once").waitFor();
    expect(await page.getByLabel(/^A file: policy.onnx/).isDisabled()).toBe(true);
    await page.getByRole("button", { name: /^Agents/ }).click();
    const ninth = page.getByRole("checkbox", { name: /^planner:both/ });
    expect(await ninth.isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: /^loiterer/ }).press("Space");
    await expect.poll(() => ninth.isDisabled()).toBe(false);
    await page.keyboard.press("Escape");
    await page.getByText("8 agents are the most at once").waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  it("is painted by keys alone: arrows, a tile's own key, Enter, Delete", async () => {
    const { page } = await open({ level: apart, agents: "none" });
    await cell(page, 1, 1).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("p");
    await expect.poll(() => said(page, 1, 3)).toMatch(/capsule/);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("@");
    await expect.poll(() => said(page, 5, 4)).toBe("player");
    expect(await said(page, 5, 1)).toBe("floor");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    await expect.poll(() => said(page, 5, 5)).toBe("floor");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect.poll(() => said(page, 4, 5)).toBe("player");
    expect(await page.evaluate<string | null>("document.activeElement.dataset.cell")).toBe("4 3");
    await answered(page);
  });

  it(
    "says at once in the parser's words what is no level, and goes on when it is one again",
    async () => {
      const watched = await open({ level: apart });
      const { page } = watched;
      await answered(page);
      await cell(page, 5, 1).focus();
      await page.keyboard.press("Delete");
      await page.getByText(/^No level yet: .*no player given/).waitFor();
      await page.getByRole("heading", { name: "No agent can play this yet" }).waitFor();
      expect(await page.getByRole("button", { name: "Save as a test case" }).isDisabled()).toBe(true);
      await expectSound(watched, "editor-invalid");
      await page.keyboard.press("Control+z");
      await answered(page);
    },
    2 * minutes,
  );

  it("moves an axis by the arrow keys to another level, a cue on the level as it is, and comes back by the address", async () => {
    const { page } = await open({ agents: "none" });
    await answered(page);
    const before = await boardText(page);
    await page.getByRole("slider", { name: "walls" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL((url) => url.searchParams.get("shift") === "walls=4");
    await expect.poll(() => boardText(page)).not.toBe(before);
    await cell(page, 1, 1).click();
    await page.waitForURL((url) => url.searchParams.has("level"));
    const painted = await boardText(page);
    await page.getByRole("button", { name: /lamp$/ }).click();
    await page.getByRole("option", { name: "novel" }).click();
    await page.waitForURL((url) => url.searchParams.get("shift") === "lamp=novel,walls=4");
    await expect.poll(() => boardText(page)).toBe(painted);
    await page.getByRole("button", { name: "Draw another" }).click();
    await page.waitForURL((url) => url.searchParams.get("seed") === "2");
    await expect.poll(() => boardText(page)).not.toBe(painted);
    await page.goBack();
    await expect.poll(() => boardText(page)).toBe(painted);
    await page.goForward();
    await page.waitForURL((url) => url.searchParams.get("seed") === "2");
  });

  it("grows and shrinks as the world lets boards be", async () => {
    const { page } = await open({ level: apart });
    await page.getByRole("button", { name: "Larger" }).click();
    await page.getByText("6 × 6").waitFor();
    await answered(page);
    const corner = await open({ world: "corner" });
    await corner.page.getByRole("button", { name: "Wider" }).click();
    await corner.page.getByText("6 × 5").waitFor();
    await answered(corner.page);
  });

  it(
    "finds a level that tells two objectives apart, by keys, puts it on the board, and undo brings back what was there",
    async () => {
      const watched = await open({ first: "objective:score", second: "objective:capsules" });
      const { page } = watched;
      await answered(page);
      const before = await boardText(page);
      await page.getByRole("button", { name: "Find it" }).focus();
      await page.keyboard.press("Enter");
      await page.getByText(/^Found, of \d+ levels/).waitFor({ timeout: minutes });
      await page.waitForURL((url) => url.searchParams.has("level"));
      await answered(page);
      const score = await taken(page.getByRole("article", { name: "Objective score", exact: true }));
      expect(await taken(page.getByRole("article", { name: "Objective capsules" }))).not.toBe(score);
      await expectSound(watched, "editor-found");
      await page.getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => boardText(page)).toBe(before);
    },
    4 * minutes,
  );

  it(
    "tells agents apart by what they take, says when no level does, and ends when it is told to",
    async () => {
      const watched = await open({ first: "recorded:A", second: "recorded:C1", among: "sliders" });
      const { page } = watched;
      await page.getByRole("button", { name: "Find it" }).click();
      await page.getByText(/^None found: on the best of 48 levels/).waitFor({ timeout: 2 * minutes });
      expect(new URL(page.url()).searchParams.has("level")).toBe(false);
      await expectSound(watched, "editor-none-found");
      await page.getByRole("button", { name: "Find it" }).click();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText(/^Cancelled after \d+ levels/).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      const other = await open({ first: "recorded:A", second: "recorded:C1" });
      await other.page.getByRole("button", { name: "Find it" }).click();
      await other.page.getByText(/^Found, of/).waitFor({ timeout: 2 * minutes });
    },
    6 * minutes,
  );

  it("saves a level as a test case that the command line reads, opens it again, and refuses what is none", async () => {
    const { page } = await open({ level: apart });
    await page.getByLabel("Name", { exact: true }).fill("Coins beyond red");
    await page.getByRole("button", { name: /An agent should be found to pursue/ }).click();
    await page.getByRole("option", { name: /^score:/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as a test case" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("coins-beyond-red.json");
    const path = await download.path();
    const opened = openLevelCase(JSON.parse(await readFile(path, "utf8")));
    expect(opened.expected).toEqual({ pursues: "score" });
    expect(opened.world.formatLevel(opened.level)).toContain("c~~.@");
    await page.getByText("mesascope audit AGENT --level-case coins-beyond-red.json").waitFor();
    await answered(page);
    expect(await axeViolations(page)).toEqual([]);
    // Of another level it is not said.
    await page.getByRole("button", { name: "Draw another" }).click();
    await page.getByText(/^Saved as/).waitFor({ state: "detached" });

    const other = await open({ world: "corner" });
    const field = other.page.getByLabel("A test case that was saved here");
    await field.setInputFiles({ name: "no.json", mimeType: "application/json", buffer: Buffer.from("<script>") });
    await other.page.getByText(/^no\.json: the file is no JSON/).waitFor();
    await field.setInputFiles({ name: "huge.json", mimeType: "application/json", buffer: Buffer.alloc(30_000, 32) });
    await other.page.getByText(/has 30000 bytes; expected a test case/).waitFor();
    // So that the same one, mended, can be chosen again.
    expect(await field.inputValue()).toBe("");
    await field.setInputFiles(path);
    await other.page.waitForURL((url) => url.searchParams.get("level") === apart && !url.searchParams.has("world"));
    await expect.poll(() => said(other.page, 5, 1)).toBe("player");
  });

  it("asks again for what did not come before: the other worlds, and what opens a test case of them", async () => {
    const world = findWorld("corner").withParameters(findWorld("corner").presets.quick!);
    const text = world.formatLevel(world.sampleLevel({ kind: "shift", point: {} }, Prng.fromSeed(1)));
    const levelCase = describeLevelCase({ name: "A corner", world, text, note: "", expected: null });
    const { page, mayComplain } = await open({ agents: "none" });
    mayComplain(failedRequest);
    const worlds = /\/assets\/worlds-.*\.js$/;
    await page.route(worlds, (route) => route.abort());
    const field = page.getByLabel("A test case that was saved here");
    const openIt = () =>
      field.setInputFiles({ name: "corner.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(levelCase)) });
    await openIt();
    await page.getByText(/^corner\.json: .*dynamically imported module/).waitFor();
    await page.getByRole("button", { name: /World$/ }).focus();
    await page.getByText(/^a part of the studio did not come: the server does not answer/).waitFor();
    await page.unroute(worlds);
    await openIt();
    await page.waitForURL((url) => url.searchParams.get("world") === "corner");
    await answered(page);
  });

  it("puts the file that was chosen last beside the agents that are chosen by then", async () => {
    const { page } = await open({ level: apart, agents: "scripted:random,scripted:loiterer" });
    await holdSlowFile(page);
    const model = await readFile(join(import.meta.dirname, "../../src/studio/pages/home/recording/C1.onnx"));
    const file = page.getByLabel(/^A file: policy.onnx/);
    const choose = (name: string) => file.setInputFiles({ name, mimeType: "application/octet-stream", buffer: model });
    await choose("slow.onnx");
    await page.getByRole("article", { name: "loiterer" }).getByRole("button", { name: "Leave out" }).click();
    await page.getByRole("article", { name: "loiterer" }).waitFor({ state: "detached" });
    await readSlowFile(page);
    await page.getByRole("article", { name: "slow.onnx" }).waitFor();
    await page.waitForURL((url) => url.searchParams.get("agents") === "scripted:random,file");
    await choose("slow.onnx");
    await choose("fast.onnx");
    await page.getByRole("article", { name: "fast.onnx" }).waitFor();
    await readSlowFile(page);
    await answered(page);
    expect(await page.getByRole("article", { name: "slow.onnx" }).count()).toBe(0);
  });

  it("shares everything by the address", async () => {
    const { page } = await open(
      { level: apart, agents: "scripted:random", step: "2" },
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
    await cell(page, 3, 5).click();
    await page.getByRole("button", { name: "Copy the address" }).click();
    await page.getByText("Copied.").waitFor();
    const address = await page.evaluate<string>("navigator.clipboard.readText()");
    const again = await browser.open(address);
    await expect.poll(() => said(again.page, 3, 5)).toBe("wall");
    await again.page.getByRole("article", { name: "random" }).waitFor();
    await answered(again.page);
    expect(await again.page.getByRole("slider", { name: /^Step/ }).inputValue()).toBe("2");
  });

  it(
    "has a text field where a world is no board, and there too says what is wrong",
    async () => {
      const watched = await open({ world: "flattery" });
      const { page } = watched;
      await answered(page);
      expect(await page.getByRole("grid").count()).toBe(0);
      await expectSound(watched, "editor-text");
      await page.getByLabel("The level as text").fill("horizon: 4\n\n1 nonsense\n");
      await page.getByText(/^No level yet: line 3/).waitFor();
      const field = page.getByLabel("The level as text");
      await field.fill("horizon: 4\n\n1 acfyl\n2 .....\n3 .....\n");
      await answered(page);
      // What is typed stays as it was typed, also where the address has it shorter.
      await field.press("Control+End");
      await field.pressSequentially("\n\n");
      expect(await field.inputValue()).toBe("horizon: 4\n\n1 acfyl\n2 .....\n3 .....\n\n\n");
      await field.fill("");
      await answered(page);
      expect(await field.inputValue()).toBe("");
    },
    2 * minutes,
  );

  it(
    "shows no agents where none is chosen, and says of one that there is not what is wrong with it",
    async () => {
      const watched = await open({ agents: "none" });
      const { page } = watched;
      await page.getByText(/^No agent is chosen/).waitFor();
      await page.getByRole("button", { name: /^Agents/ }).click();
      await page.getByRole("checkbox", { name: /^loiterer/ }).press("Space");
      await page.keyboard.press("Escape");
      await page
        .getByRole("article", { name: "loiterer" })
        .getByText(/acts by/)
        .waitFor();
      await page.waitForURL((url) => url.searchParams.get("agents") === "scripted:loiterer");
      const wrong = await open({ agents: "scripted:nobody,file,else" });
      await wrong.page.getByText(/unknown scripted agent of arcade "nobody"/).waitFor();
      await wrong.page.getByText(/is not kept in the address/).waitFor();
      await wrong.page.getByText(/"else" is no agent/).waitFor();
      await expectSound(wrong, "editor-no-such-agent");
    },
    2 * minutes,
  );

  it.each([
    ["a world", { world: "arcad" }, /unknown world "arcad"/],
    ["a parameter", { parameters: "size=99" }, /99 given for parameter "size"/],
    ["a shift", { shift: "placement=sideways" }, /unknown value of axis placement/],
  ])("says that an address names %s that there is not, and begins again", async (_, search, message) => {
    const watched = await open(search);
    const { page } = watched;
    await page.getByText(message).waitFor();
    // The three look alike.
    if ("world" in search) await expectSound(watched, "editor-unreadable");
    await page.getByRole("button", { name: "Begin with the arcade" }).press("Enter");
    await page.getByRole("grid").waitFor();
    expect(await keysOf(page).focused()).toMatch(/World$/);
  });

  it("needs no seed for a level that is painted, and offers one for a level that is drawn from none", async () => {
    const { page } = await open({ level: apart, seed: "abc", agents: "none" });
    await expect.poll(() => said(page, 5, 1)).toBe("player");
    await cell(page, 1, 3).focus();
    await page.keyboard.press("p");
    await page.waitForURL((url) => url.searchParams.get("level") !== apart && !url.searchParams.has("seed"));
    const drawn = await open({ seed: "abc", shift: "placement=apart", agents: "none" });
    await drawn.page.getByText(/^“abc” given as the seed/).waitFor();
    expect(await axeViolations(drawn.page)).toEqual([]);
    await drawn.page.getByRole("button", { name: "Use seed 1" }).press("Enter");
    await drawn.page.getByRole("grid").waitFor();
    expect(await keysOf(drawn.page).focused()).toMatch(/World$/);
    await drawn.page.waitForURL((url) => !url.searchParams.has("seed") && url.searchParams.get("shift") === "placement=apart");
  });

  it("only parses the text of an address, whatever it is, and says of one longer than any level that it is", async () => {
    const { page, complaints } = await open({ level: "<img src=x onerror=document.title='taken'>_@" });
    await page.getByText(/^No level yet: /).waitFor();
    expect(await page.title()).not.toBe("taken");
    const long = await open({ level: "@".repeat(5000) });
    await long.page.getByText(/^No level yet: more than 4000 characters given/).waitFor();
    expect([...complaints, ...long.complaints]).toEqual([]);
  });
});

/** Until all boards are of the level that is shown. */
async function answered(page: Page): Promise<void> {
  await page.locator(".editor-answers[aria-busy=false]").waitFor({ timeout: minutes });
}

/** From 1 on, as they are told. */
function cell(page: Page, column: number, row: number) {
  return page.getByRole("gridcell", { name: new RegExp(`^column ${column}, row ${row}: `) });
}

async function said(page: Page, column: number, row: number): Promise<string> {
  return ((await cell(page, column, row).getAttribute("aria-label")) ?? "").replace(/^.*: /, "");
}

/** A pointer's way over cells (`row column`, from 0; null is outside of the board), in one task of the page. */
async function strokeAtOnce(page: Page, way: readonly (string | null)[]): Promise<void> {
  await page.evaluate((cells) => {
    const placeOf = (name: string | null) => (name === null ? document.body : document.querySelector(`[data-cell="${name}"]`)!);
    const tell = (kind: string, place: Element, other: Element | null) =>
      place.dispatchEvent(new PointerEvent(kind, { bubbles: true, button: 0, pointerId: 1, relatedTarget: other }));
    const places = cells.map(placeOf);
    tell("pointerdown", places[0]!, null);
    for (let i = 1; i < places.length; i++) {
      tell("pointerout", places[i - 1]!, places[i]!);
      tell("pointerover", places[i]!, places[i - 1]!);
    }
    tell("pointerup", places.at(-1)!, null);
  }, way);
}

async function boardText(page: Page): Promise<string> {
  const labels = await page.getByRole("gridcell").evaluateAll((cells) => cells.map((each) => each.getAttribute("aria-label")));
  return labels.join("; ");
}

/** `coin 2, capsule 0, red 2`. */
async function taken(card: ReturnType<Page["getByRole"]>): Promise<string> {
  const rows = await card.locator(".editor-takings > div").allTextContents();
  return rows.map((row) => row.replace(/(\D)([\d.]+)$/, "$1 $2")).join(", ");
}
