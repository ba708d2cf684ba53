// Events as they come, from any number on: read from the index each time that something happened, so that nobody misses one or sees one
// twice, however slowly he reads and whenever he came back.

import type { LabEvent } from "../../lab/api.ts";
import type { LabContract } from "../lab/lab.ts";

const pageSize = 500;

/** How many streams of events are open at once: each reads the index by itself at every event. */
export class StreamLimit {
  readonly most: number;
  #open = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** What gives the place back, any number of times; null where all are taken. */
  take(): (() => void) | null {
    if (this.#open >= this.most) return null;
    this.#open++;
    let isHeld = true;
    return () => {
      if (isHeld) this.#open--;
      isHeld = false;
    };
  }
}

export interface EventCursor {
  /** Number of the last event that was seen. */
  readonly after: number;
  readonly signal: AbortSignal;
}

/**
 * Every event after the cursor, in order, until the signal aborts; or until numbers went back, as where the database was restored from a backup:
 * who asks again from where he was is told so.
 */
export async function* followEvents(
  lab: Pick<LabContract, "events" | "lastEvent" | "onEvent">,
  { after, signal }: EventCursor,
): AsyncGenerator<LabEvent, void, void> {
  let last = after;
  let wake: () => void = () => undefined;
  let isNew = true;
  const stirred = () => {
    isNew = true;
    wake();
  };
  const unsubscribe = lab.onEvent(stirred);
  signal.addEventListener("abort", stirred);
  try {
    while (!signal.aborted) {
      isNew = false; // before reading: what comes meanwhile is read in the next round
      const page = await lab.events({ after: last, limit: pageSize });
      for (const event of page) {
        if (signal.aborted) return;
        yield event;
        last = event.number;
      }
      if (page.length > 0) continue;
      if ((await lab.lastEvent()) < last) return;
      if (isNew) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isNew || signal.aborted) resolve();
      });
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", stirred);
  }
}
