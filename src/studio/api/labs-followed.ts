// The events of each lab that some page follows, by the token that they are told for; kept no longer than somebody follows them, and with them the
// token.

import type { EventStreams } from "./event-streams.ts";
import { type Follower, SharedEvents } from "./shared-events.ts";

export interface WhichLab {
  /** Its id, to which numbers belong. */
  readonly lab: string;
  readonly token: string | null;
}

export class LabsFollowed {
  readonly #streamsFor: (token: string | null) => EventStreams;
  readonly #shared = new Map<string, SharedEvents>();

  constructor(streamsFor: (token: string | null) => EventStreams) {
    this.#streamsFor = streamsFor;
  }

  /** From the events after number `after` on. Returns what ends it. */
  follow(follower: Follower, { lab, token, after }: WhichLab & { readonly after: number }): () => void {
    const name = JSON.stringify([lab, token]);
    const events = this.#shared.get(name) ?? new SharedEvents(this.#streamsFor(token), lab);
    this.#shared.set(name, events);
    events.follow(follower, after);
    return () => {
      events.leave(follower);
      if (!events.isFollowed() && this.#shared.get(name) === events) this.#shared.delete(name);
    };
  }
}
