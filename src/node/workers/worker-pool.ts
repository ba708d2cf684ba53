// Runs jobs in worker threads, each job in a thread of its own, at most so many at a time.

import { Worker } from "node:worker_threads";
import type { z } from "zod";
import { type ErrorCode, MesascopeError } from "../../core/base/errors.ts";
import "../no-telemetry.ts";
import { interruptMessage, receive, type WorkerMessage, workerMessageSchema } from "./worker-messages.ts";

export interface PoolJob {
  /** For messages: `the training of B`. */
  readonly name: string;
  readonly input: unknown;
}

export interface PoolOptions<Note> {
  /** The worker's program. */
  readonly entry: URL;
  /** Started in this order; put the longest first. */
  readonly jobs: readonly PoolJob[];
  /** How many at a time. */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** What the workers tell on the way. */
  readonly notes: z.ZodType<Note>;
  readonly onNote: (job: PoolJob, note: Note) => void;
  /** What to do when a thread is lost: `run "mesascope demo" again`. */
  readonly advice: string;
}

/** The URL of a worker's program, named by its path under src/node without extension, whether it runs from source or built. */
export function workerEntry(name: string): URL {
  return new URL(`../${name}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
}

/**
 * Runs all jobs. When one fails, the others are asked to save and stop, and its error is thrown: the job's own, or `worker-lost` when
 * its thread ended without a word. Throws the signal's reason when it aborts, after every running job has stopped.
 */
export async function runInWorkers<Note>(options: PoolOptions<Note>): Promise<void> {
  const { jobs, workers, signal } = options;
  const stop = new AbortController();
  const stopSignal = AbortSignal.any([signal, stop.signal]);
  const waiting = [...jobs];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job && !stopSignal.aborted; job = waiting.shift()) {
      try {
        await runJob(job, { options, signal: stopSignal });
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(workers, jobs.length)) }, lane));
  const first = failures.find((error) => !(error instanceof MesascopeError && error.code === "interrupted"));
  if (first !== undefined) throw first;
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

function runJob<Note>(job: PoolJob, run: { readonly options: PoolOptions<Note>; readonly signal: AbortSignal }): Promise<void> {
  const { options, signal } = run;
  return new Promise<void>((resolve, reject) => {
    const worker = new Worker(options.entry, { workerData: job.input });
    const interrupt = () => worker.postMessage(interruptMessage);
    /** How the job ended; told when its thread has ended too. The first word counts: a failure is not undone by what is said after it. */
    let end: (() => void) | null = null;
    const failWith = (error: unknown) => {
      end ??= () => reject(error);
    };
    signal.addEventListener("abort", interrupt);
    worker.on("message", (value: unknown) => {
      try {
        const message = receive(workerMessageSchema, value);
        if (message.kind === "note") options.onNote(job, receive(options.notes, message.note));
        else if (message.kind === "done") end ??= resolve;
        else failWith(failureOf(job, message));
      } catch (error) {
        failWith(error);
        interrupt();
      }
    });
    worker.on("error", (cause) => {
      failWith(lost(job, { advice: options.advice, why: cause instanceof Error ? cause.message : String(cause) }));
    });
    worker.on("exit", (code) => {
      signal.removeEventListener("abort", interrupt);
      failWith(lost(job, { advice: options.advice, why: `it ended with code ${code}` }));
      end?.();
    });
  });
}

function lost(job: PoolJob, { why, advice }: { readonly why: string; readonly advice: string }): MesascopeError {
  return new MesascopeError(
    "worker-lost",
    `the worker for ${job.name} was lost (${why}); what was saved is kept. To continue, ${advice}.`,
  );
}

function failureOf(job: PoolJob, failure: Extract<WorkerMessage, { kind: "failed" }>): Error {
  if (failure.code !== null) return new MesascopeError(failure.code as ErrorCode, failure.message);
  const error = new Error(`${job.name}: ${failure.message}`);
  error.stack = failure.stack;
  return error;
}
