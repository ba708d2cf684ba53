// A worker of this process: takes jobs of a lab, computes them in threads, and clears away the checkpoints of what is done.

import type { JobKey } from "../../lab/job.ts";
import { checkpointsPrefix } from "../../lab/layout.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import type { LabContract } from "./lab.ts";
import { seatsFor } from "./queue/core-seats.ts";
import { JobThreads } from "./worker/job-threads.ts";
import { removeCheckpoints } from "./worker/store-checkpoints.ts";

export interface LabWorkOptions {
  /** Address of the lab's store, which each thread opens by itself. */
  readonly store: string;
  /** Unique among the workers that are alive. */
  readonly worker: string;
  readonly host: string;
  /** How many jobs at once, a thread each; fewer while other workers of the lab have this machine's cores. */
  readonly slots: number;
  /** Between two checkpoints of a training. Default as `JobThreads`. */
  readonly checkpointSeconds?: number;
  /** Asks what runs to save and stop. */
  readonly signal: AbortSignal;
  /** Told of what a user should know, each thing once while it lasts. */
  readonly onWarning: (text: string) => void;
  /** Told of each job that this worker brought to its end. */
  readonly onEnd?: (job: JobKey, how: "done" | "failed") => void;
}

/** Works until the signal aborts; resolves when what ran is saved and told. Throws `database` and `engine` where the beginning fails. */
export async function workInLab(lab: LabContract, options: LabWorkOptions): Promise<void> {
  const { store, slots, checkpointSeconds, onWarning } = options;
  const threads = new JobThreads({
    ...{ store, threads: slots, onWarning: (text) => onWarning(text) },
    ...(checkpointSeconds !== undefined && { checkpointSeconds }),
  });
  try {
    // A job clears its own away when it is done; where that failed, they cost room.
    for (const job of await doneWithCheckpoints(lab)) await removeCheckpoints(lab.store, job).catch(() => undefined);
    const { name: engine } = await createOnnxEngine();
    const seats = { lab: lab.id, count: seatsFor(slots) };
    await lab.work({ ...options, engine, seats, execute: threads.execute });
  } finally {
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
