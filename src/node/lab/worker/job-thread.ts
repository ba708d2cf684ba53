// A job thread, seen from the thread that gives it jobs: started when it is needed, replaced when it was lost.

import { Worker } from "node:worker_threads";
import type { ErrorCode } from "../../../core/base/errors.ts";
import type { JobKey } from "../../../lab/job.ts";
import { receive } from "../../workers/worker-messages.ts";
import { workerEntry } from "../../workers/worker-pool.ts";
import type { JobEnd, TakenJob } from "../taken-job.ts";
import { type JobOrder, stopMessage, type ThreadInput, type ThreadMessage, threadMessageSchema } from "./job-messages.ts";

export interface JobThreadOptions extends ThreadInput {
  /** Seconds that a job has to save and stop in; after them its thread is ended. */
  readonly graceSeconds: number;
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

  /** Does a job, one at a time. Never throws; a job whose thread is lost is one that failed, and may be tried again. */
  async run(job: TakenJob): Promise<JobEnd> {
    if (job.signal.aborted) return { kind: "stopped" };
    const worker = this.#started();
    const order: JobOrder = { kind: "job", key: job.key, spec: job.spec, stop: new SharedArrayBuffer(4) };
    return await new Promise<JobEnd>((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const stop = () => {
        Atomics.store(new Int32Array(order.stop), 0, 1);
        worker.postMessage(stopMessage);
        grace ??= setTimeout(() => void worker.terminate(), this.#options.graceSeconds * 1000);
      };
      const finish = (end: JobEnd) => {
        clearTimeout(grace);
        job.signal.removeEventListener("abort", stop);
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        resolve(end);
      };
      const loseThread = (why: string) => {
        this.#worker = null;
        void worker.terminate();
        finish(job.signal.aborted ? { kind: "stopped" } : lost(why));
      };
      const onMessage = (value: unknown) => {
        try {
          const end = this.#hear(receive(threadMessageSchema, value), job);
          if (end !== null) finish(end);
        } catch (error) {
          loseThread(messageOf(error));
        }
      };
      const onError = (error: unknown) => loseThread(messageOf(error));
      const onExit = (code: number) => loseThread(`it ended with code ${code}`);
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      job.signal.addEventListener("abort", stop);
      worker.postMessage(order);
    });
  }

  /** Ends the thread at once; a job that it still does is lost. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const { store, checkpointSeconds, entry = workerEntry("lab/worker/job-worker") } = this.#options;
    const input: ThreadInput = { store, checkpointSeconds };
    const worker = new Worker(entry, { workerData: input });
    const forget = () => {
      if (this.#worker === worker) this.#worker = null;
    };
    // Between two jobs nobody else listens: a thread that is lost then is started again for the next.
    worker.on("error", forget).on("exit", forget);
    this.#worker = worker;
    return worker;
  }

  /** The end, when the message is that. */
  #hear(message: ThreadMessage, job: TakenJob): JobEnd | null {
    switch (message.kind) {
      case "progress":
        job.report(message.progress, message.rows);
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

function lost(why: string): JobEnd {
  return {
    kind: "failed",
    code: "worker-lost",
    message: `the thread of the job was lost (${why}); what was saved is kept, and another attempt goes on from there.`,
    isFinal: false,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
