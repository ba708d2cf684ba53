// Tests of the studio in the system's headless Chromium: pages that are watched, and what every page must hold to.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { builtStudio } from "../../src/node/server/studio-files.ts";
import { chromiumArguments, findChromium } from "../../src/node/web/chromium.ts";
import { axeViolations, cutText, moving, overflow, unseen } from "./looks.ts";

export { axeViolations } from "./looks.ts";

const screenshots = join(import.meta.dirname, "..", "..", ".cache", "screenshots");

const program = findChromium();
// Nothing is left out in silence: continuous integration needs the browser, unless it says that it does without (MESASCOPE_REQUIRE_CHROMIUM=0).
const required = process.env.MESASCOPE_REQUIRE_CHROMIUM ?? "";
const isNeeded = required === "" ? !["", "0", "false", undefined].includes(process.env.CI) : required !== "0";

/** The browser's own words on an answer that did not come, or is an error. */
export const failedRequest = /^Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE|network error/;

export interface WatchedPage {
  readonly page: Page;
  /** What the console said that a reader should not see: errors and warnings, and errors that nobody caught. None is allowed when the test ends. */
  readonly complaints: string[];
  /** Addresses that were asked for and are not of the page's own server. None is allowed when the test ends. */
  readonly foreign: string[];
  /** All addresses that were asked for. */
  readonly requests: string[];
  /** What the console says, or said, of that is what the test is about. */
  mayComplain(of: RegExp): void;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Called before the address is asked for. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface StudioBrowser {
  /** Opens an address in a context of its own, which is closed when the test ends. */
  open(url: string, options?: OpenOptions): Promise<WatchedPage>;
}

/**
 * `describe` with a browser. Where there is none it fails if one is required, and otherwise is skipped and says how many tests that were. After each
 * test no page that it opened may have complained, or have asked anybody else for anything.
 */
export function describeInChromium(name: string, body: (browser: StudioBrowser) => void): void {
  if (program === null && !isNeeded) {
    const skipped = describe.skip(name, () => body({ open: () => Promise.reject(new Error("no Chromium")) }));
    // The tests are known once the file was read to its end.
    setTimeout(() => {
      const count = skipped === undefined ? 0 : testsIn(skipped);
      process.stderr.write(
        `no Chromium on this machine (apt-get install chromium-headless-shell or chromium, or MESASCOPE_CHROMIUM names one): ${count} tests skipped: ${name}\n`,
      );
    }, 50);
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      if (program === null)
        throw new Error(
          "CI or MESASCOPE_REQUIRE_CHROMIUM=1 is set, but there is no Chromium. Install one, or set MESASCOPE_REQUIRE_CHROMIUM=0.",
        );
      if (!existsSync(join(builtStudio, "index.html")))
        throw new Error(`${builtStudio} is not built; run "npm run build" first.`);
      browser = await chromium.launch({ executablePath: program, args: [...chromiumArguments()] });
    }, 60_000);
    afterAll(() => browser?.close());
    const opened: WatchedPage[] = [];
    afterEach(async () => {
      const pages = opened.splice(0);
      const said = pages.map(({ complaints, foreign }) => ({ complaints: [...complaints], foreign: [...foreign] }));
      for (const { page } of pages) await page.context().close();
      expect(said).toEqual(pages.map(() => ({ complaints: [], foreign: [] })));
    }, 60_000);
    body({ open: (url, options) => openWatched(browser, { url, options, opened }) });
  });
}

interface Task {
  readonly type: string;
  readonly tasks?: readonly Task[];
}

function testsIn({ type, tasks = [] }: Task): number {
  return (type === "test" ? 1 : 0) + tasks.reduce((sum, task) => sum + testsIn(task), 0);
}

interface Opening {
  readonly url: string;
  readonly options?: OpenOptions | undefined;
  /** Where the page is told of as soon as there is one. */
  readonly opened: WatchedPage[];
}

