// Speed and memory of the engine in a browser: WebAssembly in headless Chromium, beside the native engine in one run.

import type { Engine } from "../../core/engine/engine.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { createNativeEngine } from "../../node/engine/native-engine.ts";
import { findMeasuringBrowser, type MeasuringBrowser, openMeasuringBrowser } from "./browser/measuring-browser.ts";
import { nextFeeds, type RecordedStep, recordStep } from "./browser/recorded-step.ts";
import { mlpTrainWorkload } from "./engine/mlp-workloads.ts";
import { type Figure, type Measurement, type MeasureOptions, medianOf } from "./figure.ts";

const mebibyte = 2 ** 20;
const nothing = { value: null, low: null, high: null } as const;

/** A PPO step of an MLP 676-256-256 on 1024 dense observations, the one that is measured beside PyTorch. */
async function denseStep(engine: Engine): Promise<void> {
  const workload = await mlpTrainWorkload(engine);
  await workload.step();
  await workload.release();
}

/** The first PPO step of organism A: sparse observations of the arcade, hidden layers 64 and 64. */
async function arcadeStep(engine: Engine): Promise<void> {
  const run = await TrainingRun.create(engine, findOrganism("A").recipe({ preset: "standard", seed: 1 }));
  await run.update();
  await run.release();
}

interface StepOptions {
  readonly take: (engine: Engine) => Promise<void>;
  readonly options: MeasureOptions;
}

/** The recorded step, natively and in Chromium with one thread; nulls where there is no Chromium. */
async function withBrowser(
  { take, options }: StepOptions,
  measure: (both: { readonly native: NativeRuns; readonly browser: MeasuringBrowser }) => Promise<Measurement>,
): Promise<Measurement> {
  const found = findMeasuringBrowser();
  if ("missing" in found) return { ...nothing, skipped: `browser not measured: ${found.missing}` };
  const engine = await createNativeEngine();
  const step = await recordStep(engine, take);
  const browser = await openMeasuringBrowser(step, { program: found.program, threads: 1, signal: options.signal });
  const native = await nativeRuns(engine, step);
  try {
    return await measure({ native, browser });
  } finally {
    await browser.close();
    await native.release();
  }
}

interface NativeRuns {
  /** Takes so many steps, each fed with what the one before gave; returns milliseconds. */
  run(steps: number): Promise<number>;
  release(): Promise<void>;
}

async function nativeRuns(engine: Engine, { model, feeds: first }: RecordedStep): Promise<NativeRuns> {
  const session = await engine.compile(model);
  let feeds = first;
  return {
    run: async (steps) => {
      const start = performance.now();
      for (let i = 0; i < steps; i++) feeds = nextFeeds(feeds, await session.run(feeds));
      return performance.now() - start;
    },
    release: () => session.release(),
  };
}

/** Speed in the browser over the native one, median over pairs of bursts, one after the other. */
function speedRatio(take: StepOptions["take"], options: MeasureOptions): Promise<Measurement> {
  return withBrowser({ take, options }, async ({ native, browser }) => {
    const pairs = options.isQuick ? 3 : 9;
    const millisecondsPerBurst = options.isQuick ? 500 : 2000;
    const warm = 30; // the browser's compiler needs some tens of steps to settle
    const pace = { native: (await native.run(warm)) / warm, browser: 0, name: "" };
    for (const steps of [warm, warm]) {
      const { milliseconds, engine } = await browser.run(steps);
      pace.browser = milliseconds / steps;
      pace.name = engine;
    }
    const times: { readonly native: number; readonly browser: number }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      options.onProgress(`pair ${pair + 1} of ${pairs}`);
      const nativeSteps = Math.ceil(millisecondsPerBurst / pace.native);
      const browserSteps = Math.ceil(millisecondsPerBurst / pace.browser);
      const onNative = (await native.run(nativeSteps)) / nativeSteps;
      const { milliseconds } = await browser.run(browserSteps);
      times.push({ native: onNative, browser: milliseconds / browserSteps });
    }
    const median = (side: "native" | "browser") => medianOf(times.map((time) => time[side])).value!.toFixed(2);
    const note = `${median("native")} ms a step natively, ${median("browser")} ms in Chromium on ${pace.name}`;
    return { ...medianOf(times.map((time) => time.native / time.browser)), note };
  });
}

