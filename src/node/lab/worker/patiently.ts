// A full disk or a lost bucket does not fail a job: it waits until the store answers again, and says so.

import { setTimeout as delay } from "node:timers/promises";
import { MesascopeError } from "../../../core/base/errors.ts";

/** Between tries, in milliseconds: twice as long each time, up to the longest. */
const firstWait = 1000;
const longestWait = 30_000;

export interface Patience {
  /** Ends the waiting, with its reason. */
  readonly signal: AbortSignal;
  /** Told what is waited for, before each wait; null when it goes on. For who looks at the job. */
  readonly onWait: (text: string | null) => void;
  /** Told when the waiting begins, why when that changes, and when it is over. For who looks at the worker. */
  readonly onWarning: (text: string) => void;
  /** Default 1000. */
  readonly firstWait?: number;
}

/** What `work` gives; where it throws `file-system` it is tried again, until the signal aborts. Everything else is thrown at once. */
export async function patiently<Result>(work: () => Promise<Result>, patience: Patience): Promise<Result> {
  const { signal, onWait, onWarning } = patience;
  let warned: string | null = null;
  for (let wait = patience.firstWait ?? firstWait; ; wait = Math.min(2 * wait, longestWait)) {
    try {
      const result = await work();
      if (warned !== null) {
        onWait(null);
        onWarning("the store answers again, and the job goes on.");
      }
      return result;
    } catch (error) {
      if (!(error instanceof MesascopeError) || error.code !== "file-system") throw error;
      signal.throwIfAborted();
      const text = `waiting for the store: ${error.message}`;
      onWait(text);
      if (text !== warned) onWarning(`the job is ${text}`);
      warned = text;
    }
    await delay(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
