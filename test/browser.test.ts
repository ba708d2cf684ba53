// The package's browser bundle in headless Chromium: training in web workers, with one thread and with several, from our own server only.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openMeasuringBrowser } from "../src/cli/bench/browser/measuring-browser.ts";
import { type RecordedStep, recordStep } from "../src/cli/bench/browser/recorded-step.ts";
import { findOrganism } from "../src/core/organisms/index.ts";
import type { Recipe } from "../src/core/organisms/recipe.ts";
import { TrainingRun } from "../src/core/organisms/training-run.ts";
import { createNativeEngine } from "../src/node/engine/native-engine.ts";
import { chromiumArguments, findChromium } from "../src/node/web/chromium.ts";
import { type StaticServer, serveFolder } from "../src/node/web/static-server.ts";

const bundle = join(import.meta.dirname, "..", "dist", "browser", "bundle");
const program = findChromium();
// Continuous integration sets the variable, so that the tests cannot be left out there without a word.
const isNeeded = process.env.MESASCOPE_REQUIRE_CHROMIUM === "1";
if (program === null && !isNeeded)
  process.stderr.write("no Chromium on this machine (MESASCOPE_CHROMIUM names one): the browser tests are skipped\n");

/** A recipe that is trained in a second. */
function shortRecipe(): Recipe {
  const recipe = findOrganism("A").recipe({ preset: "quick", seed: 1 });
  const { optimizer } = recipe;
  if (optimizer.kind !== "ppo") throw new Error(`organism A is trained by ${optimizer.kind}; expected ppo`);
  const size = { numEnvs: 32, numSteps: 32, minibatchSize: 256, totalTimesteps: 20 * 32 * 32 };
  return { ...recipe, optimizer: { ...optimizer, ...size } };
}

/** What trainings in the page are told, with bytes as arrays of numbers. */
interface PageOutcome {
  readonly kind: "trained" | "stopped";
  readonly model: number[];
  readonly engine: string;
  readonly oracleShare: number;
  readonly progress: readonly { readonly environmentSteps: number; readonly oracleShare: number; readonly engine: string }[];
}

