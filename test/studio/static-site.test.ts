// The static site as a reader finds it on a plain server of files, below its root and without the headers of isolation.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keep } from "../../src/lab/kept.ts";
import { initLab } from "../../src/node/lab/lab-folder.ts";
import { openStore } from "../../src/node/lab/store/open-store.ts";
import { builtStudio } from "../../src/node/server/studio-files.ts";
import { recordedLeagues } from "../../src/node/site/recorded-leagues.ts";
import { buildStaticSite } from "../../src/node/site/static-site.ts";
import { describeInChromium, expectSound } from "./chromium.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { leagueFiles, leagueName } from "./league-lab.ts";

const minutes = 60_000;

describeInChromium("the studio as a static site", (browser) => {
  let folder: string;
  let server: FileServer;
  let isolated: FileServer;
  let withMissing: FileServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mesascope-site-"));
    await initLab(join(folder, "lab"));
    const store = await openStore(join(folder, "lab"));
    const files = Object.entries(leagueFiles()).map(async ([name, text]) => [name, await store.putBlob(Buffer.from(text))]);
    await keep(store, { kind: "league", name: leagueName, at: new Date(), files: Object.fromEntries(await Promise.all(files)) });
    await buildStaticSite({ out: join(folder, "some", "where"), base: null, leagues: await recordedLeagues(store) });
    await buildStaticSite({ out: join(folder, "studio"), base: "/studio/", leagues: { names: [], files: [] } });
    server = await serveFiles({ folder });
    isolated = await serveFiles({ folder, isIsolated: true });
    withMissing = await serveFiles({ folder, notFound: join(folder, "studio", "404.html") });
  }, minutes);
  afterAll(async () => {
    for (const each of [server, isolated, withMissing]) await each?.close();
    await rm(folder, { recursive: true });
  });
  const open = (search = "") => browser.open(`${server.origin}/some/where/${search}`);

  it("shows the first page from files alone, plays policies in a worker, and asks for nothing outside its folder", async () => {
    const watched = await open("?shift=1&board=9");
    const { page, requests, foreign } = watched;
    await page.getByRole("article", { name: "Agent wild" }).getByRole("img").waitFor();
    await page.getByText(/single-threaded: this server does not send the headers of isolation/).waitFor();
    await expectSound(watched, "site-home");
    expect(foreign).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${server.origin}/some/where/`))).toEqual([]);
    expect(requests.filter((url) => url.endsWith(".onnx"))).toHaveLength(4);
  });

  it(
    "trains agents in the page without the headers of isolation",
    async () => {
      const { page, complaints } = await open();
      await page.getByRole("button", { name: "Train them here" }).click();
      await page
        .getByText(/training, .* left/)
        .first()
        .waitFor({ timeout: 2 * minutes });
      await page.getByRole("button", { name: "Back to the recording" }).click();
      expect(complaints).toEqual([]);
    },
    4 * minutes,
  );

  it("offers the pages that need no lab, each of which can be loaded anew where it stands", async () => {
    const { page, complaints } = await open();
    const heading = page.getByRole("heading", { level: 1 });
    let title = "";
    await heading.waitFor();
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const names = await links.allTextContents();
    expect(names).toEqual(expect.arrayContaining(["Home", "League"]));
    expect(names).not.toContain("Runs");
    for (const name of names) {
      const link = links.filter({ hasText: name });
      await link.click();
      await page.waitForURL(new URL((await link.getAttribute("href"))!, page.url()).href);
      const before = title;
      await expect.poll(() => heading.textContent()).not.toBe(before);
      title = (await heading.textContent())!;
      await page.reload();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      expect(page.url().startsWith(`${server.origin}/some/where/`)).toBe(true);
    }
    expect(complaints).toEqual([]);
  });

  it("keeps the page's state in the address, over reload and back", async () => {
    const { page } = await open("?shift=2");
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await page.waitForURL(/step=1/);
    await page.reload();
    await page.getByRole("article", { name: "Agent wild" }).getByRole("img").waitFor();
    expect(new URL(page.url()).search).toMatch(/shift=2.*step=1|step=1.*shift=2/);
  });

  it("shows the leagues that it was built with, at an address that can be sent on", async () => {
    const watched = await browser.open(`${server.origin}/some/where/league/${leagueName}?show=all&find=keys%2Fproxy`);
    const { page } = watched;
    await page.getByText("4 of 60 organisms").waitFor();
    await expectSound(watched, "site-league");
    await page.getByRole("link", { name: "Leagues" }).click();
    await page.getByRole("link", { name: "sixty made-up organisms" }).waitFor();
    const without = await browser.open(`${withMissing.origin}/studio/`);
    await without.page.getByRole("heading", { level: 1 }).waitFor();
    expect(await without.page.getByRole("link", { name: "League" }).count()).toBe(0);
  });

  it("leads an address cut short to the audits to the first page, which links them, and says of other folders that no page is there", async () => {
    const { page, complaints, foreign } = await browser.open(`${server.origin}/some/where/audits/`);
    await page.getByRole("link", { name: "Audit report of wild" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/some\/where\/?$/);
    await page.getByRole("link", { name: "Audit report of B" }).click();
    await page.getByRole("heading", { level: 1, name: "Audit report" }).waitFor();
    await page.goto(`${server.origin}/some/where/recorded/league/${leagueName}/`);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "Home" }).click();
    await page.getByRole("heading", { level: 1, name: "Three agents, one score" }).waitFor();
    expect([...complaints, ...foreign]).toEqual([]);
  });

  it("says that it may have threads where the server sends the headers of isolation", async () => {
    const { page } = await browser.open(`${isolated.origin}/some/where/`);
    await page.getByText(/the page is isolated/).waitFor();
  });

  it("says where the server hands out the page for what is missing that there is no such page, or no lab, and leads home", async () => {
    const { page, mayComplain } = await browser.open(`${withMissing.origin}/studio/no/such/page`);
    mayComplain(/status of 404/);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await page.goto(`${withMissing.origin}/studio/runs?filter=state%3Adone`);
    await page.getByRole("heading", { name: "No lab behind this page" }).waitFor();
    await page.getByRole("link", { name: "Mesascope" }).click();
    await page.getByRole("heading", { level: 1, name: "Three agents, one score" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/studio\/?$/);
  });
});

it("lets the engine lie in the package once", async () => {
  const files = await readdir(dirname(builtStudio), { recursive: true });
  expect(files.filter((file) => file.endsWith(".wasm"))).toEqual([join("browser", "bundle", "ort-wasm-simd-threaded.wasm")]);
});
