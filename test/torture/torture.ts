// What all parts of a torture share.

import { setTimeout as sleep } from "node:timers/promises";
import type { JobRow } from "../../src/lab/api.ts";
import type { Lab } from "../../src/node/lab/lab.ts";
import type { Children } from "./children.ts";
import type { Finding } from "./findings.ts";
import type { Kill } from "./kills.ts";
import type { Plan } from "./plan.ts";
import type { Recorder } from "./recorder.ts";

export interface Torture {
  readonly children: Children;
  readonly plan: Plan;
  readonly seed: number;
  /** A temporary folder, removed in the end. */
  readonly root: string;
  readonly say: (line: string) => void;
  /** What is to be undone in the end, the last first, whatever comes. */
  readonly defer: (undo: () => Promise<void> | void) => void;
}

/** A run that was begun more than once, and what it became. */
export interface ResumedRun {
  readonly seed: number;
  readonly policy: string;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  readonly resumed: readonly ResumedRun[];
  readonly kills: readonly Kill[];
}

/** Seconds between checkpoints: some in each run. */
export const checkpointSeconds = 0.2;
/** Seconds in which a job that was hit must run again. */
export const restartGoal = 30;
/** Seconds in which all that was accepted must end after the last kill: as long as nothing moves, no longer than a restart takes twice. */
const standstill = 2 * restartGoal;

/** Until no job waits or runs, or nothing moves any more: what trains tells of it each second. */
export async function settle(recorder: Recorder): Promise<void> {
  let [moved, last] = [performance.now(), ""];
  for (;;) {
    const { counts, lastEvent } = await recorder.ask((client, options) => client.status(undefined, options));
    const { queued = 0, blocked = 0, running = 0 } = counts;
    if (queued + blocked + running === 0) return;
    const now = JSON.stringify([counts, lastEvent]);
    if (now !== last) [moved, last] = [performance.now(), now];
    if (performance.now() - moved > standstill * 1000) return;
    await sleep(300);
  }
}

/** Runs that were begun more than once and are done, at most so many. */
export async function resumedRuns(
  lab: Lab,
  { jobs, most }: { readonly jobs: readonly JobRow[]; readonly most: number },
): Promise<ResumedRun[]> {
  const resumed = jobs.filter(({ kind, state, attempt }) => kind === "train" && state === "done" && attempt > 1);
  const runs: ResumedRun[] = [];
  for (const { key, seed } of resumed.slice(0, most)) {
    const policy = (await lab.job(key))?.record?.files["policy.onnx"]?.sha256;
    runs.push({ seed, policy: policy ?? "missing" });
  }
  return runs;
}

/** Seconds for a worker to meet a trouble and to tell of it. */
export const toldWithin = 60;

/** Until it is so, or so many seconds have passed. */
export async function until(isSo: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!isSo() && performance.now() < end) await sleep(100);
}