async function openWatched(browser: Browser, { url, options = {}, opened }: Opening): Promise<WatchedPage> {
  const { prepare, ...others } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...others });
  const page = await context.newPage();
  const allowed: RegExp[] = [];
  const isAllowed = (text: string) => allowed.some((of) => of.test(text));
  const complaints: string[] = [];
  const mayComplain = (of: RegExp) => {
    allowed.push(of);
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !isAllowed(text)));
  };
  const watched: WatchedPage = { page, complaints, foreign: [], requests: [], mayComplain };
  opened.push(watched);
  const complain = (text: string) => !isAllowed(text) && complaints.push(text);
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complain(message.text());
  });
  context.on("weberror", (error) => complain(String(error.error())));
  // A file has no server, and asks for nothing but itself.
  const own = url.startsWith("file:") ? url : `${new URL(url).origin}/`;
  context.on("request", (request) => {
    const asked = request.url();
    watched.requests.push(asked);
    if (!asked.startsWith(own) && !/^(blob|data):/.test(asked)) watched.foreign.push(asked);
  });
  await prepare?.(page);
  await page.goto(url);
  return watched;
}

/** Of each page. */
const usualStates: ReadonlySet<string> = new Set([
  ...["home", "runs", "run-done", "compare", "audit", "league", "leagues"],
  ...["episode", "editor", "report-file"],
]);

/**
 * Holds a page to what every page must keep in every state: no breach of accessibility in light and dark, nothing wider than its window or one of 320
 * pixels and no text cut off there, no word on the console, nothing asked of anybody else. Keeps NAME-light.png, and of a page's usual state
 * NAME-dark.png and NAME-320.png too.
 */
export async function expectAccessible(watched: WatchedPage, name: string): Promise<void> {
  const { page, complaints, foreign } = watched;
  const size = page.viewportSize()!;
  const isUsual = usualStates.has(name);
  const look = async (how: string) =>
    isUsual ? await keepPicture(page, `${name}-${how}`, { fullPage: true }) : await settle(page);
  await page.emulateMedia({ colorScheme: "light" });
  await keepPicture(page, `${name}-light`, { fullPage: true });
  expect(await overflow(page), `${name} at ${size.width} pixels`).toBeLessThanOrEqual(0);
  expect(await axeViolations(page), `${name} in light`).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await look("dark");
  expect(await axeViolations(page, "colors"), `${name} in dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 720 });
  await look("320");
  expect(await overflow(page), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  expect(await cutText(page), `text cut off of ${name} at 320 pixels`).toEqual([]);
  if (isUsual) expect(await axeViolations(page, "places"), `${name} at 320 pixels`).toEqual([]);
  await page.setViewportSize(size);
  expect(complaints, `the console of ${name}`).toEqual([]);
  expect(foreign, `requests of ${name}`).toEqual([]);
}

/**
 * Holds a page to `expectAccessible`, and to the other looks that it may have: text twice as large makes it no wider and is not cut off, controls and
 * marks can be seen in forced colors, nothing moves where less motion is asked for; in its usual state nothing is wider than windows of 1024 and 3840
 * pixels, and NAME-4k.png, NAME-200-percent.png and NAME-forced-colors.png are kept too.
 */
export async function expectSound(watched: WatchedPage, name: string): Promise<void> {
  const { page, complaints, foreign } = watched;
  const size = page.viewportSize()!;
  const isUsual = usualStates.has(name);
  const look = async (how: string) => (isUsual ? await keepPicture(page, `${name}-${how}`) : await settle(page));
  await expectAccessible(watched, name);
  if (isUsual) {
    await page.setViewportSize({ width: 1024, height: 768 });
    await settle(page);
    expect(await overflow(page), `${name} at 1024 pixels`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 3840, height: 2160 });
    await look("4k");
    expect(await overflow(page), `${name} at 3840 pixels`).toBeLessThanOrEqual(0);
    await page.setViewportSize(size);
  }
  await page.evaluate('document.documentElement.style.fontSize = "200%"');
  await look("200-percent");
  expect(await overflow(page), `${name} with text twice as large`).toBeLessThanOrEqual(0);
  expect(await cutText(page), `text cut off of ${name}, twice as large`).toEqual([]);
  await page.evaluate('document.documentElement.style.removeProperty("font-size")');
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await look("forced-colors");
  expect(await unseen(page), `${name} in forced colors`).toEqual([]);
  expect(await moving(page), `${name} with less motion`).toEqual([]);
  await page.emulateMedia({ forcedColors: "none", reducedMotion: null });
  await settle(page);
  expect(complaints, `the console of ${name}`).toEqual([]);
  expect(foreign, `requests of ${name}`).toEqual([]);
}

async function keepPicture(page: Page, name: string, { fullPage = false }: { readonly fullPage?: boolean } = {}): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage });
}

/** Two frames: what follows the window's size or theme has followed. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 60))))",
  );
}
