// What becomes of a job that a worker has taken: it is executed, unless its record is there already, and its end is settled, again and again while
// database or store do not take it.

import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, MesascopeError } from "../../../core/base/errors.ts";
import { type JobRecord, readRecord } from "../../../lab/record.ts";
import type { LabParts } from "../lab-parts.ts";
import { engineWaitSeconds } from "../maintenance/release-stranded.ts";
import type { JobEnd, TakenJob } from "../taken-job.ts";
import { newestCheckpoint, removeCheckpoints } from "../worker/store-checkpoints.ts";
import type { Attempt } from "./attempts.ts";
import { adopt, confirm, failAttempt, giveBack, leaveToEngine, mostLosses } from "./end-attempt.ts";
import type { Running } from "./running.ts";
import type { Trouble } from "./trouble.ts";
import { Turns } from "./turns.ts";
import type { WorkOptions } from "./workbench.ts";

/** Errors of the surroundings: nothing is wrong with the job, and it will do once they are well again. */
export const surroundings: ReadonlySet<ErrorCode | null> = new Set(["file-system", "database"]);
/** Ends settled at once: each has a connection while the store takes the record, and others must have some left. */
const mostSettling = 4;
/** Seconds between two tries to settle an end, at most. */
const longestWait = 4;
/** When stopping, how often an end is tried to be settled before the job is left to its lease. */
const lastTries = 3;

type Ending = JobEnd | { readonly kind: "found"; readonly record: JobRecord };

interface AttendantOptions {
  readonly parts: LabParts;
  readonly options: WorkOptions;
  /** Told of jobs that could not be done or settled, for which the store may be the reason, and when one was. */
  readonly trouble: Trouble;
}

export class Attendant {
  readonly #parts: LabParts;
  readonly #options: WorkOptions;
  readonly #trouble: Trouble;
  readonly #settling = new Turns(mostSettling);
  /** Engines to which jobs were left, told once each. */
  readonly #leftTo = new Set<string>();

  constructor({ parts, options, trouble }: AttendantOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#trouble = trouble;
  }

  /** From the taking of a job to its end. Does not throw. */
  async attend(running: Running): Promise<void> {
    const { attempt, stop } = running;
    let end: Ending;
    try {
      const record = await readRecord(this.#parts.store, attempt.key);
      if (attempt.losses > 0) running.checkpoint = await newestCheckpoint(this.#parts.store, attempt.key);
      end = record
        ? { kind: "found", record }
        : attempt.losses >= mostLosses
          ? lostTooOften(attempt)
          : await this.#execute(running);
    } catch (error) {
      end = error instanceof MesascopeError && error.code === "interrupted" ? { kind: "stopped" } : failedEnd(error);
    }
    running.isSettling = true;
    running.seat.release();
    for (let tries = 1; ; tries++) {
      if (stop.signal.aborted && stop.signal.reason !== "stopping") return;
      try {
        return await this.#settling.run(() => this.#settle(running, end));
      } catch (error) {
        // The end itself is what cannot be kept, and no later try would change that.
        if (isOfSurroundings(error)) this.#trouble.tell(error);
        else end = { ...failedEnd(error), isFinal: true };
      }
      if (this.#options.signal.aborted && tries >= lastTries) return;
      await pause(Math.min(longestWait, this.#trouble.wait), this.#options.signal);
    }
  }

  async #execute(running: Running): Promise<JobEnd> {
    const { attempt, stop } = running;
    const job: TakenJob = {
      ...{ key: attempt.key, spec: attempt.spec, attempt: attempt.attempt, signal: stop.signal },
      report: (progress, rows = []) => {
        running.progress = progress;
        running.rows = running.rows.concat(rows);
      },
    };
    return await this.#options.execute(job);
  }

  async #settle({ attempt }: Running, end: Ending): Promise<void> {
    const parts = this.#parts;
    switch (end.kind) {
      case "found":
        await adopt(parts, { attempt, record: end.record });
        await dropCheckpoints(parts, attempt);
        return this.#trouble.end();
      case "done":
        if (await confirm(parts, { attempt, end })) {
          this.#options.onEnd?.(attempt.key, "done");
          await dropCheckpoints(parts, attempt);
        }
        return this.#trouble.end();
      case "left":
        await this.#leave(attempt, end.engine);
        return this.#trouble.end();
      case "stopped":
        await giveBack(parts, { attempt, reason: "stopped" });
        return;
      case "failed":
        if (surroundings.has(end.code) && !end.isFinal) {
          await giveBack(parts, { attempt, reason: end.message });
          return this.#trouble.tell(new Error(end.message));
        }
        if ((await failAttempt(parts, { attempt, end })) === "failed") {
          this.#options.onEnd?.(attempt.key, "failed");
          await dropCheckpoints(parts, attempt);
        }
        return this.#trouble.end();
      default:
        return end satisfies never;
    }
  }

  async #leave(attempt: Attempt, engine: string): Promise<void> {
    const { onWarning, engine: own = "another engine" } = this.#options;
    const minutes = engineWaitSeconds[this.#parts.database.kind] / 60;
    const rule = `left to a worker of that engine; where none takes it within ${minutes} minutes, it begins anew`;
    const reason = `begun by ${engine}, and this worker computes by ${own}, to other bits: ${rule}`;
    if (!(await leaveToEngine(this.#parts, { attempt, engine, reason })) || this.#leftTo.has(engine)) return;
    this.#leftTo.add(engine);
    onWarning(`job ${attempt.key.slice(0, 12)} was ${reason}. So are others like it.`);
  }
}

/** Waits, but at most a second when the worker is to stop, also when it is told so meanwhile. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) await sleep(Math.min(1, seconds) * 1000);
}

/** They are of no use any more; those that cannot be removed now are collected with the rest. */
async function dropCheckpoints({ store }: LabParts, { key }: Attempt): Promise<void> {
  await removeCheckpoints(store, key).catch(() => undefined);
}

function failedEnd(error: unknown): Extract<JobEnd, { readonly kind: "failed" }> {
  const code = error instanceof MesascopeError ? error.code : null;
  return { kind: "failed", code, message: error instanceof Error ? error.message : String(error), isFinal: false };
}

/** Whether database or store failed, rather than that they do not take what they were given: PostgreSQL's class 22 of errors. */
function isOfSurroundings(error: unknown): boolean {
  if (!(error instanceof MesascopeError) || !surroundings.has(error.code)) return false;
  const { cause } = error;
  return !(cause instanceof Error && "code" in cause && typeof cause.code === "string" && /^22\w{3}$/.test(cause.code));
}

function lostTooOften({ losses }: Attempt): JobEnd {
  const message = `${losses} workers in a row were lost while they had this job; it may be what ends them (memory?).`;
  return { kind: "failed", code: "worker-lost", message: `${message} Retry it when the reason is found.`, isFinal: true };
}
