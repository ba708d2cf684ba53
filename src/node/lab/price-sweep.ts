// What a sweep file would cost: its jobs, those of them that are not done, and the price of these, with how far it is: of many jobs it takes a while.

import type { SweepPrice } from "../../lab/api.ts";
import type { JobKey, JobSpec } from "../../lab/job.ts";
import { expandingSweep } from "../../lab/sweep/expand-sweep.ts";
import type { SweepFile } from "../../lab/sweep/sweep-file.ts";
import { inTurns } from "./in-turns.ts";
import { givenJobs, keyOfJob } from "./index/describe-jobs.ts";
import { priceMissing } from "./price-missing.ts";

export type PriceProgress =
  | { readonly stage: "jobs" /** So far. */; readonly jobs: number }
  | { readonly stage: "done-before" /** In all. */; readonly jobs: number }
  | { readonly stage: "tries" /** Kinds of jobs. */; readonly done: number; readonly of: number };

export interface PriceSweepOptions {
  readonly file: SweepFile;
  /** Version of the code that is to compute the jobs. */
  readonly code: string;
  /** Which of jobs are done already; left out where there is no lab that could know. */
  readonly doneAmong?: (keys: readonly JobKey[]) => Promise<ReadonlySet<JobKey>>;
  /** Waited for before jobs are tried: two tries at once would measure each other. */
  readonly turn?: Promise<unknown>;
  readonly onProgress?: ((progress: PriceProgress) => void) | undefined;
}

/** Throws `usage` for what `expandSweep` refuses, and as training and audits do. */
export async function priceSweep(options: PriceSweepOptions): Promise<SweepPrice> {
  const { file, code, doneAmong, turn, onProgress = () => undefined } = options;
  const { jobs, recipes } = await inTurns(expandingSweep({ file, code, keyOf: keyOfJob }), (found) =>
    onProgress({ stage: "jobs", jobs: found }),
  );
  onProgress({ stage: "done-before", jobs: jobs.length });
  const missing = doneAmong === undefined ? jobs : await missingOf(jobs, doneAmong);
  await turn;
  const price = await priceMissing({
    ...{ jobs: missing, recipes },
    onTried: (tried, of) => onProgress({ stage: "tries", done: tried, of }),
  });
  return { sweep: file.name, jobs: jobs.length, missing: missing.length, ...price };
}

async function missingOf(
  jobs: readonly JobSpec[],
  doneAmong: NonNullable<PriceSweepOptions["doneAmong"]>,
): Promise<readonly JobSpec[]> {
  const given = await givenJobs(jobs);
  const done = await doneAmong(given.map(({ key }) => key));
  return given.filter(({ key }) => !done.has(key)).map(({ spec }) => spec);
}
