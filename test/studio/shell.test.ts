// What stands around every page, and what is shown where there is no page.

import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServedLab, serveTestLab, token } from "../../src/node/server/served-lab.fixture.ts";
import { axeViolations, describeInChromium, expectSound, failedRequest } from "./chromium.ts";

describeInChromium("the studio's shell", (browser) => {
  let served: ServedLab;
  beforeAll(async () => {
    served = await serveTestLab();
  }, 120_000);
  afterAll(() => served?.remove());

  it("shows the first page without a token, sound in both themes and at 320 pixels", async () => {
    const watched = await browser.open(served.server.address);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    // The server said that it wants a token, which browsers print.
    watched.mayComplain(/401/);
    await expectSound(watched, "home-token-wanted");
  });

  it("asks for the token where the server wants one, says when it was wrong, and keeps it for this tab only, never in the address", async () => {
    const { page, mayComplain } = await browser.open(`${served.server.address}/runs`);
    mayComplain(/401/);
    const field = page.getByLabel("Token", { exact: true });
    await field.fill("wrong-wrong-wrong-wrong");
    await field.press("Enter");
    await page.getByText("That token was not taken").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await field.fill(token);
    await field.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    expect(page.url()).not.toContain(token);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    expect(await page.evaluate<string>("JSON.stringify(localStorage)")).not.toContain(token);
  });

  it("says that a page does not exist, and leads home", async () => {
    const { page, mayComplain } = await browser.open(`${served.server.address}/nowhere`);
    mayComplain(/401/);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect(await page.title()).toBe("No such page · Mesascope");
    await page.getByRole("link", { name: "Home" }).last().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  it("says of a page whose script does not come that it did not load, and leaves what runs in the tab alone", async () => {
    const { page, mayComplain } = await browser.open(served.server.address);
    mayComplain(failedRequest);
    mayComplain(/dynamically imported module/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate("window.isTraining = true");
    const script = "**/assets/editor-page-*.js";
    await page.route(script, (route) => route.abort());
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Editor" }).click();
    await page.getByRole("heading", { name: "This page did not load" }).waitFor();
    expect(await page.evaluate("window.isTraining")).toBe(true);
    await page.unroute(script);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Level editor" }).waitFor();
    expect(await page.evaluate("window.isTraining")).toBe(undefined);
  });

  it("says of a server that takes the question and never answers that it does not, and can be asked again", async () => {
    const { page, mayComplain } = await browser.open(served.server.address);
    mayComplain(failedRequest);
    mayComplain(/dynamically imported module/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.route("**/assets/editor-page-*.js", (route) => route.abort());
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Editor" }).click();
    const again = page.getByRole("button", { name: "Try again" });
    await again.waitFor();
    await page.route(`${served.server.address}/`, () => new Promise(() => undefined));
    await again.click();
    await expect.poll(() => again.getAttribute("aria-disabled")).toBe("true");
    await page.getByText("The server still does not answer.").waitFor({ timeout: 20_000 });
    expect(await again.getAttribute("aria-disabled")).toBe(null);
  });

  it("lets the keyboard skip the header, and remembers the theme that was chosen", async () => {
    const { page, mayComplain } = await browser.open(served.server.address);
    mayComplain(/401/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate<string>("document.activeElement.id")).toBe("content");
    await page.getByRole("button", { name: /Theme/ }).click();
    await page.getByRole("option", { name: "Dark theme" }).click();
    const scheme = () => page.evaluate<string>("document.documentElement.style.colorScheme");
    expect(await scheme()).toBe("dark");
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await scheme()).toBe("dark");
  });
});
