// From a sweep file to its jobs: the same jobs in the same order at every call, each once.

import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError, throwUnknown } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { type JobKey, type JobSpec, jobKey, type TrainJob } from "../job.ts";
import { overTrainingJobs, placesToKeep } from "../over-training.ts";
import { snapshotCount } from "../snapshots.ts";
import { requireTrainable, WorldCache } from "./check-recipe.ts";
import { type Configuration, generatorOf, RunAxes } from "./configurations.ts";
import { type Excludes, exclusionsOf } from "./exclude.ts";
import { checkedRecipe, type Draft, organismsOf, RecipeMaker } from "./make-recipes.ts";
import type { SweepFile, SweepMeasure, SweepRuns } from "./sweep-file.ts";

/** More jobs than this are not expanded. */
export const mostJobs = 100_000;
/** Points of one measurement. */
const mostPoints = 1000;
/** A configuration that is drawn and excluded is drawn anew so often. */
const mostAttempts = 100;

/** A recipe of the sweep, for all seeds. */
interface Made {
  readonly draft: Draft;
  readonly recipe: Recipe;
  /** Tells it from others of the sweep. */
  readonly id: number;
}

/** The audits of an entry, or a measurement, that agents of some worlds get. */
interface FollowUp {
  /** Null for all. */
  readonly worlds: readonly string[] | null;
  /** By names that tell them from others of the same run. */
  jobsOf(run: JobKey, recipe: Recipe): readonly (readonly [string, JobSpec])[];
}

/**
 * The jobs of a sweep. All configurations with the first seed come before any with the second, so that a sweep that is stopped halfway has told
 * something of each; after every agent come its audits and measurements. What is asked for twice is one job. A seed, a run or an entry that is
 * added changes nothing about the other jobs. `code` is the version of the code that is to compute them.
 *
 * Throws `usage`, naming the entry of `runs`, for organisms, worlds, axes, fields and values that do not exist or do not fit, and, before anything
 * is expanded, for more than 100,000 jobs.
 */
export function expandSweep(file: SweepFile, code: string): ExpandedSweep {
  const steps = expandingSweep({ file, code });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

export interface ExpandedSweep {
  readonly jobs: readonly JobSpec[];
  /** Of the runs that are audited or measured, by their keys. */
  readonly recipes: ReadonlyMap<JobKey, Recipe>;
}

/**
 * As `expandSweep`, with a pause after each recipe and each job, which tells how many jobs there are so far: a large sweep takes long. `keyOf`:
 * `jobKey`, or a faster one.
 */
export function* expandingSweep(options: {
  readonly file: SweepFile;
  readonly code: string;
  readonly keyOf?: (spec: JobSpec) => JobKey;
}): Generator<number, ExpandedSweep> {
  const { file, code, keyOf = jobKey } = options;
  const entries = file.runs.map((runs, i) => within(`runs.${i}`, () => entryOf(runs)));
  requireBounded(file, entries);
  const worlds = new WorldCache();
  const followUps = followUpsOf(file, code);
  const jobs = new Map<string, JobSpec>();
  const recipes = new Map<JobKey, Recipe>();
  const lived = new Map<string, Recipe["world"]>();
  const ids = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const making = madeOf(entry, { file, index: i, worlds, ids });
    let made = within(`runs.${i}`, () => making.next());
    for (; !made.done; made = within(`runs.${i}`, () => making.next())) yield jobs.size;
    const all = made.value;
    for (const { recipe } of all) lived.set(canonicalJson(recipe.world), recipe.world);
    for (const seed of seedsOf(entry.runs)) {
      for (const { draft, recipe, id } of all) {
        if (entry.excludes(draft, seed)) continue;
        const train: TrainJob = { kind: "train", organism: draft.verified, recipe: { ...recipe, seed }, code };
        yield jobs.size;
        const name = `${id} ${seed}`;
        if (jobs.has(name)) continue;
        jobs.set(name, train);
        const own = followUps.filter(({ worlds }) => worlds === null || worlds.includes(recipe.world.name));
        if (own.length === 0) continue;
        const run = keyOf(train);
        recipes.set(run, train.recipe);
        for (const { jobsOf } of own) for (const [id, job] of jobsOf(run, recipe)) jobs.set(`${name} ${id}`, job);
      }
    }
  }
  requireSomething(jobs.size);
  requireWorlds(file, { lived: [...lived.values()], worlds });
  return { jobs: [...jobs.values()], recipes };
}