const fewSteps = 1000;
const manySteps = 10_000;

/** Growth of the runtime's WebAssembly memory between the first few steps and the last; it never shrinks. */
function browserGrowth(options: MeasureOptions): Promise<Measurement> {
  return withBrowser({ take: arcadeStep, options }, async ({ browser }) => {
    const blocks = options.isQuick ? 2 : manySteps / fewSteps;
    const heap: number[] = [];
    for (let block = 0; block < blocks; block++) {
      options.onProgress(`steps ${block * fewSteps} to ${(block + 1) * fewSteps}`);
      heap.push((await browser.run(fewSteps)).heapBytes / mebibyte);
    }
    return growthOf(heap);
  });
}

/** Growth of the process's resident memory, by its high-water mark in each thousand steps: between, garbage comes and goes by tens of MiB. */
async function nativeGrowth(options: MeasureOptions): Promise<Measurement> {
  const engine = await createNativeEngine();
  const native = await nativeRuns(engine, await recordStep(engine, arcadeStep));
  try {
    const blocks = options.isQuick ? 2 : manySteps / fewSteps;
    const resident: number[] = [];
    for (let block = 0; block < blocks; block++) {
      options.onProgress(`steps ${block * fewSteps} to ${(block + 1) * fewSteps}`);
      let largest = 0;
      for (let steps = 0; steps < fewSteps; steps += 10) {
        await native.run(10);
        largest = Math.max(largest, process.memoryUsage.rss() / mebibyte);
      }
      resident.push(largest);
    }
    return growthOf(resident);
  } finally {
    await native.release();
  }
}

/** From the first thousand steps to the last, in MiB; low and high are the least and most from one thousand to the next. */
function growthOf(samples: readonly number[]): Measurement {
  const each = samples.slice(1).map((sample, i) => sample - samples[i]!);
  const note = `${samples[0]!.toFixed(1)} MiB after the first ${fewSteps} steps, ${samples.at(-1)!.toFixed(1)} MiB after the last`;
  return { value: samples.at(-1)! - samples[0]!, low: Math.min(...each), high: Math.max(...each), note };
}

export const browserFigures: readonly Figure[] = [
  {
    name: "engine.browser.mlp.train",
    unit: "× native",
    definition:
      "A PPO gradient step on an MLP 676-256-256, 1024 dense observations, one thread of WebAssembly in headless Chromium: its speed over the native engine's, median over pairs of bursts that alternate.",
    goal: { comparison: "at-least", reach: 0.25, aim: 0.35 },
    measure: (options) => speedRatio(denseStep, options),
  },
  {
    name: "engine.browser.arcade.train",
    unit: "× native",
    definition:
      "As engine.browser.mlp.train, for the step that arcade organisms are trained by: sparse observations, hidden layers 64 and 64, minibatch 1024.",
    goal: { comparison: "at-least", reach: 0.25, aim: 0.35 },
    measure: (options) => speedRatio(arcadeStep, options),
  },
  {
    name: "engine.browser.memoryGrowth",
    unit: "MiB",
    definition:
      "Growth of the WebAssembly memory from the first thousand to the last of 10,000 training steps of the arcade in one worker; low and high are the least and most from one thousand to the next.",
    goal: { comparison: "at-most", reach: 1, aim: 0 },
    measure: browserGrowth,
  },
  {
    name: "engine.native.memoryGrowth",
    unit: "MiB",
    definition:
      "Growth of the process's resident memory from the first thousand to the last of 10,000 training steps of the arcade, by the largest value of each thousand; low and high are the least and most from one thousand to the next.",
    goal: { comparison: "at-most", reach: 5, aim: 1 },
    measure: nativeGrowth,
  },
];
