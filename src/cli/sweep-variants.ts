// What tells the jobs of a sweep apart that have one name: the fields that its file varies, and what they are in a job.

import type { JobRow } from "../lab/api.ts";
import type { JobKey, JobSpec } from "../lab/job.ts";
import { fieldOf } from "../lab/sweep/recipe-fields.ts";
import type { SweepFile, SweepRuns } from "../lab/sweep/sweep-file.ts";
import { fieldText } from "../lab/variant-text.ts";

/** Paths in a recipe that have several values in the file, in its order. */
export function variedPaths({ runs }: Pick<SweepFile, "runs">): readonly string[] {
  const axes = runs.map(axesOf);
  const paths = new Set(axes.flatMap((axis) => [...axis.keys()]));
  // An entry that does not name a field has another value than one that does.
  return [...paths].filter((path) => new Set(axes.flatMap((axis) => axis.get(path) ?? ["left out"])).size > 1);
}

/** Values as JSON, by paths. */
function axesOf({ networks, optimizers, parameters = {}, fields = {} }: SweepRuns): ReadonlyMap<string, readonly string[]> {
  const axes = new Map<string, readonly string[]>();
  if (networks !== undefined) axes.set("network.kind", networks);
  if (optimizers !== undefined) axes.set("optimizer.kind", optimizers);
  for (const [name, values] of Object.entries(parameters)) axes.set(`world.parameters.${name}`, values.map(String));
  for (const [path, values] of Object.entries(fields)) {
    // A distribution has more values than one, but where its bounds are the same.
    const told = Array.isArray(values) ? values : Object.values(values).flat();
    axes.set(
      path,
      told.map((value) => JSON.stringify(value)),
    );
  }
  return axes;
}

/** Says of jobs what their runs have in the fields that vary; asks for each run once. */
export class SweepVariants {
  readonly #sweep: string;
  readonly #paths: readonly string[];
  readonly #told = new Map<string, string>();

  constructor(file: Pick<SweepFile, "name" | "runs">) {
    this.#sweep = file.name;
    this.#paths = variedPaths(file);
  }

  /** e.g. `learningRate=0.001` by key, for jobs of the sweep. */
  async of(
    jobs: readonly Pick<JobRow, "key" | "run" | "sweeps">[],
    specOf: (key: JobKey) => Promise<JobSpec>,
  ): Promise<ReadonlyMap<string, string>> {
    const told = new Map<string, string>();
    if (this.#paths.length === 0) return told;
    for (const { key, run, sweeps } of jobs) {
      if (!sweeps.includes(this.#sweep)) continue;
      const trained = run ?? key;
      const text = this.#told.get(trained) ?? this.#textOf(await specOf(trained));
      this.#told.set(trained, text);
      told.set(key, text);
    }
    return told;
  }

  #textOf(spec: JobSpec): string {
    if (spec.kind !== "train") return "";
    const parts = this.#paths.flatMap((path) => {
      const value = fieldOf(spec.recipe, path);
      return value === undefined ? [] : [fieldText(path, value)];
    });
    return parts.join(" ");
  }
}
