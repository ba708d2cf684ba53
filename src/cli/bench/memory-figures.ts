// Whether a long run keeps its memory flat.

import { findOrganism } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import type { Figure, MeasureOptions } from "./figure.ts";

const mebibyte = 2 ** 20;

/** The smallest resident memory of each minute of one training run, in MiB: the smallest, so that garbage not yet collected does not count. */
async function residentMemory(options: MeasureOptions, minutes: number): Promise<number[]> {
  const recipe = findOrganism("A").recipe({ preset: "standard", seed: options.seed });
  const endless = { ...recipe, optimizer: { ...recipe.optimizer, totalTimesteps: Number.MAX_SAFE_INTEGER } };
  const run = await TrainingRun.create(options.engine, endless);
  const smallest = new Array<number>(minutes).fill(Number.POSITIVE_INFINITY);
  const start = performance.now();
  try {
    for (let minute = 0; minute < minutes; minute = Math.floor((performance.now() - start) / 60_000)) {
      await run.update();
      const resident = process.memoryUsage.rss() / mebibyte;
      if (smallest[minute] === Number.POSITIVE_INFINITY)
        options.onProgress(`minute ${minute + 1} of ${minutes}: ${resident.toFixed(0)} MiB`);
      smallest[minute] = Math.min(smallest[minute]!, resident);
    }
    return smallest;
  } finally {
    await run.release();
  }
}

export const memoryFigures: readonly Figure[] = [
  {
    name: "ppo.arcade.memoryGrowth",
    unit: "MiB/min",
    definition:
      "Growth of the process's resident memory over ten minutes of one training run, by the smallest value of each minute, the first left out; low and high are the smallest and largest growth from one minute to the next.",
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
