// Speed of every world of the list on one core: steps with their observations, and levels.

import { Prng } from "../../core/base/prng.ts";
import { findWorld, worlds } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";
import { type Figure, type MeasureOptions, medianOf } from "./figure.ts";

const numEnvs = 128;
const poolSize = 4096;

const stepGoal = { comparison: "at-least", reach: 5e6, aim: 10e6 } as const;
const levelGoal = { comparison: "at-least", reach: 1e5, aim: 1e6 } as const;
/** Where more happens in a step than a move and what is there: gravity and enemies, monsters that chase. */
const busyStepGoal = { comparison: "at-least", reach: 1e6, aim: 5e6 } as const;
const ownStepGoals: Readonly<Record<string, Figure["goal"]>> = { runner: busyStepGoal, monsters: busyStepGoal };

/**
 * Times `work`, which returns how much it did, several times after a warm-up; amounts per second of this process's processor time, which
 * on an idle machine is no less than the time that passes. Other programs take time, and what they leave is what is measured.
 */
function rates(work: () => number, options: MeasureOptions): number[] {
  work();
  return Array.from({ length: options.isQuick ? 3 : 7 }, () => {
    const start = process.cpuUsage();
    const amount = work();
    const { user, system } = process.cpuUsage(start);
    return amount / ((user + system) / 1e6);
  });
}

/** A run of random actions on training levels of a pool, every step observed; returns how many environment steps it made. */
function stepping(world: World, options: MeasureOptions): () => number {
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
  const steps = options.isQuick ? 3_000 : 15_000;
  return () => {
    for (let t = 0; t < steps; t++) {
      batch.step(actions[t & 63]!);
      for (let env = 0; env < numEnvs; env++) if (batch.done[env] !== 0) batch.reset(env, pool[episodes++ % poolSize]!);
      encoder.writeActive(batch, out);
    }
    return steps * numEnvs;
  };
}

function drawing(world: World, options: MeasureOptions): () => number {
  const prng = Prng.fromSeed(options.seed);
  const levels = options.isQuick ? 10_000 : 50_000;
  return () => {
    for (let i = 0; i < levels; i++) world.sampleLevel(world.training, prng);
    return levels;
  };
}

function stepsFigure({ name }: World): Figure {
  return {
    name: `worlds.${name}.stepsPerSecond`,
    unit: "environment steps/s",
    definition: `Random actions in ${numEnvs} environments on training levels from a pool: dynamics, features, new episodes, and the observation of every step as places of its ones. Per second of processor time; median of repeats.`,
    goal: ownStepGoals[name] ?? stepGoal,
    measure: async (options) => medianOf(rates(stepping(findWorld(name), options), options)),
  };
}

function levelsFigure({ name }: World): Figure {
  return {
    name: `worlds.${name}.levelsPerSecond`,
    unit: "levels/s",
    definition:
      "Training levels drawn, with whatever makes sure that they can be won in time. Per second of processor time; median of repeats.",
    goal: levelGoal,
    measure: async (options) => medianOf(rates(drawing(findWorld(name), options), options)),
  };
}

/** Two figures per world; those of all worlds' steps come first, so that they are measured right after each other. */
export const worldFigures: readonly Figure[] = [...worlds.map(stepsFigure), ...worlds.map(levelsFigure)];
