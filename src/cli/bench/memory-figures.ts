// Whether a long run keeps its memory flat.

import { findOrganism } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import type { Figure, MeasureOptions } from "./figure.ts";

const mebibyte = 2 ** 20;

/** Resident memory in MiB after each of `minutes`, while training runs follow each other. */
async function residentMemory(options: MeasureOptions, minutes: number): Promise<number[]> {
  const samples: number[] = [];
  const start = performance.now();
  for (let seed = options.seed; samples.length <= minutes; seed++) {
    const run = await TrainingRun.create(options.engine, findOrganism("A").recipe({ preset: "standard", seed }));
    while (!run.isDone && samples.length <= minutes) {
      await run.update();
      if (performance.now() - start < samples.length * 60_000) continue;
      samples.push(process.memoryUsage.rss() / mebibyte);
      options.onProgress(`minute ${samples.length - 1} of ${minutes}: ${samples.at(-1)!.toFixed(0)} MiB`);
    }
    await run.release();
  }
  return samples;
}

export const memoryFigures: readonly Figure[] = [
  {
    name: "ppo.arcade.memoryGrowth",
    unit: "MiB/min",
    definition:
      "Growth of the process's resident memory over ten minutes of training runs that follow each other, first minute left out; low and high are the smallest and largest growth in any minute.",
    goal: { comparison: "at-most", reach: 2, aim: 0.5 },
    async measure(options) {
      const minutes = options.isQuick ? 3 : 10;
      const settled = (await residentMemory(options, minutes)).slice(1);
      const growth = settled.slice(1).map((sample, i) => sample - settled[i]!);
      const value = (settled.at(-1)! - settled[0]!) / growth.length;
      return { value, low: Math.min(...growth), high: Math.max(...growth) };
    },
  },
];
