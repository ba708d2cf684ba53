// Leagues: their list, one of them with its tables and charts, what its page keeps in the address, and what stands there where there is none.

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { axeViolations, describeInChromium, expectSound, failedRequest } from "./chromium.ts";
import { keepLeagues, keepManyAnswers, leagueFiles, leagueName } from "./league-lab.ts";

describeInChromium("the league", (browser) => {
  let served: ServedLab;
  let empty: ServedLab;
  beforeAll(async () => {
    served = await serveTestLab({ wanted: null });
    await keepLeagues(served.open.lab.store);
    empty = await serveTestLab({ wanted: null });
  }, 120_000);
  afterAll(async () => {
    await served?.remove();
    await empty?.remove();
  }, 60_000);
  const at = (search = "") => `${served.server.address}/league/${leagueName}${search}`;
  const first = (page: Page) => page.locator(".league-answers tbody tr").first();

  async function download(page: Page, press: () => Promise<void>) {
    const [file] = await Promise.all([page.waitForEvent("download"), press()]);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  }

  it("lists what is kept, the newest first, says what could not be read, and leads to each", async () => {
    const watched = await browser.open(`${served.server.address}/league`);
    const { page } = watched;
    await page.getByText(/battery detects .* of the misaligned/).waitFor();
    await page.getByText(/league.json of damaged is not as this version reads it/).waitFor();
    expect(await page.locator(".league-cards h2").allTextContents()).toEqual(["sixty made-up organisms", "damaged"]);
    await expectSound(watched, "leagues");
    await page.getByRole("link", { name: "sixty made-up organisms" }).click();
    await page.getByRole("heading", { level: 1, name: "sixty made-up organisms" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/league/${leagueName}`);
  });

  it("shows scores, budget, confusion, failure modes, calibration and every organism that was not answered rightly, sound in all its looks", async () => {
    const watched = await browser.open(at());
    const { page } = watched;
    await first(page).waitFor();
    for (const heading of ["Results", "Against the budget", "Confusion matrix", "Calibration", "Organism by organism"])
      expect(await page.getByRole("heading", { name: heading, exact: true }).count(), heading).toBe(1);
    await page.getByText("2 of 60 organisms").waitFor();
    expect(await first(page).textContent()).toMatch(/^keys\/proxykeys, mlp, ppo · agent-11proxy.*✗missedaligned, P.0\.04/);
    expect(await first(page).textContent()).toContain('battery says so of agent-11, "plainly", at 40 levels.');
    await expectSound(watched, "league");
  });

  it("lists other outcomes and words that are looked for, and keeps them in the address", async () => {
    const { page, complaints } = await browser.open(at("?show=all"));
    await page.getByText("60 of 60 organisms").waitFor();
    expect(await page.locator(".league-answers tbody tr").count()).toBe(50);
    await page.getByRole("button", { name: "Next 10" }).click();
    await expect.poll(() => page.locator(".league-answers tbody tr").count()).toBe(10);
    expect(new URL(page.url()).searchParams.get("from")).toBe("50");
    await page.getByLabel("Find").fill("keys/proxy");
    await page.getByText("4 of 60 organisms").waitFor();
    await page.reload();
    await page.getByText("4 of 60 organisms").waitFor();
    await page.getByRole("button", { name: /Answers of battery/ }).click();
    await page.getByRole("option", { name: "Right", exact: true }).click();
    await page.getByText("3 of 60 organisms").waitFor();
    expect(new URL(page.url()).searchParams.get("show")).toBe("right");
    await page.goBack();
    await page.getByText("4 of 60 organisms").waitFor();
    expect(complaints).toEqual([]);
  });

  it("says what the address gives that the league has not", async () => {
    const { page } = await browser.open(at("?levels=7&auditor=nobody&show=bogus"));
    await first(page).waitFor();
    await page.getByText("The address gives “bogus” as show; expected one of wrong, all, ").waitFor();
    await page.getByText("The address gives “7” as levels; expected one of 5, ").waitFor();
    await page.getByText("The address gives “nobody” as auditor; expected one of battery, ").waitFor();
  });

  it("tells of another auditor and of a smaller budget, and keeps both in the address", async () => {
    const { page, complaints } = await browser.open(at());
    await first(page).waitFor();
    await page.getByRole("radio", { name: "5", exact: true }).click({ force: true });
    await page.getByText("Every auditor at 5 levels per measurement").waitFor();
    await expect.poll(() => first(page).textContent()).toContain("at 5 levels.");
    await page.getByRole("link", { name: "return-gap" }).click();
    await page.getByRole("heading", { level: 3, name: "return-gap" }).waitFor();
    await page.getByRole("columnheader", { name: "Reason of return-gap" }).waitFor();
    const { search, hash } = new URL(page.url());
    expect([search, hash]).toEqual(["?levels=5&auditor=return-gap", "#auditors"]);
    await page.reload();
    await page.getByRole("columnheader", { name: "Reason of return-gap" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.goBack();
    await page.getByRole("columnheader", { name: "Reason of battery" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("gives the league's files as they were kept, charts as SVG, and every table as CSV and JSON", async () => {
    const { page, complaints } = await browser.open(at());
    await first(page).waitFor();
    for (const [button, file] of [
      ["Scores, JSON", "league.json"],
      ["Answers, CSV", "league.csv"],
      ["Page, HTML", "league.html"],
      ["Summary, SVG", "league.svg"],
    ] as const) {
      const taken = await download(page, () => page.getByRole("button", { name: button }).click());
      expect(taken).toEqual({ name: file.replace("league", `league-${leagueName}`), text: leagueFiles()[file] });
    }
    const group = (caption: string) => page.getByRole("group", { name: `Take along: ${caption}` });
    const svg = await download(page, () => group("calibration of battery").getByRole("button", { name: "SVG" }).click());
    expect(svg.text).toMatch(/^<svg/);
    const matrix = group("confusion matrix of battery");
    expect(await matrix.getByRole("button").allTextContents()).toEqual(["CSV", "JSON"]);
    const csv = await download(page, () => matrix.getByRole("button", { name: "CSV" }).click());
    expect(csv.text).toMatch(/^Truth,aligned,/);
    const json = await download(page, () => group("answers of battery and others").getByRole("button", { name: "JSON" }).click());
    expect(JSON.parse(json.text)[0]).toMatchObject({ Id: "agent-11", battery: "missed", "return-gap": "right" });
    expect(complaints).toEqual([]);
  });

  it("lists a league that is kept while the list is open, when one comes back to it", async () => {
    const growing = await serveTestLab({ wanted: null });
    try {
      const { page } = await browser.open(`${growing.server.address}/league`);
      await page.getByText("mesascope league --plan quick").waitFor();
      await keepLeagues(growing.open.lab.store);
      await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
      await page.getByRole("link", { name: "sixty made-up organisms" }).waitFor();
      await page.context().close();
    } finally {
      await growing.remove();
    }
  });

  it("says what to run where no league is kept, and what is so where one is not there or cannot be read", async () => {
    const none = await browser.open(`${empty.server.address}/league`);
    await none.page.getByText("mesascope league --plan quick").waitFor();
    await expectSound(none, "leagues-empty");
    for (const [name, title] of [
      ["nothing", "There is no such league"],
      ["damaged", "The league could not be read"],
    ] as const) {
      const { page, complaints } = await browser.open(`${served.server.address}/league/${name}`);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  it("asks again when it is told to, where the list or a league's document did not come", async () => {
    for (const [path, lost, title] of [
      ["/league", /\/kept$/, "What is kept could not be read"],
      [`/league/${leagueName}`, /\/kept$/, "The league could not be read"],
      [`/league/${leagueName}`, /\/league\.json$/, "The league could not be read"],
    ] as const) {
      const failing = { status: 500, contentType: "application/json", body: "{}" };
      const { page, mayComplain } = await browser.open(`${served.server.address}${path}`, {
        prepare: (opened) => opened.route(lost, (route) => route.fulfill(failing), { times: 1 }),
      });
      mayComplain(failedRequest);
      await page.getByRole("heading", { name: title }).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "sixty made-up organisms" }).waitFor();
      expect(await page.getByRole("heading", { name: title }).count()).toBe(0);
    }
  });

  it("keeps few rows of five thousand answers in the page, whatever the address asks for", async () => {
    const many = await keepManyAnswers(served.open.lab.store);
    const { page, requests } = await browser.open(`${served.server.address}/league/${many}?show=all&from=2000`);
    const rows = page.locator(".league-answers tbody tr");
    await page.getByText("2500 of 2500 organisms").waitFor();
    await page.getByText("2001 to 2050 of 2500").waitFor();
    expect(await rows.count()).toBe(50);
    expect(await page.evaluate<number>("document.getElementsByTagName('*').length")).toBeLessThan(5000);
    expect(requests.filter((url) => url.includes("/api/v1/kept")).length).toBeLessThanOrEqual(4);
    await page.getByRole("button", { name: "Previous 50" }).click();
    await page.getByText("1951 to 2000 of 2500").waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByLabel("Find").fill("agent-2499");
    await page.getByText("1 of 2500 organisms").waitFor();
    expect(await rows.count()).toBe(1);
  });
});
