// Words for labs: jobs by state, sweeps, workers, how long something takes yet.

import type { JobRow, SweepRow, WorkerRow } from "../lab/api.ts";
import { type JobState, jobStates } from "../lab/job.ts";
import { count, decimal, duration, percent } from "./format.ts";

type Counts = Readonly<Record<JobState, number>>;

/** e.g. `12 done, 3 running, 1 failed`; states without jobs are left out. */
export function countsText(counts: Counts): string {
  const order: readonly JobState[] = ["done", "running", "queued", "blocked", "held", "failed", "cancelled"];
  const told = order.filter((state) => counts[state] > 0).map((state) => `${count(counts[state])} ${state}`);
  return told.length === 0 ? "no jobs" : told.join(", ");
}

export function totalOf(counts: Counts): number {
  return jobStates.reduce((sum, state) => sum + counts[state], 0);
}

/** Jobs that will be done without anybody saying more. */
export function pendingOf({ counts, stuck }: Pick<SweepRow, "counts" | "stuck">): number {
  const { queued, running, blocked } = counts;
  return queued + running + blocked - stuck;
}

/** e.g. `2 wait for a run that failed, was cancelled or is paused`; nothing where none do. */
export function stuckText({ stuck }: Pick<SweepRow, "stuck">): string {
  return stuck === 0 ? "" : `${count(stuck)} ${stuck === 1 ? "waits" : "wait"} for a run that failed, was cancelled or is paused`;
}

export function timeLeft(seconds: number | null): string {
  return seconds === null ? "–" : duration(seconds);
}

export function sweepCells(sweep: SweepRow): readonly string[] {
  const { name, priority, counts, secondsLeft } = sweep;
  const total = totalOf(counts);
  const left = pendingOf(sweep) === 0 ? "" : timeLeft(secondsLeft);
  return [name, String(priority), count(total), percent(counts.done / total), countsText(counts), left];
}

export const sweepHead = ["sweep", "priority", "jobs", "done", "states", "time left"];

export function workerCells({ name, code, slots, running, trouble }: WorkerRow): readonly string[] {
  return [name, code, String(slots), String(running.length), trouble ?? ""];
}

export const workerHead = ["worker", "code", "slots", "running", "trouble"];

/** First digits of a key: enough to name a job among some thousands. */
export function shortKey(key: string): string {
  return key.slice(0, 10);
}

/** What came out of a job, in a few words. */
export function outcomeText({ outcome, progress, error, state }: JobRow): string {
  if (outcome !== null) {
    switch (outcome.kind) {
      case "train":
        return `return ${decimal(outcome.trainingReturn)}, ${percent(outcome.oracleShare)} of the oracle`;
      case "audit":
        return `${outcome.verdict.kind} (${outcome.verdict.objective}, confidence ${decimal(outcome.verdict.confidence)})`;
      case "measure":
        return `${outcome.points.length} points measured`;
      default:
        return outcome satisfies never;
    }
  }
  if (error !== null && state === "failed") return error.message;
  return state === "running" && progress !== null ? `${percent(progress.share)}, ${timeLeft(progress.secondsLeft)} left` : "";
}
