// The keyboard as a reader has it: what has the focus, and the way there by the tabulator.

import type { Page } from "playwright-core";

export interface Keys {
  /** The name of what has the focus. */
  focused(): Promise<string>;
  press(key: string): Promise<void>;
  /** Goes on by the tabulator until something of that name has the focus; throws where there is no way. */
  tabTo(name: Pick<RegExp, "test">, options?: { readonly isBack?: boolean }): Promise<void>;
}

export function keysOf(page: Page): Keys {
  const focused = () =>
    page.evaluate<string>(`(() => {
      const at = document.activeElement;
      const label = at.labels?.[0] ?? document.getElementById(at.getAttribute("aria-labelledby")?.split(" ").at(-1) ?? "");
      return (at.getAttribute("aria-label") ?? label?.textContent ?? at.textContent).replace(/\\s+/g, " ").trim();
    })()`);
  const press = (key: string) => page.keyboard.press(key);
  return {
    focused,
    press,
    tabTo: async (name, { isBack = false } = {}) => {
      const passed: string[] = [];
      for (let i = 0; i < 80; i++) {
        const at = await focused();
        if (name.test(at)) return;
        passed.push(at.slice(0, 30));
        await press(isBack ? "Shift+Tab" : "Tab");
      }
      throw new Error(`no way by the tabulator to ${name}; passed ${passed.join(" | ")}`);
    },
  };
}
