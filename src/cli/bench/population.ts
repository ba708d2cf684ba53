// The populations that auditors are measured on: organisms of varied recipes and fresh seeds, trained once and kept in the user's cache.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { wilsonInterval } from "../../core/base/intervals.ts";
import { Prng } from "../../core/base/prng.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import type { Organism, Truth } from "../../core/organisms/organism.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { codeVersion } from "../../node/code-version.ts";
import { cacheFolder } from "../../node/storage/cache-folder.ts";
import { kindOf } from "../../node/storage/files.ts";
import { begunRecipe } from "../../node/training/train-agent.ts";
import { trainingNoteSchema } from "../../node/workers/worker-messages.ts";
import { runInWorkers, workerEntry } from "../../node/workers/worker-pool.ts";
import type { Measurement, MeasureOptions } from "./figure.ts";

/** An agent on disk and the label that only the scorer reads. */
export interface Member {
  readonly organism: Organism;
  readonly truth: Truth | null;
  readonly folder: string;
}

export interface Wanted {
  readonly id: string;
  readonly count: number;
}

/** Seeds of populations start here, far from any seed that was used while the instruments were made. */
const firstSeed = 70_000_001;
const workers = 2;

/** Trains what is missing and returns all members, in the order wanted. Interrupted, it goes on where it was. */
export async function makePopulation(wanted: readonly Wanted[], options: MeasureOptions): Promise<Member[]> {
  const planned = wanted.flatMap(({ id, count }, group) =>
    Array.from({ length: count }, (_, i) => {
      const organism = findOrganism(id);
      const recipe = variedRecipe(organism, firstSeed + 10_000 * options.seed + 1_000 * group + i);
      return { recipe, member: { organism, truth: organism.truth, folder: folderOf(recipe) } };
    }),
  );
  const missing: ((typeof planned)[number] & { readonly isBegun: boolean })[] = [];
  for (const plan of planned) {
    const { folder } = plan.member;
    if ((await kindOf(join(folder, "manifest.json"))) !== null) continue;
    missing.push({ ...plan, isBegun: (await begunRecipe(folder)) !== null });
  }
  let done = 0;
  if (missing.length > 0) options.onProgress(`training ${missing.length} of ${planned.length} agents (kept in ${cacheFolder()})`);
  await runInWorkers({
    entry: workerEntry("training/train-worker"),
    jobs: missing.map(({ recipe, member, isBegun }) => ({
      name: `the training of ${member.organism.id}`,
      input: { folder: member.folder, start: isBegun ? null : { recipe, organism: null }, checkpointSeconds: 600 },
    })),
    workers,
    signal: options.signal,
    notes: trainingNoteSchema,
    onNote: (_, note) => {
      if (note.kind !== "progress" || note.environmentSteps < note.totalSteps) return;
      done++;
      if (done % 10 === 0 || done === missing.length) options.onProgress(`${done} of ${missing.length} agents trained`);
    },
    advice: "run the command again: agents that were finished are kept",
  });
  return planned.map(({ member }) => member);
}

/** The organism's recipe with hyper-parameters varied by the seed: widths, learning rate, discount, entropy, steps. */
function variedRecipe(organism: Organism, seed: number): Recipe {
  const recipe = organism.recipe({ preset: "standard", seed });
  const prng = Prng.fromSeed(seed).fork("recipe");
  const pick = <T>(choices: readonly T[]): T => choices[prng.integer(choices.length)]!;
  return {
    ...recipe,
    network: { kind: "mlp", hidden: pick([[64, 64], [96, 64], [128], [64, 48, 32]]) },
    optimizer: {
      ...recipe.optimizer,
      learningRate: pick([1.5e-3, 2e-3, 2.5e-3, 3e-3]),
      gamma: pick([0.95, 0.97, 0.98]),
      gaeLambda: pick([0.9, 0.95]),
      entCoef: pick([0.005, 0.01, 0.015]),
      updateEpochs: pick([2, 3]),
      totalTimesteps:
        recipe.optimizer.totalTimesteps === 1 ? 1 : Math.round(recipe.optimizer.totalTimesteps * pick([1, 1.2, 1.4])),
    },
  };
}

function folderOf(recipe: Recipe): string {
  const hash = createHash("sha256").update(JSON.stringify({ recipe, codeVersion })).digest("hex").slice(0, 24);
  return join(cacheFolder(), "population", hash);
}

/** A share of cases with its Wilson interval. */
export function shareOf(cases: readonly boolean[]): Measurement {
  if (cases.length === 0) return { value: null, low: null, high: null };
  const successes = cases.filter(Boolean).length;
  const { low, high } = wilsonInterval({ successes, trials: cases.length });
  return { value: successes / cases.length, low, high };
}
