// What the tortured labs work on: trainings of a second or two, feedforward and recurrent, with audits and measurements of some.

import type { Prng } from "../../src/core/base/prng.ts";
import { findOrganism } from "../../src/core/organisms/index.ts";
import type { Recipe } from "../../src/core/organisms/recipe.ts";
import { type JobKey, type JobSpec, jobKey, type TrainJob } from "../../src/lab/job.ts";
import { codeVersion } from "../../src/node/code-version.ts";

export interface TortureSweep {
  readonly sweep: string;
  readonly priority: number;
  readonly jobs: readonly JobSpec[];
}

export interface SweepSize {
  readonly runs: number;
  /** Of 32 environments by 32 steps. */
  readonly updates: number;
}

const environments = 64;
const steps = 32;

export function shortRecipe(seed: number, updates: number): Recipe {
  const recipe = findOrganism("corner/aligned").recipe({ preset: "quick", seed });
  return {
    ...recipe,
    network: seed % 4 === 3 ? { kind: "gru", embed: 16, hidden: 16 } : { kind: "mlp", hidden: [24] },
    optimizer: {
      ...recipe.optimizer,
      totalTimesteps: updates * environments * steps,
      numEnvs: environments,
      numSteps: steps,
      minibatchSize: 512,
      updateEpochs: 2,
    },
  };
}

export function shortTraining(seed: number, updates: number): TrainJob {
  return { kind: "train", organism: null, recipe: shortRecipe(seed, updates), code: codeVersion };
}

/** Sweep `index` of a lab: its seeds are no other's. The first run is measured, and each third sweep's audited. */
export function sweepOf(index: number, { runs, updates }: SweepSize): TortureSweep {
  const trainings = Array.from({ length: runs }, (_, i) => shortTraining(1 + index * runs + i, updates));
  const about = { run: jobKey(trainings[0]!), seed: 1, code: codeVersion };
  return {
    sweep: `sweep-${index}`,
    priority: 50,
    jobs: [
      ...trainings,
      { kind: "measure", points: [{}], levels: 8, ...about },
      ...(index % 3 === 0 ? [{ kind: "audit", levels: 6, ...about } as const] : []),
    ],
  };
}

/** A job that no other waits for. */
export function leafOf({ jobs }: TortureSweep, prng: Prng): JobKey {
  const waitedFor = new Set(jobs.map((spec) => (spec.kind === "train" ? null : spec.run)));
  const leaves = jobs.map((spec) => jobKey(spec)).filter((key) => !waitedFor.has(key));
  return leaves[prng.integer(leaves.length)]!;
}
