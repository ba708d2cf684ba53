// When a job thread counts as hung: it said nothing for so long, not even that its event loop still turns. Work in one piece, such as solving
// the levels of a large world, may be silent for long and is no fault; a call of native code that never returns is, and nothing else ends it.

import { MesascopeError } from "../../../core/base/errors.ts";

/** Names the longest silence, in minutes. */
const variable = "MESASCOPE_SILENCE";
const defaultMinutes = 60;
/** 24 days, above which Node's timers call at once. */
const mostMinutes = 35_000;
/** Into how many pieces the time is cut: those are counted, so that a process that was itself frozen blames nobody for it. */
const pieces = 60;

/** Calls `onSilent` once, after `seconds` without `heard`, by the running time of this process. */
export class Silence {
  readonly #timer: NodeJS.Timeout;
  #passed = 0;

  constructor(seconds: number, onSilent: () => void) {
    this.#timer = setInterval(
      () => {
        if (++this.#passed < pieces) return;
        this.end();
        onSilent();
      },
      (seconds * 1000) / pieces,
    );
  }

  heard(): void {
    this.#passed = 0;
  }

  /** It calls no more. */
  end(): void {
    clearInterval(this.#timer);
  }
}

/**
 * Seconds that a job thread may be silent: an hour, or the minutes that the environment variable MESASCOPE_SILENCE says. Throws `usage` where
 * that is no number above 0 and up to 35,000.
 */
export function longestSilence(given: string | undefined = process.env[variable]): number {
  const minutes = given === undefined || given === "" ? defaultMinutes : Number(given);
  if (minutes > 0 && minutes <= mostMinutes) return minutes * 60;
  throw new MesascopeError(
    "usage",
    `${variable}=${given} given; expected the minutes after which a job thread that says nothing is ended, at most ${mostMinutes}, such as 120, or nothing for ${defaultMinutes}.`,
  );
}

/** What to tell of a job whose thread was ended for it. */
export function silenceMessage(seconds: number): string {
  return (
    `the thread of the job gave no sign of life for ${Number((seconds / 60).toPrecision(2))} minutes and was ended; what was saved is kept, and another ` +
    `attempt goes on from there. Where a job needs longer in one piece, start its worker with a larger ${variable} (minutes).`
  );
}
