// When a job was heard of last, in this page's clock: by the time that its worker gave what it told, and by what the lab knows of the time before
// this page was opened.

import type { LabEvent } from "../../lab/api.ts";

export interface Heard {
  /** Milliseconds as of `Date.now` here. */
  readonly at: number;
  /**
   * By how much this page's clock is ahead of the worker's, at most: a message takes some time, and one that is told late takes long. Infinite
   * while it told nothing here.
   */
  readonly ahead: number;
}

/** `now`: when the event came in. An attempt that begins may be of another worker, with a clock of its own. */
export function heardOf({ at, kind }: Pick<LabEvent, "at" | "kind">, { before, now }: HeardBefore): Heard {
  const told = Date.parse(at);
  const ahead = Math.min(now - told, kind === "started" ? Number.POSITIVE_INFINITY : (before?.ahead ?? Number.POSITIVE_INFINITY));
  return { at: told + ahead, ahead };
}

/** By an answer of the lab, which has it from clocks of its own as seconds: it heard all that this page did, and may have heard more. */
export function heardBefore(silentFor: number, { before, now }: HeardBefore): Heard {
  const at = now - 1000 * silentFor;
  return before !== undefined && before.at >= at ? before : { at, ahead: before?.ahead ?? Number.POSITIVE_INFINITY };
}

interface HeardBefore {
  readonly before: Heard | undefined;
  readonly now: number;
}
