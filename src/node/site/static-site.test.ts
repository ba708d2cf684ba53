// What a build of the site writes, over what, and what it refuses. That pages of it work is for test/studio/static-site.test.ts.

import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildStaticSite, type StaticSiteOptions } from "./static-site.ts";

let folder: string;
let studio: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-site-"));
  studio = join(folder, "dist", "studio");
  out = join(folder, "site");
  await mkdir(join(studio, "assets"), { recursive: true });
  await mkdir(join(folder, "dist", "engine"));
  await writeFile(
    join(studio, "index.html"),
    '<head><meta charset="utf-8" /><script type="module" src="/assets/app-1.js"></script></head>',
  );
  await writeFile(join(studio, "assets", "app-1.js"), "app");
  await writeFile(join(studio, "manifest.json"), "{}");
  await writeFile(join(studio, "shared-files.json"), '{"assets/engine-2.wasm":"engine/engine.wasm"}');
  await writeFile(join(folder, "dist", "engine", "engine.wasm"), "engine");
});
afterEach(() => rm(folder, { recursive: true }));

const none: StaticSiteOptions["leagues"] = { names: [], files: [] };
const one: StaticSiteOptions["leagues"] = {
  names: ["abc"],
  files: [{ path: "league/abc/league.json", content: "{}" }],
};
/** The audits of the first page's agents, and where all of them are. */
const recorded = ["", ...["A", "B", "C1", "wild"].map((agent) => `recorded-${agent}/`)].map((of) => `audits/${of}index.html`);
const build = (options: Partial<StaticSiteOptions> = {}) =>
  buildStaticSite({ out, base: null, leagues: none, studio, ...options });
const page = (path: string) => readFile(join(out, path), "utf8");
const listed = async () => {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();
};

it("writes a page per address with paths from where it lies, and the files that are shared with the rest of the package", async () => {
  const site = await build({ leagues: one });
  expect(await listed()).toEqual([
    ...["assets/app-1.js", "assets/engine-2.wasm", "assets/index.html", ...recorded],
    ...["editor/index.html", "episode/index.html", "index.html", "league/abc/index.html", "league/index.html"],
    ...["mesascope-site.json", "recorded/index.html", "recorded/league/abc/index.html", "recorded/league/abc/league.json"],
    "recorded/league/index.html",
  ]);
  expect(site).toMatchObject({ folder: out, files: 17 });
  expect(await page("assets/engine-2.wasm")).toBe("engine");
  expect(await page("index.html")).toContain('src="./assets/app-1.js"');
  expect(await page("league/index.html")).toContain('src="../assets/app-1.js"');
  expect(await page("league/abc/index.html")).toContain('<meta name="mesascope-site" content="../../" />');
  expect(await page("index.html")).toContain('<meta name="mesascope-recorded" content="leagues" />');
});

it("has a page in each of its folders, so that no server lists what lies there", async () => {
  await build({ leagues: one });
  const files = await listed();
  const folders = new Set(files.map((file) => file.slice(0, file.lastIndexOf("/") + 1)));
  for (const folder of folders) expect(files).toContain(`${folder}index.html`);
  expect(await page("audits/index.html")).toContain('src="../assets/app-1.js"');
  expect(await page("recorded/league/abc/index.html")).toContain('<meta name="mesascope-site" content="../../../" />');
});

it("says in each page what may be loaded, without what only headers can say", async () => {
  await build();
  const html = await page("index.html");
  expect(html).toMatch(/http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/);
  expect(html).not.toContain("frame-ancestors");
  expect(html).not.toContain("mesascope-recorded");
});

it("writes whole paths and a page for what is missing where the site's place is given", async () => {
  await build({ base: "/some/place/" });
  for (const file of ["index.html", "404.html"]) expect(await page(file)).toContain('src="/some/place/assets/app-1.js"');
  for (const base of ["some/place/", "/some", "//elsewhere/", "/../", "/a b/", "https://elsewhere/"])
    await expect(build({ base })).rejects.toThrow(/expected the path under which the site will lie/);
});

it("writes over what it wrote before, removes what is no more, and leaves what somebody put beside it", async () => {
  await build({ leagues: one, base: "/" });
  await writeFile(join(out, "CNAME"), "lab.example");
  await writeFile(join(studio, "assets", "app-3.js"), "another");
  await rm(join(studio, "assets", "app-1.js"));
  await build();
  expect(await listed()).toEqual([
    ...["CNAME", "assets/app-3.js", "assets/engine-2.wasm", "assets/index.html", ...recorded],
    ...["editor/index.html", "episode/index.html", "index.html", "mesascope-site.json"],
  ]);
});

it("refuses a folder with anything else in it, a file, and a list that leads out of the folder, and changes nothing there", async () => {
  await mkdir(out);
  await writeFile(join(out, "thesis.txt"), "mine");
  await expect(build()).rejects.toThrow(/is not empty, and what lies in it was not made by "mesascope studio build"/);
  await expect(build({ out: join(out, "thesis.txt") })).rejects.toThrow(/where a file is; expected a new or empty folder/);
  const list = { schema: "mesascope/site-files@1", files: ["../dist/studio/index.html"] };
  await writeFile(join(out, "mesascope-site.json"), JSON.stringify(list));
  await expect(build()).rejects.toThrow(/is not empty/);
  expect(await listed()).toEqual(["mesascope-site.json", "thesis.txt"]);
  expect(await page("thesis.txt")).toBe("mine");
});

it("follows no link out of its folder, neither to write nor to remove", async () => {
  await build({ leagues: one });
  const elsewhere = join(folder, "elsewhere");
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, "app-1.js"), "mine");
  await rm(join(out, "assets"), { recursive: true });
  await symlink(elsewhere, join(out, "assets"));
  await expect(build()).rejects.toThrow(/assets is a link; expected nothing there, or what an earlier build wrote/);
  await rm(join(out, "assets"));
  await rm(join(out, "index.html"));
  await symlink(join(elsewhere, "app-1.js"), join(out, "index.html"));
  await expect(build()).rejects.toThrow(/index\.html is a link/);
  expect(await readFile(join(elsewhere, "app-1.js"), "utf8")).toBe("mine");
  expect(await readdir(elsewhere)).toEqual(["app-1.js"]);
});

it("writes over no file that somebody put at a place of the site's", async () => {
  await build();
  await writeFile(join(out, "404.html"), "mine");
  await expect(build({ base: "/" })).rejects.toThrow(/404\.html is a file of somebody else's; .* Nothing was written/);
  expect(await page("404.html")).toBe("mine");
  expect(await page("index.html")).toContain('src="./assets/app-1.js"');
});

it("says so where the studio is not built", async () => {
  await expect(build({ studio: join(folder, "nowhere") })).rejects.toThrow(/the studio is not built .* npm run build/);
});
