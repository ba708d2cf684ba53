// What tables show of a job: of a train job by its recipe, of the others by the run they are about.

import { MesascopeError } from "../../../core/base/errors.ts";
import { isStorableText } from "../../../lab/is-storable.ts";
import { type JobKey, type JobSpec, prerequisiteOf, type TrainJob, textOfJob } from "../../../lab/job.ts";
import { inTurns } from "../in-turns.ts";
import { sha256Of } from "../store/store-content.ts";

/** How a run is called and grouped. */
export interface RunDescription {
  readonly world: string;
  readonly organism: string | null;
  readonly network: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly name: string;
}

/** A job of a sweep, before it is known whether the lab has it. */
export interface GivenJob {
  readonly key: JobKey;
  readonly spec: JobSpec;
  /** Key of the train job that it is about. */
  readonly run: JobKey | null;
  /** Place in the sweep's list, the first where it is there twice. */
  readonly position: number;
}

export function describeRun({ organism, recipe }: TrainJob): RunDescription {
  return {
    world: recipe.world.name,
    organism,
    network: recipe.network.kind,
    optimizer: recipe.optimizer.kind,
    seed: recipe.seed,
    name: organism ?? recipe.objective.name,
  };
}

/** `jobKey`, by the platform's hash. */
export function keyOfJob(spec: JobSpec): JobKey {
  return sha256Of(textOfJob(spec));
}

/** Each job once, in the order given, letting others through between them. Throws `usage` for one with texts that no database can hold. */
export async function givenJobs(specs: readonly JobSpec[]): Promise<readonly GivenJob[]> {
  return await inTurns(givingJobs(specs));
}

function* givingJobs(specs: readonly JobSpec[]): Generator<void, readonly GivenJob[]> {
  const jobs = new Map<JobKey, GivenJob>();
  for (const [position, spec] of specs.entries()) {
    yield;
    const text = textOfJob(spec);
    if (!isStorableText(text)) throwUnstorable(position);
    const key = sha256Of(text);
    if (!jobs.has(key)) jobs.set(key, { key, spec, run: prerequisiteOf(spec), position });
  }
  return [...jobs.values()];
}

/** Throws `usage` for a job about a run that neither the sweep nor the lab has. */
export function throwUnknownRun({ spec, run, position }: GivenJob): never {
  throw new MesascopeError(
    "usage",
    `job ${position + 1} of the sweep (${spec.kind}) is about the run ${run}, which neither the sweep nor the lab has; expected the key ` +
      "of a train job. Put that job into the sweep as well.",
  );
}

function throwUnstorable(position: number): never {
  throw new MesascopeError(
    "usage",
    `job ${position + 1} of the sweep has a text with a zero character or half of a character in it; expected letters that can be seen. Correct it.`,
  );
}
