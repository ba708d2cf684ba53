// What jobs cost: processor time and bytes, by rates that were measured on a machine for each kind of them.

import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { type AuditJob, type JobKey, type JobSpec, jobKey, type MeasureJob, type TrainJob } from "../job.ts";
import { snapshotCount } from "../snapshots.ts";

/** Of agents that train alike: see `trainingKind`. */
export interface TrainingRate {
  readonly recipe: Recipe;
  /** Processor time, evaluation included. */
  readonly stepsPerSecond: number;
  readonly startSeconds: number;
  readonly stepsPerUpdate: number;
  readonly policyBytes: number;
}

/** Of agents that play alike: see `playingKind`. Seconds are of processor time. */
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

export interface PricedJobs {
  /** To be done. */
  readonly jobs: readonly JobSpec[];
  /** All jobs of the sweep: the runs that the jobs to be done are about are among them. */
  readonly sweep: readonly JobSpec[];
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

/** Throws `usage` for a job about a run that is not in the sweep, and one that no rate was measured for. */
export function priceJobs({ jobs, sweep, rates, workers }: PricedJobs): JobPrice {
  const runs = recipesOf(sweep, jobs);
  const price = { runs: 0, audits: 0, measurements: 0, environmentSteps: 0, coreSeconds: 0, bytes: 0, runsByLikeness: 0 };
  const solved = new Map<string, { readonly seconds: number; readonly audits: number }>();
  for (const job of jobs) {
    if (job.kind === "train") {
      const { rate, isMeasured } = trainingRateOf(job, rates);
      const { seconds, bytes } = costOfRun(job, rate);
      price.runs++;
      price.environmentSteps += job.recipe.optimizer.totalTimesteps;
      price.coreSeconds += seconds;
      price.bytes += bytes;
      price.runsByLikeness += isMeasured ? 0 : 1;
      continue;
    }
    const recipe = runs.get(job.run);
    if (!recipe)
      throw new MesascopeError("usage", `a job about the run ${job.run} given, which is not in the sweep. Give all of its jobs.`);
    const playing = rates.playing.get(playingKind(recipe));
    if (job.kind === "measure") {
      const { secondsPerLevel, bytesPerPoint } = measured(playing?.measure, job, recipe);
      price.measurements++;
      price.coreSeconds += secondsPerLevel * job.points.length * job.levels;
      price.bytes += bytesPerPoint * job.points.length + documentBytes;
      continue;
    }
    const { bytes, ...audit } = measured(playing?.audit, job, recipe);
    const bank = canonicalJson([recipe.world, recipe.encoder, job.levels, job.seed]);
    const before = solved.get(bank)?.audits ?? 0;
    solved.set(bank, { seconds: secondsAt(measured(playing?.solving, job, recipe), job.levels), audits: before + 1 });
    price.audits++;
    price.coreSeconds += secondsAt(audit, job.levels);
    price.bytes += bytes + documentBytes;
  }
  for (const { seconds, audits } of solved.values()) price.coreSeconds += seconds * Math.min(workers, audits);
  return price;
}

/** Agents of one kind train at the same speed: what is learned differs, not what is computed. */
export function trainingKind({ world, encoder, network, optimizer }: Recipe): string {
  return canonicalJson({ world, encoder, network, optimizer: sizesOf(optimizer) });
}

/** Agents of one kind are audited and measured at the same speed. */
export function playingKind({ world, encoder, network }: Recipe): string {
  return canonicalJson({ world, encoder, network: network.kind });
}

/** Kinds of one likeness train at speeds of one order. */
export function trainingLikeness({ world, network, optimizer }: Recipe): string {
  return canonicalJson([world.name, network.kind, optimizer.kind]);
}

/** What of an optimizer decides how long a step takes. */
function sizesOf(optimizer: Recipe["optimizer"]) {
  const { kind } = optimizer;
  switch (kind) {
    case "ppo": {
      const { numEnvs, numSteps, updateEpochs, minibatchSize } = optimizer;
      return { kind, numEnvs, numSteps, updateEpochs, minibatchSize };
    }
    case "es":
    case "cma-es": {
      const { populationSize, episodesPerMember } = optimizer;
      return { kind, populationSize, episodesPerMember };
    }
    case "imitation": {
      const { batchSize, statesPerLevel } = optimizer;
      return { kind, batchSize, statesPerLevel };
    }
    default:
      return kind satisfies never;
  }
}

/** Recipes by the keys of their jobs; none where nothing is asked about them: keys of many jobs take time. */
function recipesOf(sweep: readonly JobSpec[], jobs: readonly JobSpec[]): ReadonlyMap<JobKey, Recipe> {
  if (jobs.every(({ kind }) => kind === "train")) return new Map();
  return new Map(sweep.flatMap((job) => (job.kind === "train" ? [[jobKey(job), job.recipe] as const] : [])));
}

function trainingRateOf(
  { recipe }: TrainJob,
  { training }: JobRates,
): { readonly rate: TrainingRate; readonly isMeasured: boolean } {
  const own = training.get(trainingKind(recipe));
  if (own) return { rate: own, isMeasured: true };
  const likeness = trainingLikeness(recipe);
  const [slowest] = [...training.values()]
    .filter((rate) => trainingLikeness(rate.recipe) === likeness)
    .sort((a, b) => a.stepsPerSecond - b.stepsPerSecond);
  return { rate: measured(slowest, { kind: "train" }, recipe), isMeasured: false };
}

function costOfRun({ recipe }: TrainJob, rate: TrainingRate): { readonly seconds: number; readonly bytes: number } {
  const { stepsPerSecond, startSeconds, stepsPerUpdate, policyBytes } = rate;
  const updates = Math.ceil(recipe.optimizer.totalTimesteps / stepsPerUpdate);
  const seconds = startSeconds + (updates * stepsPerUpdate) / stepsPerSecond + finishSeconds;
  const rows = 2 + Math.floor(updates / updatesPerRow);
  // The recipe lies in the record and in the manifest.
  const documents = 2 * (canonicalJson(recipe).length + documentBytes);
  return { seconds, bytes: policyBytes * (1 + Math.min(snapshotCount, updates - 1)) + documents + rows * bytesPerRow };
}

function secondsAt({ constant, perLevel }: AffineRate, levels: number): number {
  return constant + perLevel * levels;
}

function measured<Rate>(
  rate: Rate | null | undefined,
  { kind }: Pick<TrainJob | AuditJob | MeasureJob, "kind">,
  recipe: Recipe,
): Rate {
  if (rate) return rate;
  throw new MesascopeError(
    "usage",
    `no rate given for a job of kind ${kind} in ${recipe.world.name} with ${recipe.network.kind} and ${recipe.optimizer.kind}; expected one per kind. Measure it.`,
  );
}
