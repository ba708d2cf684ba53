// A job thread, seen from the thread that gives it jobs: started when it is needed, replaced when it was lost.

import { Worker } from "node:worker_threads";
import type { ErrorCode } from "../../../core/base/errors.ts";
import type { JobKey } from "../../../lab/job.ts";
import { receive } from "../../workers/worker-messages.ts";
import { workerEntry } from "../../workers/worker-pool.ts";
import type { JobEnd, TakenJob } from "../taken-job.ts";
import {
  endMessage,
  type JobOrder,
  stopMessage,
  type ThreadInput,
  type ThreadMessage,
  threadMessageSchema,
} from "./job-messages.ts";
import { Silence, silenceMessage } from "./silence.ts";

/** How often a thread that is well says so within the longest silence. */
const beatsInSilence = 60;
/** Milliseconds that a thread has to end by itself in, and once more to be ended in; and that a hung one has until that is told. */
const endPatience = 2000;
const hangPatience = 30_000;

export interface JobThreadOptions extends Omit<ThreadInput, "beatSeconds"> {
  /** Seconds that a job has to save and stop in; after them its thread is ended. */
  readonly graceSeconds: number;
  /** Seconds without any message of a job's thread after which it counts as hung and is ended. */
  readonly silenceSeconds: number;
  /** Told of what the user should know and that stops nothing. */
  readonly onWarning: (text: string, job: JobKey) => void;
  /** The thread's program, another one in tests. */
  readonly entry?: URL;
}

export class JobThread {
  readonly #options: JobThreadOptions;
  #worker: Worker | null = null;

  constructor(options: JobThreadOptions) {
    this.#options = options;
  }

  /** Does a job, one at a time. Never throws; a job whose thread is lost or hangs is one that failed, and may be tried again. */
  async run(job: TakenJob): Promise<JobEnd> {
    if (job.signal.aborted) return { kind: "stopped" };
    const worker = this.#started();
    const order: JobOrder = { kind: "job", key: job.key, spec: job.spec, stop: new SharedArrayBuffer(4) };
    return await new Promise<JobEnd>((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const stop = () => {
        Atomics.store(new Int32Array(order.stop), 0, 1);
        worker.postMessage(stopMessage);
        grace ??= setTimeout(async () => {
          if (!(await endThread(worker))) loseHung();
        }, this.#options.graceSeconds * 1000);
      };
      const finish = (end: JobEnd) => {
        clearTimeout(grace);
        silence.end();
        job.signal.removeEventListener("abort", stop);
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        resolve(end);
      };
      const loseThread = (message: string) => {
        this.#worker = null;
        void endThread(worker);
        finish(job.signal.aborted ? { kind: "stopped" } : lost(message));
      };
      const loseHung = () => {
        this.#tellIfItStays(worker, job.key);
        loseThread(silenceMessage(this.#options.silenceSeconds));
      };
      const silence = new Silence(this.#options.silenceSeconds, loseHung);
      const onMessage = (value: unknown) => {
        silence.heard();
        try {
          const end = this.#hear(receive(threadMessageSchema, value), job);
          if (end !== null) finish(end);
        } catch (error) {
          loseThread(lossMessage(messageOf(error)));
        }
      };
      const onError = (error: unknown) => loseThread(lossMessage(messageOf(error)));
      const onExit = (code: number) => loseThread(lossMessage(`it ended with code ${code}`));
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      job.signal.addEventListener("abort", stop);
      worker.postMessage(order);
    });
  }

  /** Ends the thread at once, or leaves one alone that nothing can end; a job that it still does is lost. */
  async close(): Promise<void> {
    if (this.#worker !== null) await endThread(this.#worker);
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const { store, checkpointSeconds, silenceSeconds, entry = workerEntry("lab/worker/job-worker") } = this.#options;
    const input: ThreadInput = { store, checkpointSeconds, beatSeconds: silenceSeconds / beatsInSilence };
    const worker = new Worker(entry, { workerData: input });
    const forget = () => {
      if (this.#worker === worker) this.#worker = null;
    };
    // Between two jobs nobody else listens: a thread that is lost then is started again for the next.
    worker.on("error", forget).on("exit", forget);
    this.#worker = worker;
    return worker;
  }

  /** Native code cannot be ended from outside: then only the end of the process gives its core free. */
  #tellIfItStays(worker: Worker, job: JobKey): void {
    const late = setTimeout(() => {
      this.#options.onWarning("a thread that hung could not be ended and still computes. Restart this worker.", job);
    }, hangPatience).unref();
    worker.once("exit", () => clearTimeout(late));
  }

  /** The end, when the message is that. */
  #hear(message: ThreadMessage, job: TakenJob): JobEnd | null {
    switch (message.kind) {
      case "progress":
        job.report(message.progress, message.rows);
        return null;
      case "beat":
        return null;
      case "warning":
        this.#options.onWarning(message.text, job.key);
        return null;
      case "end": {
        const { end } = message;
        return end.kind === "failed" ? { ...end, code: end.code as ErrorCode | null } : end;
      }
      default:
        return message satisfies never;
    }
  }
}

/**
 * Ends a thread: by itself where its event loop turns. Node ends one that is in a native call only when that returns, and with it, as onnxruntime
 * is, the whole process. Whether it has ended: one in a native call that does not return is not waited for.
 */
async function endThread(worker: Worker): Promise<boolean> {
  const isOver = worker.threadId === -1;
  if (isOver) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  worker.once("exit", () => resolve(true));
  worker.postMessage(endMessage);
  const late = setTimeout(() => void worker.terminate(), endPatience);
  const tooLate = setTimeout(() => resolve(false), 2 * endPatience);
  const hasEnded = await promise;
  clearTimeout(late);
  clearTimeout(tooLate);
  return hasEnded;
}

function lost(message: string): JobEnd {
  return { kind: "failed", code: "worker-lost", message, isFinal: false };
}

function lossMessage(why: string): string {
  return `the thread of the job was lost (${why}); what was saved is kept, and another attempt goes on from there.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
