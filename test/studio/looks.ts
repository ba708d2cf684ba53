// What can be seen to be wrong with a page as it is shown now, found in the page itself, a line each.

import axe from "axe-core";
import type { Page } from "playwright-core";

const everything = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What rules look at: all of them, colors, or sizes and places. */
const rules = {
  all: everything,
  colors: ["color-contrast", "link-in-text-block"],
  places: ["target-size", "scrollable-region-focusable"],
} as const;

/** Breaches of WCAG 2.2 AA and of axe's advice. Where the page was looked at before and only its theme or its width changed, some rules will do. */
export async function axeViolations(page: Page, kind: keyof typeof rules = "all"): Promise<readonly string[]> {
  // Evaluated by the browser's own protocol: the page's policy would not let it in as a script.
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(axe.source);
  const options = { runOnly: rules[kind], resultTypes: ["violations"], preload: false };
  // Beside an open list, outside of any landmark, React Aria puts what closes it for who reads by ear.
  const without = 'document.querySelector(".popover") === null ? {} : { region: { enabled: false } }';
  return await page.evaluate<readonly string[]>(
    `axe.run(document, { ...${JSON.stringify(options)}, rules: ${without} }).then(({ violations }) =>
       violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => id + ": " + help + " at " + target.join(" ") + " – " + failureSummary)))`,
  );
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** Text that is wider or higher than what it stands in and cannot be scrolled to; what is meant for the ear alone is left out. */
export function cutText(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    return [...document.querySelectorAll("body *")].filter((element) => {
      const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
      if (clientWidth < 2 || clientHeight < 2 || (scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 1)) return false;
      if (element.closest("svg") !== null || element.innerText.trim() === "" || !element.checkVisibility()) return false;
      const { overflowX, overflowY } = getComputedStyle(element);
      return (scrollWidth > clientWidth + 1 && cuts(overflowX)) || (scrollHeight > clientHeight + 1 && cuts(overflowY));
    }).map((element) => element.tagName + "." + element.className + ": " + element.innerText.trim().slice(0, 40));
  })()`);
}

/** What moves, or would move at the next change, though the reader asked for less motion. */
export function moving(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const moves = ({ animationName, scrollBehavior, transitionDuration }) =>
      animationName !== "none" || scrollBehavior === "smooth" || transitionDuration.split(",").some((time) => parseFloat(time) > 0);
    return [
      ...document.getAnimations().map((animation) => "an animation of " + animation.effect?.target?.outerHTML.slice(0, 80)),
      ...[...document.querySelectorAll("*")].filter((element) => moves(getComputedStyle(element))).map((element) => element.outerHTML.slice(0, 80)),
    ];
  })()`);
}

/** What the page draws that cannot be told from its ground: controls without an edge, marks without a color. */
export function unseen(page: Page): Promise<readonly string[]> {
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
