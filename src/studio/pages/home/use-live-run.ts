// The training in this page, as a component sees it. Its code and the engine are loaded by the click that starts it.

import { useCallback, useEffect, useRef, useState } from "react";
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

export function useLiveRun(): LiveControls {
  const run = useRef<LiveRun | null>(null);
  const round = useRef(0);
  const [state, setState] = useState<LiveState | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const end = useCallback(() => {
    round.current++;
    run.current?.end();
    run.current = null;
    setState(null);
  }, []);
  useEffect(() => end, [end]);
  const start = useCallback(
    (seed: number) => {
      end();
      const mine = round.current;
      setProblem(null);
      import("../../live/live-run.ts").then(
        ({ LiveRun }) => {
          if (mine !== round.current) return;
          const made = new LiveRun({ seed, ...machine() });
          run.current = made;
          setState(made.state);
          made.listen(() => setState(made.state));
        },
        (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
      );
    },
    [end],
  );
  const pause = useCallback(() => run.current?.pause(), []);
  const resume = useCallback(() => run.current?.resume(), []);
  return { state, problem, start, pause, resume, end };
}
