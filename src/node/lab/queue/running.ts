// A job that this worker has, between its taking and its end.

import type { CurveRow } from "../../storage/agent-folder.ts";
import type { JobProgress, StopReason } from "../taken-job.ts";
import type { Attempt } from "./attempts.ts";
import type { Seat } from "./core-seats.ts";

export interface Running {
  readonly attempt: Attempt;
  readonly stop: AbortController;
  /** Left when the computing is over. */
  readonly seat: Seat;
  progress: JobProgress | null;
  rows: CurveRow[];
  toldRows: number;
  isSettling: boolean;
  /** Newest checkpoint when it was taken, of a job whose leases were lost before; undefined for others, and once there is a newer one. */
  checkpoint: string | null | undefined;
}

export function runningOf(attempt: Attempt, seat: Seat): Running {
  const told = { progress: null, rows: [], toldRows: 0 };
  return { attempt, seat, stop: new AbortController(), ...told, isSettling: false, checkpoint: undefined };
}

/** Asks it to save and stop; what it was asked first counts. */
export function stopWith({ stop }: Running, reason: StopReason): void {
  if (!stop.signal.aborted) stop.abort(reason);
}
