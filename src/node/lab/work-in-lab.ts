// A worker of this process: takes jobs of a lab, computes them in threads, and clears away the checkpoints of what is done.

import type { LabEvent } from "../../lab/api.ts";
import type { JobKey } from "../../lab/job.ts";
import { checkpointsPrefix } from "../../lab/layout.ts";
import type { LabContract } from "./lab.ts";
import { JobThreads } from "./worker/job-threads.ts";
import { removeCheckpoints } from "./worker/store-checkpoints.ts";

export interface LabWorkOptions {
  /** Address of the lab's store, which each thread opens by itself. */
  readonly store: string;
  /** Unique among the workers that are alive. */
  readonly worker: string;
  readonly host: string;
  /** How many jobs at once, a thread each. */
  readonly slots: number;
  /** Between two checkpoints of a training. Default as `JobThreads`. */
  readonly checkpointSeconds?: number;
  /** Asks what runs to save and stop. */
  readonly signal: AbortSignal;
  /** Told of what a user should know, each thing once while it lasts. */
  readonly onWarning: (text: string) => void;
}

/** Works until the signal aborts; resolves when what ran is saved and told. Throws `database` where the beginning fails. */
export async function workInLab(lab: LabContract, options: LabWorkOptions): Promise<void> {
  const { store, slots, checkpointSeconds, onWarning } = options;
  const threads = new JobThreads({
    ...{ store, threads: slots, onWarning: (text) => onWarning(text) },
    ...(checkpointSeconds !== undefined && { checkpointSeconds }),
  });
  const clearing = new Set<Promise<void>>();
  const clear = (job: JobKey) => {
    // What is left lying costs room and is cleared away at the next start.
    const cleared = removeCheckpoints(lab.store, job).catch(() => undefined);
    clearing.add(cleared);
    void cleared.then(() => clearing.delete(cleared));
  };
  const unlisten = lab.onEvent(({ kind, job, data }: LabEvent) => {
    if (kind === "done" && job !== null && data.worker === options.worker) clear(job);
  });
  try {
    for (const job of await doneWithCheckpoints(lab)) clear(job);
    await lab.work({ ...options, execute: threads.execute });
  } finally {
    unlisten();
    await Promise.all(clearing);
    await threads.close();
  }
}

/** Of who ended between the end of a job and the removal of its checkpoints. */
async function doneWithCheckpoints(lab: LabContract): Promise<Iterable<JobKey>> {
  const jobs = new Set<JobKey>();
  for await (const { path } of lab.store.listDocuments(checkpointsPrefix)) {
    jobs.add(path.slice(checkpointsPrefix.length).split("/")[0]!);
  }
  return await lab.doneAmong([...jobs]);
}
