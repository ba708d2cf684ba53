// What the jobs of a sweep ask for, as kinds: how many train alike, and how many are audited and measured alike. A price, and what must be tried
// for it, need no more of them.

import { z } from "zod";
import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { axisPointSchema, type JobKey, type JobSpec } from "../job.ts";

const many = z.int().min(1);
const levels = z.int().min(1);
const seed = z.int().min(0);

/** Runs that train alike (`trainingKind`) and equally long. */
const trainingLoadSchema = z.strictObject({
  kind: z.string(),
  /** Of the first. */
  recipe: recipeSchema,
  runs: many,
  /** Characters of all of their recipes as JSON. */
  recipeCharacters: z.int().min(0),
});
export type TrainingLoad = z.infer<typeof trainingLoadSchema>;

/** Audits and measurements of agents that play alike (`playingKind`). */
const playingLoadSchema = z.strictObject({
  kind: z.string(),
  /** Of the first of the agents. */
  recipe: recipeSchema,
  /** Each entry on levels of its own. */
  audits: z.array(z.strictObject({ levels, seed, jobs: many })),
  /** Each entry with its number of points and levels; points and seed are those of the first. */
  measurements: z.array(z.strictObject({ points: z.array(axisPointSchema).min(1), levels, seed, jobs: many })),
});
export type PlayingLoad = z.infer<typeof playingLoadSchema>;

/** Kinds in the order in which they first come. */
export const workloadSchema = z.strictObject({
  trainings: z.array(trainingLoadSchema),
  playings: z.array(playingLoadSchema),
});
export type Workload = z.infer<typeof workloadSchema>;

export interface AskedJobs {
  /** To be done. */
  readonly jobs: readonly JobSpec[];
  /** Of the runs that audits and measurements among the jobs are about, by their keys. */
  readonly recipes: ReadonlyMap<JobKey, Recipe>;
}

/** The workload of jobs, with a pause after each. Throws `usage` for a job about a run that has no recipe. */
export function* addingUp({ jobs, recipes }: AskedJobs): Generator<void, Workload> {
  const trainings = new Map<string, TrainingLoad>();
  const playings = new Map<string, Playings>();
  for (const job of jobs) {
    yield;
    if (job.kind === "train") {
      addTraining(trainings, job.recipe);
      continue;
    }
    const recipe = recipes.get(job.run);
    if (!recipe)
      throw new MesascopeError("usage", `a job about the run ${job.run} given, which is not in the sweep. Give all of its jobs.`);
    const kind = playingKind(recipe);
    const load = playings.get(kind) ?? { recipe, audits: new Map(), measurements: new Map() };
    playings.set(kind, load);
    const { levels, seed } = job;
    if (job.kind === "audit") countOne(load.audits, `${levels} ${seed}`, { levels, seed });
    else countOne(load.measurements, `${levels} ${job.points.length}`, { points: job.points, levels, seed });
  }
  return {
    trainings: [...trainings.values()],
    playings: [...playings].map(([kind, { recipe, audits, measurements }]) => ({
      ...{ kind, recipe },
      audits: [...audits.values()],
      measurements: [...measurements.values()],
    })),
  };
}

interface Playings {
  readonly recipe: Recipe;
  readonly audits: Map<string, PlayingLoad["audits"][number]>;
  readonly measurements: Map<string, PlayingLoad["measurements"][number]>;
}

function addTraining(loads: Map<string, TrainingLoad>, recipe: Recipe): void {
  const kind = trainingKind(recipe);
  const name = `${recipe.optimizer.totalTimesteps} ${kind}`;
  const load = loads.get(name) ?? { kind, recipe, runs: 0, recipeCharacters: 0 };
  load.runs++;
  load.recipeCharacters += JSON.stringify(recipe).length;
  loads.set(name, load);
}

function countOne<Kind extends object>(counted: Map<string, Kind & { jobs: number }>, name: string, kind: Kind): void {
  const known = counted.get(name);
  if (known) known.jobs++;
  else counted.set(name, { ...kind, jobs: 1 });
}

/** Agents of one kind train at the same speed: what is learned differs, not what is computed. */
function trainingKind({ world, encoder, network, optimizer }: Recipe): string {
  return [textOf(world), encoder, textOf(network), sizesText(optimizer)].join(" ");
}

/** Agents of one kind are audited and measured at the same speed. */
function playingKind({ world, encoder, network }: Recipe): string {
  return [textOf(world), encoder, network.kind].join(" ");
}

/** Kinds of one likeness train at speeds of one order. */
export function trainingLikeness({ world, network, optimizer }: Recipe): string {
  return [world.name, network.kind, optimizer.kind].join(" ");
}

// Recipes of a sweep share their parts: a part is written once, not once a seed.
const texts = new WeakMap<object, string>();
const sizes = new WeakMap<object, string>();

function textOf(part: object): string {
  const text = texts.get(part) ?? canonicalJson(part);
  texts.set(part, text);
  return text;
}

function sizesText(optimizer: Recipe["optimizer"]): string {
  const text = sizes.get(optimizer) ?? canonicalJson(sizesOf(optimizer));
  sizes.set(optimizer, text);
  return text;
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
