// Speed of a world on one core.

import { Prng } from "../../core/base/prng.ts";
import { findWorld } from "../../core/worlds/index.ts";
import { type Figure, type MeasureOptions, medianOf } from "./figure.ts";

const numEnvs = 128;
const poolSize = 4096;

/** Times `work`, which does `amount` of something, several times after a warm-up; amounts per second. */
async function rates(work: () => number, options: MeasureOptions): Promise<number[]> {
  work();
  return Array.from({ length: options.isQuick ? 3 : 7 }, () => {
    const start = performance.now();
    const amount = work();
    return amount / ((performance.now() - start) / 1000);
  });
}

export const worldFigures: readonly Figure[] = [
  {
    name: "world.arcade.stepsPerSecond",
    unit: "environment steps/s",
    definition:
      "Random actions in 128 environments on training levels from a pool: dynamics, features, new episodes, and the observation of every step as places of its ones. Median of repeats.",
    goal: { comparison: "at-least", reach: 5e6, aim: 10e6 },
    async measure(options) {
      const world = findWorld("arcade");
      const prng = Prng.fromSeed(options.seed);
      const pool = Array.from({ length: poolSize }, () => world.sampleLevel(world.training, prng));
      const encoder = world.encoders[0]!;
      const batch = world.createBatch(numEnvs);
      const out = new Int32Array(numEnvs * encoder.maxActive);
      const actions = Array.from({ length: 64 }, () =>
        Int32Array.from({ length: numEnvs }, () => prng.integer(world.actions.length)),
      );
      let episodes = 0;
      for (let env = 0; env < numEnvs; env++) batch.reset(env, pool[episodes++ % poolSize]!);
      const steps = options.isQuick ? 10_000 : 40_000;
      const work = () => {
        for (let t = 0; t < steps; t++) {
          batch.step(actions[t & 63]!);
          for (let env = 0; env < numEnvs; env++) if (batch.done[env] !== 0) batch.reset(env, pool[episodes++ % poolSize]!);
          encoder.writeActive(batch, out);
        }
        return steps * numEnvs;
      };
      return medianOf(await rates(work, options));
    },
  },
  {
    name: "world.arcade.levelsPerSecond",
    unit: "levels/s",
    definition: "Training levels drawn, with the check that a tour that avoids red fits in the time. Median of repeats.",
    goal: null,
    async measure(options) {
      const world = findWorld("arcade");
      const prng = Prng.fromSeed(options.seed);
      const levels = options.isQuick ? 20_000 : 100_000;
      const work = () => {
        for (let i = 0; i < levels; i++) world.sampleLevel(world.training, prng);
        return levels;
      };
      return medianOf(await rates(work, options));
    },
  },
];
