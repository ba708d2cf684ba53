// What a lab hands to whoever executes a job, and what it is told at the end: the seam between queue and computation.

import type { ErrorCode } from "../../core/base/errors.ts";
import type { JobProgress } from "../../lab/api.ts";
import type { BlobRef } from "../../lab/artifact-store.ts";
import type { JobKey, JobSpec } from "../../lab/job.ts";
import type { Outcome } from "../../lab/record.ts";
import type { CurveRow } from "../storage/agent-folder.ts";

export type { JobProgress } from "../../lab/api.ts";

/**
 * Why an attempt is to end: the job was cancelled or paused, another worker has it by now, or this worker goes home. The reason of the
 * signal of a `TakenJob`.
 */
export type StopReason = "cancelled" | "held" | "lease-lost" | "stopping";

export interface TakenJob {
  readonly key: JobKey;
  readonly spec: JobSpec;
  /** From 1, one more each time the job is taken. */
  readonly attempt: number;
  /** Aborts with a `StopReason`: save and stop. */
  readonly signal: AbortSignal;
  /** Tells how far the job is, any number of times; the index hears of it about once a second. `rows` are points of the curve not told yet. */
  report(progress: JobProgress, rows?: readonly CurveRow[]): void;
}

/** How an attempt ended. Blobs that `files` names are in the store already. */
export type JobEnd =
  | {
      readonly kind: "done";
      readonly outcome: Outcome;
      readonly files: Readonly<Record<string, BlobRef>>;
      readonly engine: string;
      /** ISO 8601, of the first attempt that this one continued. */
      readonly startedAt: string;
      /** Of computation, over all attempts that it continued. */
      readonly seconds: number;
    }
  /** `isFinal`: another attempt would fail alike. */
  | { readonly kind: "failed"; readonly code: ErrorCode | null; readonly message: string; readonly isFinal: boolean }
  /** A part of it was computed by this engine, which is not the one at hand: another worker is to go on with it. */
  | { readonly kind: "left"; readonly engine: string }
  /** Stopped as the signal asked. */
  | { readonly kind: "stopped" };

/** Computes a job. What it throws counts as a failure of this attempt. */
export type ExecuteJob = (job: TakenJob) => Promise<JobEnd>;
