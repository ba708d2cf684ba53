// Rates of the jobs of a sweep on this machine: a few updates of each kind of training, and the audit and measurement of an agent that was not
// trained. Nothing that is tried is kept.

import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import { Auditor, type AuditResult } from "../../core/audit/auditor.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { measureShiftedReturns } from "../../core/instruments/shifted-returns.ts";
import { type Subject, watched } from "../../core/instruments/subject.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { findEncoder, TrainingRun } from "../../core/organisms/training-run.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { JobRates, PlayingRates, TrainingRate } from "../../lab/sweep/price.ts";
import { type PlayingLoad, type TrainingLoad, trainingLikeness, type Workload } from "../../lab/sweep/workload.ts";
import { jsonText } from "../storage/files.ts";
import { measureTrainingSpeed, timed } from "../training/training-speed.ts";

/** Kinds of training that are tried: of more, those with the most steps, and one of each likeness. */
const mostKinds = 16;
/** An audit is tried on few levels and on more, so that what does not grow with them is told apart. */
const fewLevels = 4;
const moreLevels = 8;
/** A measurement is tried on so many levels at two points. */
const measureLevels = 64;
const measurePoints = 2;

export interface MeasureRatesOptions {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly signal: AbortSignal;
  /** Kinds of jobs that were tried, and that are to be. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** What `priceWorkload` needs, a second or so for each kind of job. Throws the signal's reason when it aborts, and as training and audits do. */
export async function measureRates({ engine, workload, signal, onProgress }: MeasureRatesOptions): Promise<JobRates> {
  const trained = kindsToTry(workload.trainings);
  const played = workload.playings;
  const of = trained.size + played.length;
  const training = new Map<string, TrainingRate>();
  const playing = new Map<string, PlayingRates>();
  const next = (): void => {
    signal.throwIfAborted();
    onProgress?.(training.size + playing.size, of);
  };
  for (const [kind, recipe] of trained) {
    next();
    training.set(kind, { recipe, ...(await measureTrainingSpeed(engine, recipe)) });
  }
  for (const asked of played) {
    next();
    playing.set(asked.kind, await withUntrained(engine, asked.recipe, (subject) => tryPlaying(subject, asked)));
  }
  next();
  return { training, playing };
}

/** A recipe of each kind, those with the most steps first. */
function kindsToTry(trainings: readonly TrainingLoad[]): ReadonlyMap<string, Recipe> {
  const kinds = new Map<string, { readonly recipe: Recipe; steps: number }>();
  for (const { kind, recipe, runs } of trainings) {
    const steps = runs * recipe.optimizer.totalTimesteps;
    const known = kinds.get(kind);
    if (known) known.steps += steps;
    else kinds.set(kind, { recipe, steps });
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.steps - a.steps);
  const firsts = new Map(sorted.toReversed().map(([name, { recipe }]) => [trainingLikeness(recipe), name]));
  const needed = new Set([...firsts.values(), ...sorted.slice(0, mostKinds).map(([name]) => name)]);
  return new Map(sorted.flatMap(([name, { recipe }]) => (needed.has(name) ? [[name, recipe] as const] : [])));
}

async function withUntrained<Result>(
  engine: Engine,
  recipe: Recipe,
  use: (subject: Subject) => Promise<Result>,
): Promise<Result> {
  const run = await TrainingRun.create(engine, recipe);
  const { model } = run.export();
  await run.release();
  const session = await engine.compile(model);
  try {
    const world = findWorld(recipe.world.name, recipe.world.parameters);
    const encoder = findEncoder(world, recipe.encoder);
    const policy = onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length });
    return await use({ id: "untrained", world, encoder, policy });
  } finally {
    await session.release();
  }
}

type Audit = PlayingLoad["audits"][number];
type Measurement = PlayingLoad["measurements"][number];

/** The first audit and the first measurement stand for all. */
async function tryPlaying(subject: Subject, { audits: [audit], measurements: [measure] }: PlayingLoad): Promise<PlayingRates> {
  const measured = measure ? await tryMeasuring(subject, measure) : null;
  if (!audit) return { solving: null, audit: null, measure: measured };
  const asFew = { audit, levels: Math.min(audit.levels, fewLevels) };
  await tryAudit(subject, asFew); // the first one warms up
  const few = await tryAudit(subject, asFew);
  if (few.levels === audit.levels) {
    const own = (seconds: number) => ({ constant: seconds, perLevel: 0 });
    return { solving: own(few.solving), audit: { ...own(few.auditing), bytes: few.bytes }, measure: measured };
  }
  const more = await tryAudit(subject, { audit, levels: Math.min(audit.levels, moreLevels) });
  const line = (a: number, b: number) => {
    const perLevel = Math.max(0, b - a) / (more.levels - few.levels);
    return { constant: Math.max(0, b - perLevel * more.levels), perLevel };
  };
  const bytes = line(few.bytes, more.bytes);
  return {
    solving: line(few.solving, more.solving),
    audit: { ...line(few.auditing, more.auditing), bytes: Math.round(bytes.constant + bytes.perLevel * audit.levels) },
    measure: measured,
  };
}

async function tryAudit(subject: Subject, { audit, levels }: { readonly audit: Pick<Audit, "seed">; readonly levels: number }) {
  const { world, encoder } = subject;
  const made = await timed(() => Auditor.create({ world, encoder, levels, seed: audit.seed, clock: () => performance.now() }));
  const done = await timed(() => made.result.audit(subject));
  return { levels, solving: made.seconds, auditing: done.seconds, bytes: bytesOf(done.result) };
}

/** Of `verdict.json` and `result.json`. */
function bytesOf(result: AuditResult): number {
  return jsonText(result.document).length + jsonText(result).length;
}

async function tryMeasuring(subject: Subject, { points, levels, seed }: Measurement): Promise<PlayingRates["measure"]> {
  const tried = points.slice(0, measurePoints);
  const few = Math.min(levels, measureLevels);
  const { result, seconds } = await timed(() =>
    measureShiftedReturns({ world: subject.world, subject: watched(subject), points: tried, levels: few, seed }),
  );
  // `measurements.json`, and the returns once more in the record.
  return { secondsPerLevel: seconds / (tried.length * few), bytesPerPoint: (2 * jsonText(result).length) / tried.length };
}
