// What a lab costs over training without one.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrganism } from "../../core/organisms/index.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { codeVersion } from "../../node/code-version.ts";
import type { LabContract } from "../../node/lab/lab.ts";
import { initLab, openLab } from "../../node/lab/lab-folder.ts";
import { workInLab } from "../../node/lab/work-in-lab.ts";
import { trainAgent } from "../../node/training/train-agent.ts";
import { type Figure, type Measurement, type MeasureOptions, medianOf } from "./figure.ts";

/** Seconds that a training takes here, about. */
const length = 10;
const trialSteps = 100_000;
const shortestSteps = 10_000;

interface Cost {
  readonly wall: number;
  readonly processor: number;
}

/** Seconds that pass, and of this process's processor time, all threads together. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const start = { wall: performance.now(), processor: process.cpuUsage() };
  await work();
  const { user, system } = process.cpuUsage(start.processor);
  return { wall: (performance.now() - start.wall) / 1000, processor: (user + system) / 1e6 };
}

function recipeOf(seed: number, totalTimesteps: number): Recipe {
  const recipe = findOrganism("corner/aligned").recipe({ preset: "quick", seed });
  return { ...recipe, optimizer: { ...recipe.optimizer, totalTimesteps } };
}

async function trainBare(
  { engine, signal }: MeasureOptions,
  { recipe, folder }: { recipe: Recipe; folder: string },
): Promise<void> {
  await trainAgent({
    ...{ engine, folder, start: { recipe, organism: null }, overwrite: true, signal },
    checkpoints: { kind: "seconds", every: 30 },
    onProgress: () => undefined,
    onWarning: () => undefined,
  });
}

/** Asks for a training and waits until it is done. Throws what the lab warns of. */
async function trainInLab(lab: LabContract, recipe: Recipe): Promise<void> {
  const done = Promise.withResolvers<void>();
  const unlisten = lab.onEvent(({ kind, data }) => {
    if (kind === "done") done.resolve();
    if (kind === "failed") done.reject(new Error(String(data.message)));
  });
  const sweep = `seed-${recipe.seed}`;
  await lab.accept({ sweep, priority: 50, jobs: [{ kind: "train", organism: null, recipe, code: codeVersion }] });
  await done.promise.finally(unlisten);
}

/** One training in a lab that was just opened, its thread started: neither is part of the cost. */
async function labCost(folder: string, recipe: Recipe): Promise<Cost> {
  await initLab(folder);
  const { lab, close } = await openLab(folder, { code: codeVersion, command: "mesascope bench" });
  const stop = new AbortController();
  const working = workInLab(lab, {
    ...{ store: folder, worker: "bench", host: "here", slots: 1, signal: stop.signal },
    onWarning: () => undefined,
  });
  try {
    await trainInLab(lab, { ...recipeOf(recipe.seed + 1, shortestSteps) });
    return await costOf(() => trainInLab(lab, recipe));
  } finally {
    stop.abort();
    await working;
    await close();
  }
}

/** The same training with and without a lab, in turns; what the lab adds in percent, pair by pair. */
async function overheads(options: MeasureOptions, of: keyof Cost): Promise<Measurement> {
  const root = await mkdtemp(join(tmpdir(), "mesascope-bench-"));
  try {
    const bare = (recipe: Recipe) => costOf(() => trainBare(options, { recipe, folder: join(root, `agent-${recipe.seed}`) }));
    await bare(recipeOf(options.seed, shortestSteps));
    const trial = await bare(recipeOf(options.seed, trialSteps));
    const steps = Math.round((trialSteps * length) / trial.processor);
    const repeats = options.isQuick ? 2 : 6;
    const added: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const recipe = recipeOf(options.seed + 2 * i, steps);
      const runs = { bare: () => bare(recipe), lab: () => labCost(join(root, `lab-${i}`), recipe) };
      const first = i % 2 === 0 ? await runs.bare() : await runs.lab();
      const second = i % 2 === 0 ? await runs.lab() : await runs.bare();
      const [without, within] = i % 2 === 0 ? [first, second] : [second, first];
      added.push(100 * (within[of] / without[of] - 1));
      options.onProgress(
        `pair ${i + 1} of ${repeats}: ${without[of].toFixed(2)} s without a lab, ${within[of].toFixed(2)} s in one`,
      );
    }
    return medianOf(added);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const goal = { comparison: "at-most", reach: 3, aim: 1 } as const;

export const labFigures: readonly Figure[] = [
  {
    name: "lab.overhead.wallTime",
    unit: "%",
    definition:
      "What a lab in a folder adds to the time of a training of ten seconds, from asking for it to its record on disk, its thread warm; pairs of the same training with and without a lab, in turns. Only on an idle machine does it say something.",
    goal,
    measure: (options) => overheads(options, "wall"),
  },
  {
    name: "lab.overhead.processorTime",
    unit: "%",
    definition: "As lab.overhead.wallTime, of processor time over all threads, which other programs disturb less.",
    goal,
    measure: (options) => overheads(options, "processor"),
  },
];
