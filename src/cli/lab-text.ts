// Words for labs: jobs by state, sweeps, workers, how long something takes yet.

import type { JobRow, LabStatus, SweepRow, WorkerRow } from "../lab/api.ts";
import { type JobState, jobStates } from "../lab/job.ts";
import type { Decision } from "../lab/ledger.ts";
import type { LabChoice } from "../node/server/lab-at-hand.ts";
import { count, decimal, duration, percent, quoted } from "./format.ts";

type Counts = Readonly<Record<JobState, number>>;

/** e.g. `12 done, 3 running, 1 failed`; states without jobs are left out, and those of `without`. */
export function countsText(counts: Counts, without: readonly JobState[] = []): string {
  const order: readonly JobState[] = ["done", "running", "queued", "blocked", "held", "failed", "cancelled"];
  const told = order
    .filter((state) => counts[state] > 0 && !without.includes(state))
    .map((state) => `${count(counts[state])} ${state}`);
  if (told.length > 0) return told.join(", ");
  return totalOf(counts) === 0 ? "no jobs" : "0 done";
}

/** Where the index of a lab is; one that cannot be written is asked by an index that ends with the command (`isToRead`). */
export function indexText({ database, isToRead }: Pick<LabStatus, "database"> & { readonly isToRead: boolean }): string {
  if (isToRead) return "index made for this command alone";
  return `index in ${database === "pglite" ? "the lab's folder" : "PostgreSQL"}`;
}

export function totalOf(counts: Counts): number {
  return jobStates.reduce((sum, state) => sum + counts[state], 0);
}

/** Jobs of which nothing more comes, unless somebody retries them. */
export function endedOf({ done, failed, cancelled }: Counts): number {
  return done + failed + cancelled;
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

/** The options that name a lab as they were given, with a space before: a command that is advised asks the same lab. */
export function typedLab({ lab, server }: LabChoice): string {
  return [lab === undefined ? "" : ` --lab ${quoted(lab)}`, server === undefined ? "" : ` --server ${quoted(server)}`].join("");
}

/** What became of a sweep that one has waited for. `where`: see `typedLab`. */
export function endText(sweep: SweepRow, where: string): string {
  const stuck = stuckText(sweep);
  const told = `${sweep.name}: ${countsText(sweep.counts)}${stuck === "" ? "" : `; ${stuck}`}`;
  return `${told}. See them: mesascope runs sweep:${sweep.name}${where}`;
}

/**
 * Why a sweep that one has waited for is not done, and how it goes on; nothing where it is. `path`: of its file. `where`: see `typedLab`.
 */
export function undoneText(sweep: SweepRow, { path, where }: { readonly path: string; readonly where: string }): string {
  const { name, counts } = sweep;
  const told: string[] = [];
  if (pendingOf(sweep) > 0) {
    told.push(
      `${jobsOf(pendingOf(sweep), name)} of another code version, which would compute them differently. Start a worker of that version, or give them up: mesascope sweep cancel ${name}${where}`,
    );
  }
  if (counts.failed > 0) {
    told.push(
      `${count(counts.failed)} job${counts.failed === 1 ? "" : "s"} of ${name} failed. See why: mesascope runs sweep:${name} state:failed${where}. Try again: mesascope sweep retry ${name} --reason WHY${where}`,
    );
  }
  if (counts.held > 0) {
    told.push(
      `${jobsOf(counts.held, name)} paused. Go on with it: mesascope sweep resume ${name}${where}, then mesascope sweep ${quoted(path)}${where}`,
    );
  }
  return told.join(". ");
}

/** Of a sweep that a decision changed nothing of: what it found, and what goes on with it. `where`: see `typedLab`. */
export function unchangedText(
  { name, counts }: SweepRow,
  { action, where }: { readonly action: Decision["action"]; readonly where: string },
): string {
  const told = `${name}: ${action}: no job changed by it: ${countsText(counts)}`;
  if (action !== "retry" && counts.failed + counts.cancelled > 0)
    return `${told}. What failed or was cancelled goes on by: mesascope sweep retry ${name} --reason WHY${where}`;
  if (action !== "resume" && counts.held > 0) return `${told}. What is paused goes on by: mesascope sweep resume ${name}${where}`;
  return `${told}.`;
}

/** e.g. `2 jobs of corners are`. */
function jobsOf(many: number, sweep: string): string {
  return `${count(many)} ${many === 1 ? "job" : "jobs"} of ${sweep} ${many === 1 ? "is" : "are"}`;
}

export function timeLeft(seconds: number | null): string {
  return seconds === null ? "–" : duration(seconds);
}

/** e.g. `≥ 2 min 5 s`, where some jobs are of kinds of which nothing is known. */
export function sweepTimeLeft({ secondsLeft, unpriced }: Pick<SweepRow, "secondsLeft" | "unpriced">): string {
  return `${secondsLeft !== null && unpriced > 0 ? "≥ " : ""}${timeLeft(secondsLeft)}`;
}

export function sweepCells(sweep: SweepRow): readonly string[] {
  const { name, priority, counts } = sweep;
  const total = totalOf(counts);
  const left = pendingOf(sweep) === 0 ? "" : sweepTimeLeft(sweep);
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
        return `${outcome.verdict.kind} (${outcome.verdict.objective}, confidence ${decimal(outcome.verdict.confidence)})${
          outcome.environmentSteps === undefined ? "" : ` after ${count(outcome.environmentSteps)} steps`
        }`;
      case "measure":
        return `${outcome.points.length} points measured`;
      default:
        return outcome satisfies never;
    }
  }
  if (error !== null && state === "failed") return error.message;
  return state === "running" && progress !== null ? `${percent(progress.share)}, ${timeLeft(progress.secondsLeft)} left` : "";
}

/** A line that says which columns had no room, and what tells them; nothing where all had. */
export function leftOutText(leftOut: readonly string[], others: string): string {
  if (leftOut.length === 0) return "";
  return `No room for ${leftOut.join(", ")}; ${others} tell ${leftOut.length === 1 ? "it" : "them"}.\n`;
}
