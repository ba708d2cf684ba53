import { expect, it } from "vitest";
import { z } from "zod";
import { findChromium } from "../../../node/web/chromium.ts";
import { serveFolder } from "../../../node/web/static-server.ts";
import { openDrivenPage } from "./driven-page.ts";

const program = findChromium();

it.skipIf(program === null)(
  "leads a page to an address, evaluates before its scripts, waits for promises, and tells what went wrong in it",
  async () => {
    const ending = new AbortController();
    const page = await openDrivenPage({ program: program!, signal: ending.signal });
    const answer = () => ({ type: "text/html", body: "<!doctype html><title>A page</title><script>seen = early</script>" });
    const site = await serveFolder({ folder: import.meta.dirname, isIsolated: false, answer });
    try {
      await page.goTo(site.origin, "globalThis.early = document.readyState");
      expect(await page.evaluate("seen", z.string())).toBe("loading");
      expect(await page.evaluate("new Promise((resolve) => setTimeout(() => resolve(location.origin)))", z.string())).toBe(
        site.origin,
      );
      await page.goTo("about:blank");
      expect(await page.evaluate("typeof early", z.string())).toBe("undefined");
      await expect(page.evaluate("Promise.reject(new Error('no such thing'))", z.unknown())).rejects.toThrow(/no such thing/);
      await expect(page.goTo("http://127.0.0.1:1/")).rejects.toThrow(/was not loaded \(net::ERR_/);
      const waiting = page.evaluate("new Promise(() => undefined)", z.unknown());
      ending.abort(new Error("stopped here"));
      await expect(waiting).rejects.toThrow("stopped here");
    } finally {
      await site.close();
      await page.close();
    }
  },
  60_000,
);