describe.skipIf(program === null && !isNeeded)("the browser bundle in Chromium", () => {
  let browser: Browser;
  const servers: StaticServer[] = [];
  let page: Page;
  let requests: string[];

  beforeAll(async () => {
    if (program === null) throw new Error("MESASCOPE_REQUIRE_CHROMIUM=1 is set, but there is no Chromium. Install one.");
    if (!existsSync(join(bundle, "mesascope.js"))) throw new Error(`${bundle} is not built; run "npm run build" first.`);
    for (const isIsolated of [false, true]) {
      const answer = (path: string) =>
        path === "/" ? { type: "text/html", body: "<!doctype html><title>Test</title>" } : undefined;
      servers.push(await serveFolder({ folder: bundle, isIsolated, answer }));
    }
    browser = await chromium.launch({ executablePath: program, args: [...chromiumArguments()] });
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    requests = [];
    page.context().on("request", (request) => requests.push(request.url()));
  });
  afterEach(() => page.context().close());

  /** Runs the body of an async function in the page: `m` is the bundle, `given` plain data. */
  async function inPage<Result>(body: string, given: unknown = null): Promise<Result> {
    const source = `(async () => { const m = await import("/mesascope.js"); const given = ${JSON.stringify(given)}; ${body} })()`;
    return await page.evaluate<Result>(source);
  }

  /** Trains in a worker of the page; `watching` may stop the training, with `training` in its hands. */
  function train(recipe: Recipe, options: { readonly threads?: number; readonly watching?: string } = {}): Promise<PageOutcome> {
    return inPage<PageOutcome>(
      `const progress = [];
       const { recipe, threads } = given;
       const training = m.trainInWorker({ recipe, engine: { threads }, onProgress: (p) => progress.push(p) });
       const outcome = await (async () => { ${options.watching ?? "return await training.result;"} })();
       return { kind: outcome.kind, model: [...outcome.model], engine: outcome.engine, oracleShare: outcome.evaluation.oracleShare, progress };`,
      { recipe, threads: options.threads },
    );
  }

  it.each([
    ["one thread where the page is not isolated", 0, 1],
    ["two threads where it is cross-origin isolated", 1, 2],
  ])(
    "trains organism A, preset quick, to 95 percent of the oracle on %s, and asks nobody else for anything",
    async (_, server, threads) => {
      const { origin } = servers[server]!;
      await page.goto(`${origin}/`);
      expect(await page.evaluate<boolean>("crossOriginIsolated")).toBe(threads > 1);
      const outcome = await train(findOrganism("A").recipe({ preset: "quick", seed: 1 }), { threads: 2 });
      expect(outcome.engine).toMatch(new RegExp(`^onnxruntime-web \\S+ \\(wasm, ${threads} threads?\\)$`));
      expect(outcome.oracleShare).toBeGreaterThanOrEqual(0.95);
      const [first, last] = [outcome.progress[0]!, outcome.progress.at(-1)!];
      expect(first).toMatchObject({ environmentSteps: 0, engine: outcome.engine });
      expect(first.oracleShare).toBeLessThan(0.7);
      expect(last.environmentSteps).toBeGreaterThanOrEqual(250_000);
      expect(last.oracleShare).toBe(outcome.oracleShare);
      expect(requests).toContain(`${origin}/ort-wasm-simd-threaded.wasm`);
      expect(requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith("blob:"))).toEqual([]);
      await expectSameLogits(Uint8Array.from(outcome.model));
    },
  );

  /** The trained policy, in the page and on the native engine. */
  async function expectSameLogits(model: Uint8Array): Promise<void> {
    const session = await (await createNativeEngine()).compile(model);
    const inputs = session.inputShapes.observation![1] as number;
    const rows = 16;
    const data = Float32Array.from({ length: rows * inputs }, (_, i) => (i % 7 === i % 3 ? 1 : 0));
    const { logits } = await session.run({ observation: { dtype: "float32", dims: [rows, inputs], data } });
    await session.release();
    const onWeb = await inPage<number[]>(
      `const session = await m.createWebEngine({ threads: 1 }).compile(Uint8Array.from(given.model));
       const { logits } = await session.run({ observation: { dtype: "float32", dims: given.dims, data: Float32Array.from(given.data) } });
       return [...logits.data];`,
      { model: [...model], dims: [rows, inputs], data: [...data] },
    );
    expect(onWeb).toHaveLength(logits!.data.length);
    for (const [i, logit] of (logits!.data as Float32Array).entries()) expect(Math.abs(onWeb[i]! - logit)).toBeLessThan(1e-4);
  }

  it("would notice a request to somebody else, from a worker too", async () => {
    await page.goto(`${servers[0]!.origin}/`);
    const elsewhere = `${servers[1]!.origin}/elsewhere`;
    await page.evaluate(
      `new Promise((resolve) => {
         const source = "fetch(" + ${JSON.stringify(JSON.stringify(elsewhere))} + ").catch(() => {}).then(() => postMessage(0))";
         new Worker(URL.createObjectURL(new Blob([source]))).onmessage = resolve;
       })`,
    );
    expect(requests).toContain(elsewhere);
  });

  it("stopped and resumed gives the bits of an uninterrupted run, and so does a run that was watched and saved", async () => {
    await page.goto(`${servers[0]!.origin}/`);
    const recipe = shortRecipe();
    const whole = await train(recipe);
    const resumed = await train(recipe, {
      watching: `const until = (steps) => new Promise((resolve) => {
               const look = () => (progress.some((p) => p.environmentSteps >= steps) ? resolve() : setTimeout(look, 5));
               look();
             });
             await until(1);
             const saved = await training.snapshot();
             training.stop();
             const stopped = await training.result;
             if (stopped.kind !== "stopped") throw new Error("not stopped: " + stopped.kind);
             const again = (snapshot) => m.trainInWorker({ recipe, snapshot, engine: { threads } }).result;
             const [fromStop, fromSaved] = await Promise.all([again(stopped.snapshot), again(saved)]);
             if (fromStop.model.join() !== fromSaved.model.join()) throw new Error("the two resumed runs differ");
             return fromStop;`,
    });
    expect(resumed.progress.at(-1)!.environmentSteps).toBeLessThan(whole.progress.at(-1)!.environmentSteps);
    expect(resumed.model).toEqual(whole.model);
    expect(resumed.oracleShare).toBe(whole.oracleShare);
  });

  it("gives the errors of the worker their codes", async () => {
    await page.goto(`${servers[0]!.origin}/`);
    const codeOf = (change: string) =>
      inPage<string>(
        `const { recipe } = given; let options = { recipe };
         ${change};
         return await m.trainInWorker(options).result.then((outcome) => outcome.kind, (error) => error.name + " " + error.code);`,
        { recipe: shortRecipe() },
      );
    expect(await codeOf(`recipe.world.name = "arcadia"`)).toBe("MesascopeError usage");
    expect(await codeOf(`recipe.seed = -1`)).toBe("MesascopeError invalid-data");
    expect(await codeOf(`options.snapshot = { tensors: {}, state: null }`)).toBe("MesascopeError invalid-checkpoint");
    expect(await codeOf(`options.worker = new Worker("/no-such-worker.js", { type: "module" })`)).toBe(
      "MesascopeError worker-lost",
    );
    expect(await codeOf(`options.engine = { wasmPaths: "/no/such/folder/" }`)).toMatch(/^MesascopeError (engine|invalid-model)$/);
  });

  it("measures a recorded training step: time, memory and engine, and reports a model that it cannot run", async () => {
    const engine = await createNativeEngine();
    const step = await recordStep(engine, async (recording) => {
      const run = await TrainingRun.create(recording, shortRecipe());
      await run.update();
      await run.release();
    });
    const open = (given: RecordedStep) =>
      openMeasuringBrowser(given, { program: program!, threads: 1, signal: new AbortController().signal });
    const good = await open(step);
    const runs = [await good.run(2), await good.run(5)];
    await good.close();
    for (const { milliseconds, heapBytes, engine: name } of runs) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(heapBytes).toBeGreaterThan(2 ** 20);
      expect(name).toMatch(/^onnxruntime-web .*1 thread\)$/);
    }
    const bad = await open({ ...step, model: step.model.subarray(0, 100) });
    await expect(bad.run(1)).rejects.toMatchObject({ code: "engine", message: expect.stringContaining("100 bytes") });
    await bad.close();
  });

  it("refuses a second set-up of the runtime in the same page, and a snapshot of a training that has ended", async () => {
    await page.goto(`${servers[0]!.origin}/`);
    const codes = await inPage<string[]>(
      `const codes = [];
       m.createWebEngine({ threads: 1 }); m.createWebEngine({ threads: 1 });
       for (const options of [{ threads: 1, wasmPaths: "/elsewhere/" }, { threads: 0 }])
         try { m.createWebEngine(options); } catch (error) { codes.push(error.code); }
       const training = m.trainInWorker({ recipe: given.recipe });
       training.stop();
       await training.result;
       await training.snapshot().catch((error) => codes.push(error.code));
       return codes;`,
      { recipe: shortRecipe() },
    );
    expect(codes).toEqual(["usage", "usage", "usage"]);
  });
});
