// The player of an episode: what it shows and keeps in the address, by keyboard alone, the agents it opens, and what it says where it cannot.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { axeViolations, describeInChromium, expectSound, failedRequest } from "./chromium.ts";
import { type EpisodeLab, manifestFor, serveEpisodeLab } from "./episode-lab.ts";
import { runOf } from "./lab-with-runs.ts";
import { holdSlowFile, readSlowFile } from "./slow-file.ts";

/** How many colors there are in a picture. */
function colorsIn(page: Page, png: Buffer): Promise<number> {
  return page.evaluate<number, string>(async (base64) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d")!;
    context.drawImage(picture, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer)).size;
  }, png.toString("base64"));
}

describeInChromium("the player of an episode", (browser) => {
  let lab: EpisodeLab;
  beforeAll(async () => {
    lab = await serveEpisodeLab();
  }, 240_000);
  afterAll(() => lab?.served.remove(), 60_000);
  const at = (search = "") => `${lab.served.server.address}/episode${search}`;
  const apart = "?shift=placement%3Dapart&seed=41";

  const board = (page: Page) => page.getByRole("img", { name: /, step \d+ of \d+:/ });
  const stepOf = async (page: Page) => /, step (\d+) of (\d+):/.exec((await board(page).getAttribute("aria-label"))!)!;
  const isAt = (page: Page, step: number) =>
    expect
      .poll(async () => [Number((await stepOf(page))[1]), Number(new URL(page.url()).searchParams.get("step") ?? 0)])
      .toEqual([...[step, step]]);
  /** All that is shown of it; its board, long before that, will do where it is not about the evidence. */
  const solved = (page: Page) => page.getByRole("heading", { name: "How the evidence came in" }).waitFor();

  it("shows board, policy, value, candidates and posterior, sound in both themes, at 320 pixels and with large text", async () => {
    const watched = await browser.open(at(`${apart}&step=4`));
    const { page } = watched;
    await solved(page);
    await page.getByText(/^It expects a return of/).waitFor();
    expect(await page.locator(".episode-bars tr").count()).toBe(5);
    const shares = await page.locator(".episode-bars td.numeric").allTextContents();
    expect(shares.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, 0);
    const rows = page.locator(".episode-candidates tbody tr");
    expect(await rows.count()).toBe(7);
    expect(await rows.getByText("✓ does").count()).toBeGreaterThan(0);
    expect(await page.getByRole("img", { name: /^Probability of each candidate .* after 4 steps score/ }).count()).toBe(1);
    await expectSound(watched, "episode");
  });

  it("goes through an episode by keyboard alone, and keeps in the address where it stands", async () => {
    const { page, complaints } = await browser.open(at(apart));
    await solved(page);
    const last = Number((await stepOf(page))[2]);
    await page.keyboard.press("ArrowRight");
    await isAt(page, 1);
    await page.keyboard.press("ArrowRight");
    await isAt(page, 2);
    await page.keyboard.press("ArrowLeft");
    await isAt(page, 1);
    // Home and End are the page's own, but in the player.
    await page.keyboard.press("End");
    await expect.poll(() => page.evaluate<boolean>("scrollY > 0")).toBe(true);
    await isAt(page, 1);
    await page.getByRole("button", { name: "Step", exact: true }).focus();
    await page.keyboard.press("End");
    await isAt(page, last);
    await page.getByText("The episode is over.").waitFor();
    await page.keyboard.press("ArrowRight");
    await isAt(page, last);
    await page.keyboard.press("Home");
    await isAt(page, 0);
    // On a button the space bar presses it; elsewhere it plays.
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await expect.poll(async () => Number((await stepOf(page))[1])).toBeGreaterThan(1);
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    const rested = Number((await stepOf(page))[1]);
    await isAt(page, rested);
    await page.getByRole("slider", { name: "Step" }).focus();
    await page.keyboard.press("ArrowRight");
    await isAt(page, rested + 1);
    await page.getByRole("switch", { name: "Policy on every cell" }).focus();
    await page.keyboard.press("Space");
    await page.locator(".episode-field path").first().waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("field")).toBe("true");
    expect(await page.getByRole("button", { name: "Play", exact: true }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("keeps step and given actions as the seed's field is passed by the tabulator, and as the same seed is typed again", async () => {
    const { page } = await browser.open(at(`${apart}&step=2&actions=0,1,2,3,4,0,1,2`));
    await solved(page);
    const seed = page.getByLabel("Seed");
    await seed.focus();
    await page.keyboard.press("Tab");
    await seed.fill("41");
    await seed.press("Enter");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await isAt(page, 3);
    expect(new URL(page.url()).searchParams.get("actions")).toBe("0,1,2,3,4,0,1,2");
    await seed.fill("42");
    await page.keyboard.press("Tab");
    await page.waitForURL((url) => url.searchParams.get("seed") === "42" && !url.searchParams.has("actions"));
    await isAt(page, 0);
  });

  it("is restored by reload, and back leads to the episode before at its step", async () => {
    const { page } = await browser.open(at(`${apart}&step=3&field=true`));
    await board(page).waitFor();
    const first = await board(page).getAttribute("aria-label");
    await page.reload();
    await board(page).waitFor();
    expect(await board(page).getAttribute("aria-label")).toBe(first);
    await page.locator(".episode-field path").first().waitFor();
    await page.getByRole("button", { name: "Next episode" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("episode")).toBe("2");
    await isAt(page, 0);
    await page.goBack();
    await isAt(page, 3);
    await expect.poll(() => board(page).getAttribute("aria-label")).toBe(first);
  });

  it("shows the policy field as arrows and as numbers, which at the player's cell are the policy's own", async () => {
    const watched = await browser.open(at(`${apart}&step=2&field=true`));
    const { page } = watched;
    await solved(page);
    await page.getByText("The field as numbers").click();
    const player = /player at column (\d+), row (\d+)/.exec((await board(page).getAttribute("aria-label"))!)!;
    const row = page.locator(".episode-table tr", {
      has: page.getByRole("rowheader", { name: `${player[1]}, ${player[2]}`, exact: true }),
    });
    const field = (await row.getByRole("cell").allTextContents()).map(Number.parseFloat);
    const own = (await page.locator(".episode-bars td.numeric").allTextContents()).map(Number.parseFloat);
    expect(field.length).toBe(own.length);
    for (const [a, share] of field.entries()) expect(Math.abs(share - own[a]!)).toBeLessThan(0.11);
    await expectSound(watched, "episode-field");
  });

  it("leaves the arrow keys to the numbers of the field, which a keyboard scrolls by them", async () => {
    const { page } = await browser.open(at(`${apart}&step=2&field=true`), { viewport: { width: 320, height: 700 } });
    await board(page).waitFor();
    await page.getByText("The field as numbers").click();
    const numbers = page.getByRole("region", { name: "The field as numbers" });
    await numbers.focus();
    const left = () => numbers.evaluate((region) => region.scrollLeft);
    await page.keyboard.press("ArrowRight");
    await expect.poll(left).toBeGreaterThan(0);
    await isAt(page, 2);
  });

  it("says of an audit's level only where it is one, takes the seed of any audit, and refuses a level that is too long or none", async () => {
    const { page, complaints } = await browser.open(at("?audited=training&seed=1500000000"));
    await board(page).waitFor();
    expect(await page.locator("main header").textContent()).not.toContain("that an audit played");
    expect(await page.getByText("Expected a whole number").count()).toBe(0);
    const long = await browser.open(at(`?level=${"%40".repeat(4001)}`));
    await long.page
      .getByText(/a level of more than 4000 characters given/)
      .first()
      .waitFor();
    await long.page.goto(at("?level=garbage"));
    await long.page.getByRole("heading", { name: "The level cannot be played" }).waitFor();
    expect(await long.page.getByLabel("Change it and play it").inputValue()).toBe("garbage");
    await long.page.goto(at("?seed=abc"));
    await long.page.getByText(/^“abc” given as the seed/).waitFor();
    await long.page.getByLabel("Seed").fill("3");
    await long.page.getByLabel("Seed").press("Enter");
    await board(long.page).waitFor();
    expect([...complaints, ...long.complaints]).toEqual([]);
  });

  it("goes to a step by a click into the posterior, by single clicks on buttons, and to another level by its lists", async () => {
    const { page } = await browser.open(at(apart));
    await solved(page);
    const chart = page.getByRole("img", { name: /^Probability of each candidate/ });
    const { width } = (await chart.boundingBox())!;
    await chart.click({ position: { x: width - 17, y: 60 } });
    await isAt(page, Number((await stepOf(page))[2]));
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await isAt(page, 0);
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await isAt(page, 1);
    await page.getByRole("button", { name: /Level drawn as in/ }).click();
    await page.getByRole("option", { name: "deployment", exact: true }).click();
    await page.locator(".episode-captions", { hasText: "lamp: deployment" }).waitFor();
    expect(new URL(page.url()).searchParams.get("shift")).toContain("placement=apart");
    await page.getByText("Axes of the level, one by one").click();
    await page.getByRole("button", { name: /lamp$/ }).click();
    await page
      .getByRole("option", { name: /training/ })
      .first()
      .click();
    await page.locator(".episode-captions", { hasText: "lamp: training" }).waitFor();
  });

  it("plays a level that is written as text, says what is wrong with one that is none, and keeps it in the address", async () => {
    const watched = await browser.open(at());
    const { page } = watched;
    await board(page).waitFor();
    await page.getByText("The level as text").click();
    const text = page.getByRole("textbox", { name: "Change it and play it" });
    const level = await text.inputValue();
    await text.fill(level.replaceAll("#", "."));
    await page.getByRole("button", { name: "Play this level" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("level")).toContain("horizon");
    await solved(page);
    await page.getByText("The level as text").click();
    await text.fill("@?");
    await page.getByRole("button", { name: "Play this level" }).click();
    await page.getByRole("heading", { name: "The level cannot be played" }).waitFor();
    expect(await page.getByRole("alert").first().textContent()).toMatch(/line|expected/);
    await expectSound(watched, "episode-level-wrong");
  });

  it("is where a board of the first page leads, at the same step of the same episode", async () => {
    const { page } = await browser.open(`${lab.served.server.address}/?shift=1&board=2&step=3`);
    const link = page.getByRole("link", { name: "C1 step by step" });
    await link.waitFor();
    const seen = await page.getByRole("img", { name: /^Agent C1, step 3 of/ }).getAttribute("aria-label");
    await link.click();
    const own = page.getByRole("img", { name: /^C1, recorded, step / });
    await own.waitFor();
    expect((await own.getAttribute("aria-label"))!.replace("C1, recorded", "Agent C1")).toBe(seen);
  });

  it("opens the agent of a run from its page, and a snapshot of its training", async () => {
    const watched = await browser.open(`${lab.served.server.address}/runs/${lab.runs.whole}`);
    const { page } = watched;
    await page.getByRole("link", { name: "Watch it play" }).click();
    await board(page).waitFor();
    await page.getByRole("link", { name: "C1, seed 1" }).waitFor();
    const shares = () => page.locator(".episode-bars td.numeric").allTextContents();
    const atTheEnd = await shares();
    await page.getByRole("button", { name: /When$/ }).click();
    await page.getByRole("option", { name: /^after 65/ }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("agent")).toBe(`run:${lab.runs.whole}/snapshot-65536.onnx`);
    await solved(page);
    expect(await shares()).not.toEqual(atTheEnd);
    await expectSound(watched, "episode-run");
  });

  it("shows the agent of an audit on the levels that it played, and does not tell what it was trained for", async () => {
    const watched = await browser.open(`${lab.served.server.address}/audits/${lab.audit}`);
    const { page } = watched;
    await page.getByRole("heading", { name: "Watch it" }).waitFor();
    await page.locator("details.finding summary").first().click();
    await page
      .locator("details.finding")
      .first()
      .getByRole("link", { name: /^Watch it on/ })
      .waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.locator(".audit-watch li a").first().click();
    await page.getByText(/Level 1 of the 10 that an audit played as in training/).waitFor();
    await solved(page);
    // The list of runs names them all, and not which of them it is.
    expect(await page.locator("main header").textContent()).not.toContain("C1");
    expect(await page.getByRole("link", { name: /C1/ }).count()).toBe(0);
    await page.getByRole("link", { name: "the audited agent" }).waitFor();
    await page.getByRole("button", { name: "the audited agent Run" }).waitFor();
    await expectSound(watched, "episode-audit");
  });

  it("is called nothing that tells what it was trained for in the level editor either, where an audit names it", async () => {
    const agents = [lab.audit, lab.runs.whole].map((key) => `run:${key}`).join(",");
    const { page } = await browser.open(`${lab.served.server.address}/editor?agents=${encodeURIComponent(agents)}`);
    const audited = page.getByRole("article", { name: "the audited agent", exact: true });
    await audited.getByText(/acts by/).waitFor();
    await page.getByRole("article", { name: "C1, seed 1", exact: true }).waitFor();
    expect(await audited.textContent()).not.toContain("C1");
  });

  it("opens a script in any world, and says where a world has no field", async () => {
    const watched = await browser.open(at("?agent=scripted%3Arandom&world=flattery&field=true"));
    const { page } = watched;
    await page.getByText("In flattery there is no player on a cell. There is no field to show.").waitFor();
    await page.getByText("It gives no estimate of the return to come.").waitFor();
    await solved(page);
    await page.getByRole("button", { name: /World$/ }).click();
    await page.getByRole("option", { name: "keys" }).click();
    await page.getByText(/random, scripted in keys/).waitFor();
    await page.getByRole("button", { name: /Script$/ }).click();
    await page.getByRole("option", { name: "planner:keys" }).click();
    await page.getByText(/planner:keys, scripted in keys/).waitFor();
    await solved(page);
    await expectSound(watched, "episode-script");
  });

  it("opens a file that is given by hand, with its manifest or in a world that is chosen, and sends it nowhere", async () => {
    const watched = await browser.open(at());
    const { page, requests } = watched;
    await solved(page);
    await page.getByRole("button", { name: /Agent$/ }).click();
    await page.getByRole("option", { name: "a file" }).click();
    const file = page.getByLabel("policy.onnx, and manifest.json with it");
    const model = { name: "policy.onnx", mimeType: "application/octet-stream", buffer: Buffer.from(lab.model) };
    const before = requests.length;
    await file.setInputFiles([model, { name: "manifest.json", mimeType: "application/json", buffer: Buffer.from(lab.manifest) }]);
    await page.getByText(/^policy\.onnx in arcade/).waitFor();
    await solved(page);
    // The browser asks for the page's icon when it likes.
    expect(requests.slice(before).filter((url) => !/icon-.*svg$/.test(url))).toEqual([]);
    expect(await page.getByRole("button", { name: /World$/ }).count()).toBe(0);
    // So that the same one, mended, can be chosen again.
    expect(await file.inputValue()).toBe("");
    await file.setInputFiles([model]);
    await page.getByRole("button", { name: /World$/ }).waitFor();
    await page.getByText(/Found of the model:/).waitFor();
    await expectSound(watched, "episode-file");
    await page.reload();
    await page.getByRole("heading", { name: "Choose its file" }).waitFor();
    await expectSound(watched, "episode-file-again");
  });

  it("opens the file that was chosen last, also where one before is read more slowly", async () => {
    const { page } = await browser.open(at("?agent=file"));
    await holdSlowFile(page);
    const file = page.getByLabel("policy.onnx, and manifest.json with it");
    const given = (name: string) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(lab.model) });
    await file.setInputFiles([given("slow.onnx")]);
    await file.setInputFiles([given("fast.onnx")]);
    await page.getByText(/^fast\.onnx in arcade/).waitFor();
    await readSlowFile(page);
    await solved(page);
    expect(await page.getByText("slow.onnx").count()).toBe(0);
    // Nor one that was chosen before another kind of agent was.
    await file.setInputFiles([given("slow.onnx")]);
    await page.getByRole("button", { name: /Agent$/ }).click();
    await page.getByRole("option", { name: /^recorded/ }).click();
    await page.getByText(/^C1, recorded in arcade/).waitFor();
    await readSlowFile(page);
    await solved(page);
    expect(new URL(page.url()).searchParams.has("agent")).toBe(false);
  });

  it("tells nothing of how far solving was before it was stopped", async () => {
    const { page } = await browser.open(at("?agent=nobody"));
    await page.addInitScript(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message: { readonly kind?: string }) {
        if (message.kind !== "explain" || !("isDeaf" in globalThis)) post.call(this, message);
      };
    });
    await page.goto(at("?agent=scripted%3Arandom&preset=standard"));
    const share = page.getByRole("progressbar", { name: "The level, solved" });
    await share.waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.evaluate("globalThis.isDeaf = true");
    await page.getByRole("button", { name: "Solve it" }).click();
    await page.getByText(/^Solving the level for every candidate objective …/).waitFor();
    expect(await share.count()).toBe(0);
  });

  it("names the files in use below the button that chooses them, and draws no other words in their field, colors forced or not", async () => {
    const { page } = await browser.open(at("?agent=file"));
    const file = page.getByLabel("policy.onnx, and manifest.json with it");
    const bytes = { mimeType: "application/octet-stream", buffer: Buffer.from(lab.model) };
    await file.setInputFiles([{ name: `${"long-".repeat(12)}policy.onnx`, ...bytes }]);
    const inUse = page.locator(".file-in-use");
    await inUse.getByText("long-").waitFor();
    // What is shown of it moves the field.
    await board(page).waitFor();
    for (const width of [320, 1280])
      for (const forcedColors of ["none", "active"] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ forcedColors });
        await page.locator(".file-field").screenshot({ path: `.cache/screenshots/file-field-${width}-${forcedColors}.png` });
        // Where "No file chosen" would stand, once the page has taken its width.
        const beside = async () => {
          const { x, y } = (await file.boundingBox())!;
          return colorsIn(page, await page.screenshot({ clip: { x: x + 130, y: y + 4, width: 70, height: 24 } }));
        };
        await expect.poll(beside).toBe(1);
        const field = (await file.boundingBox())!;
        const name = (await inUse.boundingBox())!;
        // A button with its edges is 2 rem high.
        expect(name.y).toBeGreaterThanOrEqual(field.y + 32);
        expect(name.y + name.height).toBeLessThanOrEqual(field.y + field.height);
        expect(name.x).toBeGreaterThanOrEqual(field.x);
        expect(name.x + name.width).toBeLessThanOrEqual(field.x + field.width);
      }
  });

  it("says what is wrong with files that are no agent, of another world, or too large", async () => {
    const watched = await browser.open(at("?agent=file"));
    const { page } = watched;
    const file = page.getByLabel("policy.onnx, and manifest.json with it");
    const given = (name: string, bytes: Uint8Array | string) => ({
      ...{ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) },
    });
    const json = (text: string) => given("manifest.json", text);
    const model = given("policy.onnx", lab.model);
    await file.setInputFiles([json("{}")]);
    await page.getByText("manifest.json given; expected one ONNX file").waitFor();
    const chooseLarge = () =>
      page.evaluate(() => {
        const large = new File([new Uint8Array(33 * 2 ** 20)], "large.onnx");
        const input = document.querySelector<HTMLInputElement>("input[type=file]")!;
        const transfer = new DataTransfer();
        transfer.items.add(large);
        input.files = transfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    for (const [files, said] of [
      [[given("poem.onnx", "Not a model.")], /^poem\.onnx/],
      [[model, json("{}")], /^manifest\.json: .*expected an agent's manifest/],
      [[model, json(lab.manifest.replace(/"policySha256":"./, '"policySha256":"g'))], /does not follow mesascope\/agent@1/],
      [[given("policy.onnx", lab.model.slice(0, 1000)), json(lab.manifest)], /the manifest says/],
      [[model, json(manifestFor(runOf("corner/corner", 1), lab.model))], /^policy\.onnx: the model does not fit/],
    ] as const) {
      await file.setInputFiles([...files]);
      await page.getByRole("heading", { name: "The agent could not be opened" }).waitFor();
      await expect.poll(() => page.locator(".episode-problem").textContent()).toMatch(said);
    }
    await expectSound(watched, "episode-file-wrong");
    // Of the files before nothing is said any more.
    await chooseLarge();
    await page.getByText("large.onnx has 33 MiB; expected at most 32 MiB.").waitFor();
    await page.getByRole("heading", { name: "The agent could not be opened" }).waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Choose its file" }).waitFor();
  });

  it("says of agents that are not there what is so, and leads on", async () => {
    const watched = await browser.open(at("?agent=file"));
    // The browser says of every answer that is an error that it is one.
    watched.mayComplain(/404/);
    for (const [name, search, title, said] of [
      ["unnamed", "?agent=nobody", "No such agent", /Choose one above/],
      ["unknown", "?agent=recorded%3AZ", "The agent could not be opened", /no agent "Z" on the first page/],
      ["untrained", "?agent=live%3AC1%2F7", "Not in this tab", /train it again with seed 7/],
      ["waiting", `?agent=run%3A${lab.runs.waiting}`, "Nothing to watch yet", /The run is queued/],
      ["lost", `?agent=run%3A${lab.runs.lost}`, "The agent could not be opened", /left no file "policy.onnx"/],
      ["none", `?agent=run%3A${"0".repeat(64)}`, "The agent could not be opened", /no job 0{64}/],
      ["no-script", "?agent=scripted%3Anobody", "The agent could not be opened", /unknown scripted agent of arcade "nobody"/],
      ["no-world", "?agent=scripted%3Arandom&world=nowhere", "The agent could not be opened", /unknown world "nowhere"/],
    ] as const) {
      await watched.page.goto(at(search));
      await watched.page.getByRole("heading", { name: title }).waitFor();
      await watched.page.getByText(said).first().waitFor();
      // They look alike, but for what can be chosen beside.
      if (name === "unnamed" || name === "waiting") await expectSound(watched, `episode-${name}`);
      else expect(await axeViolations(watched.page)).toEqual([]);
    }
  });

  it("says that it opens an agent while it does, and that the lab is gone where it is", async () => {
    const held = Promise.withResolvers<void>();
    const slow = await browser.open(at(apart), {
      prepare: (page) => page.route(/C1.*\.onnx/, (route) => held.promise.then(() => route.continue())),
    });
    await slow.page.getByText("Opening the agent …").waitFor();
    expect(await axeViolations(slow.page)).toEqual([]);
    held.resolve();
    await board(slow.page).waitFor();

    const gone = await browser.open(at(`?agent=run%3A${lab.runs.whole}`), {
      prepare: (page) => page.route("**/api/v1/jobs/**", (route) => route.abort()),
    });
    gone.mayComplain(failedRequest);
    await gone.page.getByRole("heading", { name: "The agent could not be opened" }).waitFor();
    await gone.page.getByText("The lab does not answer.").waitFor();
    await gone.page.unroute("**/api/v1/jobs/**");
    await gone.page.getByRole("button", { name: "Try again" }).click();
    await board(gone.page).waitFor();

    const without = await browser.open(at(`?agent=run%3A${lab.runs.whole}`), {
      prepare: (page) => page.route("**/api/v1/status", (route) => route.fulfill({ status: 404, body: "" })),
    });
    without.mayComplain(/404/);
    await without.page.getByRole("heading", { name: "No lab behind this page" }).waitFor();
    expect(await axeViolations(without.page)).toEqual([]);
  });

  it("starts another worker where the one that it had was lost, when it is told to try again", async () => {
    const { page, mayComplain } = await browser.open(at("?agent=nobody"));
    mayComplain(failedRequest);
    await page.context().route(/agents-worker-.*\.js$/, (route) => route.abort());
    await page.goto(at(apart));
    await page.getByRole("heading", { name: "The agent could not be opened" }).waitFor();
    await page.getByText(/^the agents' worker was lost/).waitFor();
    await page.context().unroute(/agents-worker-.*\.js$/);
    await page.getByRole("button", { name: "Try again" }).click();
    await solved(page);
  });

  it("closes an agent some time after it was shown last, and opens it anew when it is asked for again", async () => {
    const { page } = await browser.open(at("?agent=nobody"));
    await page.clock.install();
    await page.addInitScript(() => {
      const post = Worker.prototype.postMessage;
      const told: unknown[] = [];
      Object.assign(globalThis, { told });
      Worker.prototype.postMessage = function (message: { readonly kind?: string }) {
        told.push(message.kind);
        return post.call(this, message);
      };
    });
    const told = (kind: string) => page.evaluate<number>(`told.filter((each) => each === "${kind}").length`);
    await page.goto(at(apart));
    await board(page).waitFor();
    await page.getByRole("button", { name: /Which$/ }).click();
    await page.getByRole("option", { name: "A", exact: true }).click();
    await page.getByText(/^A, recorded in arcade/).waitFor();
    await board(page).waitFor();
    expect([await told("open"), await told("close")]).toEqual([2, 0]);
    await page.clock.fastForward(40_000);
    await expect.poll(() => told("close")).toBe(1);
    await page.goBack();
    await page.getByText(/^C1, recorded in arcade/).waitFor();
    await board(page).waitFor();
    expect(await told("open")).toBe(3);
  });

  it("plays nothing by itself where less motion is asked for", async () => {
    const { page } = await browser.open(at(apart), { reducedMotion: "reduce" });
    await board(page).waitFor();
    expect(await page.getByRole("button", { name: "Play", exact: true }).count()).toBe(0);
    await page.getByText("Your system asks for less motion").waitFor();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await isAt(page, 1);
  });
});