interface Entry {
  readonly runs: SweepRuns;
  readonly axes: RunAxes;
  readonly excludes: Excludes;
}

function entryOf(runs: SweepRuns): Entry {
  const organisms = organismsOf(runs);
  return { runs, axes: new RunAxes(runs, organisms), excludes: exclusionsOf(runs, organisms) };
}

interface MadeWith {
  readonly file: SweepFile;
  readonly index: number;
  readonly worlds: WorldCache;
  /** Of all recipes of the sweep so far, by their canonical JSON. */
  readonly ids: Map<string, number>;
}

/** The recipes of an entry that are not left out for all seeds, each once. */
function* madeOf(entry: Entry, { file, index, worlds, ids }: MadeWith): Generator<void, readonly Made[]> {
  const maker = new RecipeMaker(entry.runs);
  const all = new Map<number, Made>();
  const drafts = typeof file.method === "object" ? drawnDrafts(entry, { maker, file, index }) : gridDrafts(entry, maker);
  for (const draft of drafts) {
    yield;
    const recipe = checkedRecipe(draft);
    const text = canonicalJson([draft.verified, recipe]);
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    if (all.has(id)) continue;
    within(draft.name, () => requireTrainable(recipe, worlds));
    all.set(id, { draft, recipe, id });
  }
  return [...all.values()];
}

function* gridDrafts({ axes, excludes }: Entry, maker: RecipeMaker): Generator<Draft> {
  for (const configuration of axes.grid()) {
    const draft = maker.draft(configuration);
    if (!excludes(draft, null)) yield draft;
  }
}

function* drawnDrafts(
  { axes, excludes }: Entry,
  { maker, file, index }: { readonly maker: RecipeMaker; readonly file: SweepFile; readonly index: number },
): Generator<Draft> {
  const prng = generatorOf(file.method, index)!;
  const runs = typeof file.method === "object" ? file.method.random.runs : 0;
  for (let run = 0; run < runs; run++) {
    const draw = (attempt: number): Configuration => axes.draw(prng, { index: run, attempt });
    let attempt = 0;
    let draft = maker.draft(draw(attempt));
    while (excludes(draft, null)) {
      if (++attempt === mostAttempts) {
        throw new MesascopeError(
          "usage",
          `${mostAttempts} draws in a row were excluded; expected an "exclude" that leaves something. Exclude less.`,
        );
      }
      draft = maker.draft(draw(attempt));
    }
    yield draft;
  }
}

function seedsOf({ seeds }: SweepRuns): readonly number[] {
  return Array.isArray(seeds) ? [...new Set(seeds)] : Array.from({ length: seeds.count }, (_, i) => seeds.from + i);
}

function followUpsOf(file: SweepFile, code: string): readonly FollowUp[] {
  const audits = (file.audits ?? []).map(
    ({ levels, seed, worlds = null, overTraining = false }): FollowUp => ({
      worlds,
      jobsOf: (run, recipe) => {
        const places = overTraining ? placesToKeep(recipe) : [];
        const all = overTrainingJobs({ run, levels, seed, code, places });
        return all.map((job) => [`audit ${levels} ${seed} ${job.snapshot ?? "end"}`, job]);
      },
    }),
  );
  const measurements = (file.measure ?? []).map((measure): FollowUp => {
    const { levels, seed, worlds = null } = measure;
    const points = pointsOf(measure);
    const id = `measure ${levels} ${seed} ${canonicalJson(points)}`;
    return {
      worlds,
      jobsOf: (run) => [[id, { kind: "measure", run, points: points.map((point) => ({ ...point })), levels, seed, code }]],
    };
  });
  return [...audits, ...measurements];
}

