// Ctrl-C: the first asks the work to stop at a safe point, the second ends the process at once.

import { MesascopeError } from "../core/base/errors.ts";

/** The exit code of a process that was interrupted (128 + SIGINT), and what a shell calls the end by SIGINT itself. */
export const interruptedExitCode = 130;

export interface Interrupt {
  /** Aborts on the first Ctrl-C, with an `interrupted` error as its reason. */
  readonly signal: AbortSignal;
  /** Takes the handler away, so that Ctrl-C ends the process as usual. Call it when the work is done. */
  restore(): void;
}

/**
 * Listens for Ctrl-C (SIGINT). On the first, `signal` aborts: finish the running update, save a checkpoint and exit with 130. On the
 * second the process ends at once, as of SIGINT. `message` is the error's, where nothing is saved that could be continued.
 */
export function interruptSignal(
  message = "interrupted with Ctrl-C before the end; start again to continue from what was saved.",
): Interrupt {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) endAtOnce();
    controller.abort(new MesascopeError("interrupted", message));
  };
  process.on("SIGINT", onInterrupt);
  return {
    signal: controller.signal,
    restore: () => {
      process.off("SIGINT", onInterrupt);
    },
  };
}

/** Aborts on the first Ctrl-C or SIGTERM, for what works until it is stopped: to stop is its end, and no error. On the second the process ends at once, as of SIGINT. */
export function stopSignal(): Interrupt {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) endAtOnce();
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    restore: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/**
 * Ends the process as of SIGINT with nobody listening: a shell says 130. An exit would first end the threads, and a thread whose native call comes
 * back then aborts the process with a message of the engine's. Windows has no signals, and exits.
 */
function endAtOnce(): void {
  if (process.platform === "win32") process.exit(interruptedExitCode);
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
}
