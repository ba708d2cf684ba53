// What jobs cost: processor time and bytes, by rates that were measured on a machine for each kind of them.

import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import type { JobSpec } from "../job.ts";
import { snapshotCount } from "../snapshots.ts";
import { type TrainingLoad, trainingLikeness, type Workload } from "./workload.ts";

/** Of agents that train alike: see `TrainingLoad`. */
export interface TrainingRate {
  readonly recipe: Recipe;
  /** Processor time, evaluation included. */
  readonly stepsPerSecond: number;
  readonly startSeconds: number;
  readonly stepsPerUpdate: number;
  readonly policyBytes: number;
}

/** Of agents that play alike: see `PlayingLoad`. Seconds are of processor time. */
export interface PlayingRates {
  /** Solving the levels of an audit, on every worker once: `constant + perLevel × levels`; null where no audit was asked for. */
  readonly solving: AffineRate | null;
  readonly audit: (AffineRate & { readonly bytes: number }) | null;
  /** Of a level at one point; null where no measurement was asked for. */
  readonly measure: { readonly secondsPerLevel: number; readonly bytesPerPoint: number } | null;
}

interface AffineRate {
  readonly constant: number;
  readonly perLevel: number;
}

export interface JobRates {
  readonly training: ReadonlyMap<string, TrainingRate>;
  readonly playing: ReadonlyMap<string, PlayingRates>;
}

export interface JobPrice {
  readonly runs: number;
  readonly audits: number;
  readonly measurements: number;
  readonly environmentSteps: number;
  readonly coreSeconds: number;
  /** That stay when all is done; while a job runs, its two last checkpoints come on top. */
  readonly bytes: number;
  /** Runs whose kind was not measured: the slowest of like ones was taken. */
  readonly runsByLikeness: number;
}

export interface PricedWorkload {
  readonly workload: Workload;
  readonly rates: JobRates;
  /** How many work at the same time: each solves the levels of an audit once. */
  readonly workers: number;
}

/** Verifying, and writing what was made. */
const finishSeconds = 1.5;
/** Measurements of a training curve: one in so many updates, and the bytes of its row. */
const updatesPerRow = 4;
const bytesPerRow = 120;
/** Of a record or manifest beside the specification that it holds. */
const documentBytes = 1500;

/** Throws `usage` for a kind of job that no rate was measured for. */
export function priceWorkload({ workload, rates, workers }: PricedWorkload): JobPrice {
  const price = { runs: 0, audits: 0, measurements: 0, environmentSteps: 0, coreSeconds: 0, bytes: 0, runsByLikeness: 0 };
  for (const load of workload.trainings) {
    const { rate, isMeasured } = trainingRateOf(load, rates);
    const { seconds, bytes } = costOfRuns(load, rate);
    price.runs += load.runs;
    price.environmentSteps += load.runs * load.recipe.optimizer.totalTimesteps;
    price.coreSeconds += seconds;
    price.bytes += bytes;
    price.runsByLikeness += isMeasured ? 0 : load.runs;
  }
  const solved = new Map<string, { readonly seconds: number; readonly audits: number }>();
  for (const { kind, recipe, audits, measurements } of workload.playings) {
    const playing = rates.playing.get(kind);
    for (const { points, levels, jobs } of measurements) {
      const { secondsPerLevel, bytesPerPoint } = measured(playing?.measure, "measure", recipe);
      price.measurements += jobs;
      price.coreSeconds += jobs * secondsPerLevel * points.length * levels;
      price.bytes += jobs * (bytesPerPoint * points.length + documentBytes);
    }
    for (const { levels, seed, jobs } of audits) {
      const { bytes, ...audit } = measured(playing?.audit, "audit", recipe);
      const bank = canonicalJson([recipe.world, recipe.encoder, levels, seed]);
      const before = solved.get(bank)?.audits ?? 0;
      solved.set(bank, { seconds: secondsAt(measured(playing?.solving, "audit", recipe), levels), audits: before + jobs });
      price.audits += jobs;
      price.coreSeconds += jobs * secondsAt(audit, levels);
      price.bytes += jobs * (bytes + documentBytes);
    }
  }
  for (const { seconds, audits } of solved.values()) price.coreSeconds += seconds * Math.min(workers, audits);
  return price;
}

function trainingRateOf(
  { kind, recipe }: TrainingLoad,
  { training }: JobRates,
): { readonly rate: TrainingRate; readonly isMeasured: boolean } {
  const own = training.get(kind);
  if (own) return { rate: own, isMeasured: true };
  const likeness = trainingLikeness(recipe);
  const [slowest] = [...training.values()]
    .filter((rate) => trainingLikeness(rate.recipe) === likeness)
    .sort((a, b) => a.stepsPerSecond - b.stepsPerSecond);
  return { rate: measured(slowest, "train", recipe), isMeasured: false };
}

function costOfRuns(
  { recipe, runs, recipeCharacters }: TrainingLoad,
  rate: TrainingRate,
): { readonly seconds: number; readonly bytes: number } {
  const { stepsPerSecond, startSeconds, stepsPerUpdate, policyBytes } = rate;
  const updates = Math.ceil(recipe.optimizer.totalTimesteps / stepsPerUpdate);
  const seconds = startSeconds + (updates * stepsPerUpdate) / stepsPerSecond + finishSeconds;
  const rows = 2 + Math.floor(updates / updatesPerRow);
  // The recipe lies in the record and in the manifest.
  const policies = policyBytes * (1 + Math.min(snapshotCount, updates - 1));
  const documents = 2 * (recipeCharacters + runs * documentBytes);
  return { seconds: runs * seconds, bytes: runs * (policies + rows * bytesPerRow) + documents };
}

function secondsAt({ constant, perLevel }: AffineRate, levels: number): number {
  return constant + perLevel * levels;
}

function measured<Rate>(rate: Rate | null | undefined, kind: JobSpec["kind"], recipe: Recipe): Rate {
  if (rate) return rate;
  throw new MesascopeError(
    "usage",
    `no rate given for a job of kind ${kind} in ${recipe.world.name} with ${recipe.network.kind} and ${recipe.optimizer.kind}; expected one per kind. Measure it.`,
  );
}