/** Every combination, axes in the order of their names, the last one varying fastest. */
function pointsOf({ points }: SweepMeasure): readonly Readonly<Record<string, number | string>>[] {
  let all: Readonly<Record<string, number | string>>[] = [{}];
  for (const axis of Object.keys(points).sort()) {
    all = all.flatMap((point) => [...new Set(points[axis])].map((value) => ({ ...point, [axis]: value })));
  }
  return all;
}

// ── What is refused ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Refuses products that are too large, and distributions in a grid, before anything is expanded. */
function requireBounded(file: SweepFile, entries: readonly Entry[]): void {
  const audits = (file.audits ?? []).map(({ overTraining = false }) => 1 + (overTraining ? snapshotCount : 0));
  const perRun = audits.reduce((sum, own) => sum + own, 1) + (file.measure?.length ?? 0);
  const { method = "grid" } = file;
  let jobs = 0;
  for (const [i, { axes, runs }] of entries.entries()) {
    if (method === "grid" && axes.size === Number.POSITIVE_INFINITY) {
      throw new MesascopeError(
        "usage",
        `runs.${i}.fields: a distribution given in a grid; expected lists. List the values, or say "method: { random: { runs, seed } }".`,
      );
    }
    const configurations = method === "grid" ? axes.size : method.random.runs;
    jobs += configurations * (Array.isArray(runs.seeds) ? new Set(runs.seeds).size : runs.seeds.count) * perRun;
  }
  if (jobs > mostJobs) {
    throw new MesascopeError(
      "usage",
      `a sweep of ${told(jobs)} jobs given (before "exclude"); expected at most ${told(mostJobs)}. Shorten an axis, or make several sweeps.`,
    );
  }
  for (const [i, { points }] of (file.measure ?? []).entries()) {
    const count = Object.values(points).reduce((product, values) => product * values.length, 1);
    if (count <= mostPoints) continue;
    throw new MesascopeError(
      "usage",
      `measure.${i}.points: ${told(count)} points given; expected at most ${told(mostPoints)}. Make several measurements of them.`,
    );
  }
}

function requireSomething(jobs: number): void {
  if (jobs > 0) return;
  throw new MesascopeError("usage", 'a sweep of no jobs given: "exclude" leaves nothing. Exclude less.');
}

/** Audits and measurements must be of worlds that agents live in, and on axes and values that these have. */
function requireWorlds(
  file: SweepFile,
  { lived, worlds }: { readonly lived: readonly Recipe["world"][]; readonly worlds: WorldCache },
): void {
  const names = [...new Set(lived.map(({ name }) => name))];
  const requireLived = (where: string, given: readonly string[] = []) => {
    const stray = given.find((name) => !names.includes(name));
    if (stray !== undefined) throwUnknown(`world of ${where}`, stray, names, "Name worlds that agents of this sweep live in.");
  };
  for (const [i, audit] of (file.audits ?? []).entries()) requireLived(`audits.${i}`, audit.worlds);
  for (const [i, { points, worlds: wanted }] of (file.measure ?? []).entries()) {
    requireLived(`measure.${i}`, wanted);
    for (const variant of lived.filter(({ name }) => !wanted || wanted.includes(name))) {
      const world = worlds.find(variant);
      const advice = 'If this measurement is of other worlds only, name them in its "worlds".';
      for (const [axis, values] of Object.entries(points)) {
        for (const value of values) {
          within(
            `measure.${i}.points`,
            () => world.sampleLevel({ kind: "shift", point: { [axis]: value } }, Prng.fromSeed(0)),
            advice,
          );
        }
      }
    }
  }
}

/** Says where it was when `work` throws a `usage` error. */
function within<Result>(where: string, work: () => Result, advice = ""): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MesascopeError) || error.code !== "usage") throw error;
    throw new MesascopeError("usage", `${where}: ${error.message}${advice === "" ? "" : ` ${advice}`}`, { cause: error });
  }
}

function told(count: number): string {
  return count < 1e15 ? count.toLocaleString("en-US") : count.toExponential(1);
}
