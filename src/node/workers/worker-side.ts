// The worker's side of a job: takes its input, tells how it goes, and says how it ended. What is done is in the worker's entry.

import { parentPort, workerData } from "node:worker_threads";
import type { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { interruptMessage, receive, type WorkerMessage } from "./worker-messages.ts";

export interface JobTools<Note> {
  /** Aborts when the starting thread asks to save and stop. */
  readonly signal: AbortSignal;
  tell(note: Note): void;
}

/** Runs the job that this thread was started with; errors are told, not thrown. */
export async function runWorkerJob<Job, Note>(
  schema: z.ZodType<Job>,
  work: (job: Job, tools: JobTools<Note>) => Promise<void>,
): Promise<void> {
  const say = (message: WorkerMessage) => parentPort?.postMessage(message);
  const controller = new AbortController();
  parentPort?.on("message", (message: unknown) => {
    if (message === interruptMessage) controller.abort(new MesascopeError("interrupted", "interrupted; what was done is saved."));
  });
  try {
    await work(receive(schema, workerData), { signal: controller.signal, tell: (note) => say({ kind: "note", note }) });
    say({ kind: "done" });
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    const code = failure instanceof MesascopeError ? failure.code : null;
    say({ kind: "failed", code, message: failure.message, stack: failure.stack ?? "" });
  }
  parentPort?.close();
}
