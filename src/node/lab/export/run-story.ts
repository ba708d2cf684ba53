// A train job as trackers of experiments want it: a name, its settings, and its scalars in time.

import type { CurvePoint, FinishedJob } from "../../../lab/export-tables.ts";
import { type ConfigValue, flattenRecipe } from "../../../lab/flatten-recipe.ts";
import type { TrainJob } from "../../../lab/job.ts";
import type { JobRecord } from "../../../lab/record.ts";

export interface RunStory {
  readonly key: string;
  /** The organism's name, or the objective's of a recipe of one's own. */
  readonly name: string;
  /** Network, optimizer and seed. */
  readonly label: string;
  readonly seed: number;
  /** Of the recipe, by path, without the seed: equal for runs that differ in the seed only. */
  readonly settings: ReadonlyMap<string, ConfigValue>;
  /** In seconds since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly points: readonly StoryPoint[];
}

export interface StoryPoint {
  readonly step: number;
  /** Seconds since 1970. A curve has no clock: between start and end of the attempt, in proportion to the steps. */
  readonly wallTime: number;
  readonly scalars: ReadonlyMap<string, number>;
}

const scalarNames: readonly (readonly [Exclude<keyof CurvePoint, "returns">, string])[] = [
  ["trainingReturn", "training_return"],
  ["oracleReturn", "oracle_return"],
  ["oracleShare", "oracle_share"],
];

/** Null for a job that is not training. */
export function runStory({ record, curve }: FinishedJob): RunStory | null {
  const { spec } = record;
  if (spec.kind !== "train") return null;
  const { recipe } = spec;
  const startedAt = Date.parse(record.made.startedAt) / 1000;
  const finishedAt = Math.max(startedAt, Date.parse(record.made.finishedAt) / 1000);
  const lastStep = curve?.at(-1)?.environmentSteps ?? 0;
  const points = (curve ?? []).flatMap((point) => {
    const step = point.environmentSteps;
    if (step === null) return [];
    const share = lastStep > 0 ? step / lastStep : 0;
    return [{ step, wallTime: startedAt + share * (finishedAt - startedAt), scalars: scalarsOf(point) }];
  });
  return {
    key: record.job,
    name: spec.organism ?? recipe.objective.name,
    label: `${recipe.network.kind}-${recipe.optimizer.kind}-seed${recipe.seed}`,
    seed: recipe.seed,
    settings: settingsOf(spec),
    startedAt,
    finishedAt,
    points: points.length > 0 ? points : [finalPoint(record, finishedAt)],
  };
}

function settingsOf({ recipe, organism }: TrainJob): ReadonlyMap<string, ConfigValue> {
  return new Map<string, ConfigValue>([
    ...(organism === null ? [] : ([["organism", organism]] as const)),
    ["world", recipe.world.name],
    ["objective", recipe.objective.name],
    ["network", recipe.network.kind],
    ["optimizer", recipe.optimizer.kind],
    ...flattenRecipe(recipe),
  ]);
}

function scalarsOf({ returns, ...point }: CurvePoint): ReadonlyMap<string, number> {
  return new Map([
    ...scalarNames.flatMap(([from, to]) => {
      const value = point[from];
      return value === null ? [] : [[to, value] as const];
    }),
    ...Object.entries(returns).map(
      ([objective, value]) => [`return_by_${objective.replaceAll(/[^\w-]+/g, "_")}`, value] as const,
    ),
  ]);
}

/** Of a record without a curve: what training ended with. */
function finalPoint({ outcome }: JobRecord, wallTime: number): StoryPoint {
  if (outcome.kind !== "train") return { step: 0, wallTime, scalars: new Map() };
  return { step: outcome.environmentSteps, wallTime, scalars: scalarsOf({ ...outcome, returns: {} }) };
}
