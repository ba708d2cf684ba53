// The kills of a torture, and how long the jobs that they hit stood still.

import type { LabEvent } from "../../src/lab/api.ts";
import type { JobKey } from "../../src/lab/job.ts";

export interface Kill {
  /** Of what kind of process. */
  readonly of: "lab" | "worker" | "server" | "PostgreSQL" | "backend of PostgreSQL";
  /** Milliseconds of this machine's clock. */
  readonly at: number;
  /** Of the worker that died; null for what is none. */
  readonly worker: string | null;
  /** Whether nobody could start a job before `backAt`, milliseconds too. */
  readonly stopsAll: boolean;
  readonly backAt: number;
}

/** Whom an event is about: a job, or all of a sweep. */
export type SweepOfJob = ReadonlyMap<JobKey, string>;

/**
 * Seconds from each kill of a worker to the next start of each job that it had, by the events. A later kill that stopped everything meanwhile
 * counts as the one that the job waited from. Jobs that ended otherwise (their record was there, or somebody decided) are left out.
 */
export function restartTimes(
  events: readonly LabEvent[],
  { kills, sweeps }: { readonly kills: readonly Kill[]; readonly sweeps: SweepOfJob },
): readonly number[] {
  const seconds: number[] = [];
  for (const kill of kills) {
    const before = events.filter(({ at }) => Date.parse(at) <= kill.at);
    const after = events.slice(before.length);
    for (const job of jobsOf(before, { worker: kill.worker, sweeps })) {
      const next = after.find((event) => event.kind !== "returned" && moves(event) && isAbout(event, { job, sweeps }));
      if (next?.kind !== "started") continue;
      const startedAt = Date.parse(next.at);
      const later = kills.filter(({ at, stopsAll }) => stopsAll && at >= kill.at && at < startedAt);
      seconds.push(Math.max(0, startedAt - Math.max(kill.at, ...later.map(({ backAt }) => backAt))) / 1000);
    }
  }
  return seconds;
}

export function isAbout({ job, sweep, kind }: LabEvent, of: { readonly job: JobKey; readonly sweeps: SweepOfJob }): boolean {
  return job === of.job || (kind === "decided" && sweep !== null && sweep === of.sweeps.get(of.job));
}

/** Whether the event is that a job it is about begins or ends to run. */
function moves({ kind, data }: LabEvent): boolean {
  if (kind === "decided") return data.action === "cancel" || data.action === "pause";
  return kind === "started" || kind === "done" || kind === "failed" || kind === "returned";
}

/** The jobs that a worker has after some events. */
function jobsOf(
  events: readonly LabEvent[],
  { worker, sweeps }: { readonly worker: string | null; readonly sweeps: SweepOfJob },
): ReadonlySet<JobKey> {
  const running = new Set<JobKey>();
  for (const event of events) {
    if (!moves(event)) continue;
    for (const job of running) if (isAbout(event, { job, sweeps })) running.delete(job);
    if (event.kind === "started" && worker !== null && event.data.worker === worker) running.add(event.job!);
  }
  return running;
}
