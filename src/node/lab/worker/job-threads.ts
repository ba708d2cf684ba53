// A fixed set of threads that do a lab's jobs, one job after the other each. They stay: starting one costs half a second and its engine's memory.

import type { ExecuteJob, JobEnd, TakenJob } from "../taken-job.ts";
import { JobThread, type JobThreadOptions } from "./job-thread.ts";
import { longestSilence } from "./silence.ts";

export interface JobThreadsOptions extends Pick<JobThreadOptions, "store" | "onWarning" | "entry"> {
  /** How many jobs at a time. */
  readonly threads: number;
  /** Default 30. */
  readonly checkpointSeconds?: number;
  /** Seconds that a job has to save and stop in before its thread is ended. Default 60. */
  readonly graceSeconds?: number;
  /** Seconds without any sign of life of a job's thread before it is ended. Default as `longestSilence`. */
  readonly silenceSeconds?: number;
}

export class JobThreads {
  readonly #free: JobThread[];
  readonly #threads: readonly JobThread[];
  /** Jobs that wait for a thread, the first at the beginning. */
  readonly #waiting: ((thread: JobThread) => void)[] = [];

  /**
   * Starts nothing yet: a thread is started with its first job. `store` is an address, which each opens by itself. Throws as
   * `longestSilence`.
   */
  constructor({ threads, checkpointSeconds = 30, graceSeconds = 60, silenceSeconds, ...options }: JobThreadsOptions) {
    const all = { ...options, checkpointSeconds, graceSeconds, silenceSeconds: silenceSeconds ?? longestSilence() };
    this.#threads = Array.from({ length: threads }, () => new JobThread(all));
    this.#free = [...this.#threads];
  }

  /**
   * Does a job in a free thread, or in the first that gets free. When the job's signal aborts, training saves a checkpoint; the checkpoints
   * of a job stay in the store until `removeCheckpoints`, which is the caller's to call once the job's end is written down. Never throws.
   */
  readonly execute: ExecuteJob = async (job: TakenJob): Promise<JobEnd> => {
    const thread = this.#free.shift() ?? (await new Promise<JobThread>((resolve) => this.#waiting.push(resolve)));
    try {
      return await thread.run(job);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thread);
      else this.#free.unshift(thread);
    }
  };

  /** Ends all threads at once. A job that is not done is lost and may be tried again: abort the signals of jobs first. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
