// What happens in a lab, as it happens: one stream for the whole page, resumed after the last event that was heard, so that a lost connection or
// a restarted server leaves neither a gap nor an event told twice.

import type { LabEvent } from "../../lab/api.ts";
import type { LabClient } from "./lab-client.ts";

/** Milliseconds. The server sends a keep-alive every 5 s: after three missed ones the connection counts as lost. */
const silenceAllowed = 16_000;
const firstPause = 500;
const longestPause = 8_000;

export interface FeedState {
  readonly kind: "connecting" | "live" | "lost";
  /** Of the last sign of life, milliseconds as of `now`. */
  readonly heardAt: number;
}

export interface LabFeedOptions {
  readonly client: Pick<LabClient, "events" | "status">;
  /** Number of the last event that the page knows of. */
  readonly after: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Told where the lab's numbers were begun anew, so that what is shown may be wrong. */
  readonly onReset: () => void;
}

/** Call `start` once, and `heard` on every sign of life of the stream. */
export class LabFeed {
  readonly #options: LabFeedOptions;
  readonly #listeners = new Set<(event: LabEvent) => void>();
  readonly #watchers = new Set<() => void>();
  #state: FeedState;
  #last: number;
  #attempt = new AbortController();

  constructor(options: LabFeedOptions) {
    this.#options = options;
    this.#last = options.after;
    this.#state = { kind: "connecting", heardAt: options.now() };
  }

  /** Tells each event from now on, in order, once. Returns what ends it. */
  listen(listener: (event: LabEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For `useSyncExternalStore`. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly state = (): FeedState => this.#state;

  /** A sign of life. */
  readonly heard = (): void => this.#become("live");

  /** Follows until the signal aborts. */
  async start(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const before = this.#last;
      try {
        await this.#follow(signal);
      } catch {
        // The connection was lost or refused: it is tried again, and what is missing is told then.
      }
      if (signal.aborted) return;
      this.#become("lost");
      failures = this.#last > before ? 0 : failures + 1;
      await pause(Math.min(longestPause, firstPause * 2 ** failures), signal);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    this.#attempt = new AbortController();
    const ended = AbortSignal.any([signal, this.#attempt.signal]);
    const silence = setInterval(() => {
      if (this.#options.now() - this.#state.heardAt > silenceAllowed) this.#attempt.abort();
    }, 1000);
    const { client, onReset } = this.#options;
    try {
      const { lastEvent } = await client.status({}, { signal: ended });
      if (lastEvent < this.#last) {
        this.#last = lastEvent;
        onReset();
      }
      const events = await client.events({ after: this.#last }, { signal: ended });
      this.#become("live");
      for await (const event of events) {
        if (event.number <= this.#last) continue;
        this.#last = event.number;
        for (const listener of this.#listeners) listener(event);
      }
    } finally {
      clearInterval(silence);
    }
  }

  #become(kind: FeedState["kind"]): void {
    const heardAt = kind === "live" ? this.#options.now() : this.#state.heardAt;
    const isOther = kind !== this.#state.kind;
    this.#state = isOther || heardAt - this.#state.heardAt > 500 ? { kind, heardAt } : this.#state;
    if (isOther) for (const watcher of this.#watchers) watcher();
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
