// Which step of the boards is shown. It runs by itself when asked to; where it rests is told to the page, which keeps it in the address.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";

export interface Playback {
  readonly step: number;
  readonly isPlaying: boolean;
  readonly play: () => void;
  /** From the first step on, whatever was shown before. */
  readonly replay: () => void;
  readonly pause: () => void;
  /** Stops there. */
  readonly goTo: (step: number) => void;
}

export interface PlaybackOptions {
  /** Where it rests. */
  readonly rest: number;
  readonly onRest: (step: number) => void;
  /** The last step there is. */
  readonly last: number;
  readonly stepsPerSecond: number;
  /** There is nothing to play yet: it waits at the step where it stands. Default false. */
  readonly isHeld?: boolean;
}

export function usePlayback({ rest, onRest, last, stepsPerSecond, isHeld = false }: PlaybackOptions): Playback {
  const [running, setRunning] = useState<number | null>(null);
  const told = useRef({ onRest, last });
  told.current = { onRest, last };
  const isPlaying = running !== null;
  useEffect(() => {
    if (!isPlaying || isHeld) return;
    const timer = setInterval(() => setRunning((step) => (step === null ? null : step + 1)), 1000 / stepsPerSecond);
    return () => clearInterval(timer);
  }, [isPlaying, isHeld, stepsPerSecond]);
  useEffect(() => {
    if (running === null || running < told.current.last || told.current.last === 0) return;
    setRunning(null);
    told.current.onRest(told.current.last);
  }, [running]);
  const step = Math.min(running ?? rest, Math.max(last, rest));
  return {
    step,
    isPlaying,
    play: () => setRunning(step >= last ? 0 : step),
    replay: () => setRunning(0),
    pause: () => {
      setRunning(null);
      onRest(step);
    },
    goTo: (wanted) => {
      setRunning(null);
      onRest(Math.max(0, Math.min(last, wanted)));
    },
  };
}

/** Whether the reader's system asks for less motion: then nothing runs by itself. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia("(prefers-reduced-motion: reduce)");
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
}
