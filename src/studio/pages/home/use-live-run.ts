// The training in this tab, as a component sees it. It goes on while other pages are shown, and ends with the tab. Its code and the engine are
// loaded by the click that starts it.

import { useSyncExternalStore } from "react";
import { loadScript } from "../../app/script-missing.ts";
import type { LiveRun, LiveState } from "../../live/live-run.ts";

export interface LiveControls {
  /** Null until something was started. */
  readonly state: LiveState | null;
  /** Why it could not be started. */
  readonly problem: string | null;
  readonly start: (seed: number) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Back to the recording. */
  readonly end: () => void;
}

/** What a training here is given of this machine. */
export function machine(): { readonly processors: number; readonly isIsolated: boolean } {
  return { processors: navigator.hardwareConcurrency, isIsolated: window.crossOriginIsolated };
}

let run: LiveRun | null = null;
let round = 0;
const changed = new EventTarget();

function end(): void {
  round++;
  run?.end();
  run = null;
  show({ state: null, problem: null });
}

async function start(seed: number): Promise<void> {
  end();
  const mine = round;
  try {
    const { LiveRun } = await loadScript(() => import("../../live/live-run.ts"));
    if (mine !== round) return;
    const made = new LiveRun({ seed, ...machine() });
    run = made;
    show({ state: made.state, problem: null });
    made.listen(() => show({ state: made.state, problem: null }));
  } catch (error) {
    if (mine === round) show({ state: null, problem: error instanceof Error ? error.message : String(error) });
  }
}

let shown: LiveControls = {
  ...{ state: null, problem: null, end },
  start: (seed) => void start(seed),
  pause: () => run?.pause(),
  resume: () => run?.resume(),
};

function show(change: Pick<LiveControls, "state" | "problem">): void {
  shown = { ...shown, ...change };
  changed.dispatchEvent(new Event("change"));
}

export function useLiveRun(): LiveControls {
  return useSyncExternalStore(
    (listener) => {
      changed.addEventListener("change", listener);
      return () => changed.removeEventListener("change", listener);
    },
    () => shown,
  );
}
