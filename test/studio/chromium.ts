// Tests of the studio in the system's headless Chromium: pages that are watched, and what every page must hold to.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { builtStudio } from "../../src/node/server/studio-files.ts";
import { chromiumArguments, findChromium } from "../../src/node/web/chromium.ts";

const screenshots = join(import.meta.dirname, "..", "..", ".cache", "screenshots");
const axeTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const program = findChromium();
// Nothing is left out in silence: continuous integration needs the browser, unless it says that it does without (MESASCOPE_REQUIRE_CHROMIUM=0).
const required = process.env.MESASCOPE_REQUIRE_CHROMIUM ?? "";
const isNeeded = required === "" ? !["", "0", "false", undefined].includes(process.env.CI) : required !== "0";

export interface WatchedPage {
  readonly page: Page;
  /** What the console said that a reader should not see: errors and warnings, and errors that nobody caught. */
  readonly complaints: string[];
  /** Addresses that were asked for and are not of the page's own server. */
  readonly foreign: string[];
  /** All addresses that were asked for. */
  readonly requests: string[];
}

export interface StudioBrowser {
  /** Opens an address in a context of its own. */
  open(url: string, options?: BrowserContextOptions): Promise<WatchedPage>;
}

/** `describe` with a browser. Where there is none it fails if one is required, and otherwise is skipped and says how many tests that were. */
export function describeInChromium(name: string, body: (browser: StudioBrowser) => void): void {
  if (program === null && !isNeeded) {
    const skipped = describe.skip(name, () => body({ open: () => Promise.reject(new Error("no Chromium")) }));
    // The tests are known once the file was read to its end.
    setTimeout(() => {
      const count = skipped === undefined ? 0 : testsIn(skipped);
      process.stderr.write(
        `no Chromium on this machine (apt-get install chromium, or MESASCOPE_CHROMIUM names one): ${count} tests skipped: ${name}\n`,
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
    body({ open: (url, options) => openWatched(browser, { url, options }) });
  });
}

interface Task {
  readonly type: string;
  readonly tasks?: readonly Task[];
}

function testsIn({ type, tasks = [] }: Task): number {
  return (type === "test" ? 1 : 0) + tasks.reduce((sum, task) => sum + testsIn(task), 0);
}

async function openWatched(
  browser: Browser,
  { url, options = {} }: { readonly url: string; readonly options?: BrowserContextOptions | undefined },
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  const watched: WatchedPage = { page, complaints: [], foreign: [], requests: [] };
  const { origin } = new URL(url);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") watched.complaints.push(message.text());
  });
  page.on("pageerror", (error) => watched.complaints.push(String(error)));
  context.on("request", (request) => {
    const asked = request.url();
    watched.requests.push(asked);
    if (!asked.startsWith(`${origin}/`) && !/^(blob|data):/.test(asked)) watched.foreign.push(asked);
  });
  await page.goto(url);
  return watched;
}

/** Breaches of WCAG 2.2 AA and of axe's advice on the page as it is shown now, a line each. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's own protocol: the page's policy would not let it in as a script.
  await page.evaluate(axe.source);
  return await page.evaluate<readonly string[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(axeTags)} }).then(({ violations }) =>
       violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => id + ": " + help + " at " + target.join(" ") + " – " + failureSummary)))`,
  );
}

/** How many pixels the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** What the page draws that cannot be told from its ground: controls without an edge, marks without a color, a line each. */
function unseen(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const probe = document.createElement("span");
    probe.style.cssText = "forced-color-adjust: none; color: Canvas";
    document.body.append(probe);
    const ground = getComputedStyle(probe).color;
    probe.remove();
    const isSeen = (color) => color !== ground && color !== "none" && color !== "transparent" && color !== "rgba(0, 0, 0, 0)";
    const inSight = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
    const missing = (selector, looks) => [...document.querySelectorAll(selector)]
      .filter((element) => inSight(element) && !looks(getComputedStyle(element)))
      .map((element) => selector + ": " + (element.textContent.trim().slice(0, 30) || element.outerHTML.slice(0, 80)));
    return [
      ...missing("button.button:not(.button-plain), .segments, .switch-track, .field input, .check-box",
        (style) => parseFloat(style.borderTopWidth) > 0 && isSeen(style.borderTopColor)),
      ...missing(".segment[data-selected]", (style) => isSeen(style.backgroundColor)),
      ...missing(".marker, .line, .dot, .interval, .job-state svg *", (style) => isSeen(style.stroke) || isSeen(style.fill)),
      ...missing(".home-bar-mean, .live-live .live-mark, .slider-thumb", (style) => isSeen(style.backgroundColor) || isSeen(style.borderTopColor)),
    ];
  })()`);
}

/** Of each page. */
const usualStates: ReadonlySet<string> = new Set([
  ...["home", "home-deployment", "runs", "run-done", "run-over-training", "compare", "audit", "league", "leagues"],
  ...["episode", "editor", "site-home"],
]);

/**
 * Holds a page to what every page must keep, in the state that it is in: no breach of accessibility in light and dark, nothing wider than a window
 * of 320 or of 3840 pixels or than the window where text is twice as large, controls and marks that can be seen in forced colors, no word on the
 * console, nothing asked of anybody else. Keeps screenshots as NAME-light.png, NAME-dark.png and NAME-320.png, and of a page's usual state also as
 * NAME-4k.png, NAME-200-percent.png and NAME-forced-colors.png: the large ones take most of the time.
 */
export async function expectSound({ page, complaints, foreign }: WatchedPage, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  const size = page.viewportSize()!;
  const picture = async (how: string) => {
    if (usualStates.has(name)) await page.screenshot({ path: join(screenshots, `${name}-${how}.png`) });
  };
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await settle(page);
    await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`), fullPage: true });
    expect(await axeViolations(page), `${name} in ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 720 });
  await settle(page);
  await page.screenshot({ path: join(screenshots, `${name}-320.png`), fullPage: true });
  expect(await overflow(page), `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 3840, height: 2160 });
  await settle(page);
  await picture("4k");
  expect(await overflow(page), `${name} at 3840 pixels`).toBeLessThanOrEqual(0);
  await page.setViewportSize(size);
  await page.evaluate('document.documentElement.style.fontSize = "200%"');
  await settle(page);
  await picture("200-percent");
  expect(await overflow(page), `${name} with text twice as large`).toBeLessThanOrEqual(0);
  await page.evaluate('document.documentElement.style.removeProperty("font-size")');
  await page.emulateMedia({ forcedColors: "active" });
  await settle(page);
  await picture("forced-colors");
  expect(await unseen(page), `${name} in forced colors`).toEqual([]);
  await page.emulateMedia({ forcedColors: "none" });
  await settle(page);
  expect(complaints, `the console of ${name}`).toEqual([]);
  expect(foreign, `requests of ${name}`).toEqual([]);
}

/** Two frames: what follows the window's size or theme has followed. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 60))))",
  );
}
