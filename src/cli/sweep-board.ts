// The live view of a lab at work: a bar for the sweep that was asked for, and one for each job that runs.

import type { JobRow, SweepRow } from "../lab/api.ts";
import type { JobState } from "../lab/job.ts";
import { count } from "./format.ts";
import { countsText, endedOf, pendingOf, sweepTimeLeft, timeLeft, totalOf } from "./lab-text.ts";
import type { ProgressBoard } from "./progress-board.ts";

/** More are told by their number. */
export const mostJobs = 16;

export interface SweepView {
  readonly sweep: SweepRow;
  readonly running: readonly JobRow[];
  /** Of all workers, and how many jobs run in all. */
  readonly workers: number;
  readonly runningInAll: number;
  /** Whether workers of this process are to come, where there are none. */
  readonly isStarting?: boolean;
  /** What tells running jobs apart, by their keys. */
  readonly variants?: ReadonlyMap<string, string>;
}

/** Shows the state of a sweep on a board: rows of jobs come and go with them. */
export class SweepBoard {
  readonly #board: ProgressBoard;
  /** Names of the rows of jobs that are shown. */
  #shown = new Set<string>();

  constructor(board: ProgressBoard) {
    this.#board = board;
  }

  show({ sweep, running, workers, runningInAll, isStarting = false, variants }: SweepView): void {
    const { name, counts } = sweep;
    const isOver = pendingOf(sweep) === 0;
    const total = totalOf(counts);
    const extra = isOver
      ? ""
      : workers === 0
        ? isStarting
          ? "starting"
          : "nobody works in the lab"
        : `ETA ${sweepTimeLeft(sweep)}`;
    // Of jobs at an end only: what is paused, or waits for what does not come, leaves the bar open.
    const of = (...without: readonly JobState[]) => `${countsText(counts, without)} of ${count(total)}`;
    const shorter = [of("blocked"), of("blocked", "queued")];
    this.#board.update(name, { share: endedOf(counts) / total, text: of(), shorter, extra });
    const shown = running.slice(0, mostJobs).map((job) => ({ row: rowName(job), job }));
    const gone = [...this.#shown].filter((row) => !shown.some((one) => one.row === row));
    for (const row of gone) this.#board.remove(row);
    this.#shown = new Set(shown.map(({ row }) => row));
    for (const { row, job } of shown) this.#board.update(row, jobBar(job, variants?.get(job.key) ?? ""));
    const others = runningInAll - shown.length;
    if (others > 0) this.#board.update("…", { share: 0, text: `${count(others)} more` });
    else this.#board.remove("…");
  }

  /** Takes the rows of jobs away. */
  clear(): void {
    for (const row of [...this.#shown, "…"]) this.#board.remove(row);
    this.#shown.clear();
  }
}

/** With a part of the key: jobs of a sweep can differ in what a row has no room for. */
function rowName({ kind, name, seed, key }: JobRow): string {
  return `${kind} ${name} ${seed} ${key.slice(0, 4)}`;
}

function jobBar({ progress, worker }: JobRow, variant: string) {
  const named = variant === "" ? [] : [variant];
  if (progress === null) return { share: 0, text: [...named, "starting"].join("  "), extra: worker ?? "" };
  const { share, secondsLeft, environmentSteps, trainingReturn, stage } = progress;
  const parts = [
    ...named,
    ...(stage === null ? [] : [stage]),
    ...(environmentSteps === null ? [] : [`${count(environmentSteps)} steps`]),
    ...(trainingReturn === null ? [] : [`return ${trainingReturn.toFixed(2)}`]),
  ];
  const [text = "running", ...shorter] = parts.map((_, i) => parts.slice(0, parts.length - i).join("  "));
  return { share: Math.min(share, 0.999), text, shorter, extra: `ETA ${timeLeft(secondsLeft)}` };
}
