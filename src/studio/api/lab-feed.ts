// What happens in a lab, as it happens: one stream for the whole page, resumed after the last event that was heard, so that a lost connection or
// a restarted server leaves neither a gap nor an event told twice.

import type { LabEvent, LabStatus } from "../../lab/api.ts";
import { type EventStreams, EventsMissed } from "./event-streams.ts";
import { type LabClient, type LabProblem, problemOf } from "./lab-client.ts";
import { silenceAllowed } from "./silence-allowed.ts";

/** Milliseconds for which a connection must have held to count as a good one. */
const steadyAfter = 4_000;
const firstPause = 500;
const longestPause = 8_000;

export interface FeedState {
  readonly kind: "connecting" | "live" | "lost";
  /** Of the last sign of life, milliseconds as of `now`. */
  readonly heardAt: number;
}

export interface LabFeedOptions {
  readonly client: Pick<LabClient, "status">;
  readonly streams: EventStreams;
  /** The lab that the page looks at, and the number of the last event that it knows of. */
  readonly lab: Pick<LabStatus, "id" | "lastEvent">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Told where events are missing or the lab's numbers were begun anew, so that what is shown may be wrong. */
  readonly onReset: () => void;
  /** Told where another lab answers, whose events are told from now on. */
  readonly onOther: (lab: LabStatus) => void;
  /** Told where the lab lets this page in no more: the feed has ended. */
  readonly onRefused: (problem: LabProblem) => void;
}

/** Call `start` once. */
export class LabFeed {
  readonly #options: LabFeedOptions;
  readonly #listeners = new Set<(event: LabEvent) => void>();
  readonly #watchers = new Set<() => void>();
  #state: FeedState;
  #lab: string;
  #last: number;

  constructor(options: LabFeedOptions) {
    this.#options = options;
    this.#lab = options.lab.id;
    this.#last = options.lab.lastEvent;
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

  /** Follows until the signal aborts, or the lab lets it in no more. */
  async start(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const before = this.#last;
      const beganAt = this.#options.now();
      const problem = await this.#attempt(signal);
      if (signal.aborted) return;
      this.#become("lost");
      if (problem?.kind === "token-wanted" || problem?.kind === "forbidden") {
        this.#options.onRefused(problem);
        return;
      }
      const wasGood = this.#last > before || this.#state.heardAt - beganAt > steadyAfter;
      failures = wasGood ? 0 : failures + 1;
      await pause(Math.min(longestPause, firstPause * 2 ** failures), signal);
    }
  }

  /** Null where the stream ended by itself. */
  async #attempt(signal: AbortSignal): Promise<LabProblem | null> {
    const { now } = this.#options;
    const ended = new AbortController();
    const end = () => ended.abort();
    signal.addEventListener("abort", end);
    const beganAt = now();
    const silence = setInterval(() => {
      if (now() - Math.max(beganAt, this.#state.heardAt) > silenceAllowed) end();
    }, 1000);
    try {
      await this.#follow(ended.signal);
      return null;
    } catch (error) {
      if (error instanceof EventsMissed) this.#goOnAfter(error.at);
      return problemOf(error);
    } finally {
      clearInterval(silence);
      signal.removeEventListener("abort", end);
      end();
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { client, streams, onOther } = this.#options;
    const status = await client.status({}, { signal });
    if (status.id !== this.#lab) {
      this.#lab = status.id;
      this.#last = status.lastEvent;
      onOther(status);
    } else if (status.lastEvent < this.#last) this.#goOnAfter(status.lastEvent);
    const onContact = () => !signal.aborted && this.#become("live");
    for await (const event of streams.follow({ after: this.#last, lab: this.#lab, signal, onContact })) {
      if (event.number <= this.#last) continue;
      this.#last = event.number;
      for (const listener of this.#listeners) listener(event);
    }
  }

  #goOnAfter(number: number): void {
    this.#last = number;
    this.#options.onReset();
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
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener("abort", over);
  });
}
