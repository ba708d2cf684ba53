// One stream of a lab's events for any number of followers: opened by the first, resumed where it broke off, and ended by the last. What was told
// lately is kept for who comes later.

import type { LabEvent } from "../../lab/api.ts";
import type { EventStreams } from "./event-streams.ts";
import { StreamRefused } from "./wire-streams.ts";

/** Events that are kept for who comes later. */
const mostKept = 5000;
/** Milliseconds; see lab-feed.ts. */
const silenceAllowed = 16_000;

export interface Follower {
  contact(): void;
  event(event: LabEvent): void;
  /** Events up to this one cannot be told any more; it follows no longer. */
  missed(at: number): void;
  /** The stream broke off; it follows no longer. */
  ended(): void;
}

export class SharedEvents {
  readonly #streams: EventStreams;
  readonly #lab: string;
  readonly #followers = new Set<Follower>();
  #kept: LabEvent[] = [];
  /** All events after the first number up to the second are kept; null while nothing is known. */
  #known: { readonly from: number; readonly to: number } | null = null;
  #stream: AbortController | null = null;
  #hasContact = false;

  constructor(streams: EventStreams, lab: string) {
    this.#streams = streams;
    this.#lab = lab;
  }

  follow(follower: Follower, after: number): void {
    this.#known ??= { from: after, to: after };
    const { from, to } = this.#known;
    if (after < from) {
      follower.missed(to);
      return;
    }
    this.#followers.add(follower);
    if (this.#stream === null) void this.#run(to);
    else if (this.#hasContact) follower.contact();
    for (const event of this.#kept) if (event.number > after) follower.event(event);
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    this.#stream?.abort();
    this.#stream = null;
  }

  async #run(after: number): Promise<void> {
    const stream = new AbortController();
    this.#stream = stream;
    this.#hasContact = false;
    const { signal } = stream;
    const cut = () => stream.abort();
    let silence = setTimeout(cut, silenceAllowed);
    const onContact = () => {
      clearTimeout(silence);
      silence = setTimeout(cut, silenceAllowed);
      if (this.#stream !== stream) return;
      this.#hasContact = true;
      for (const each of this.#followers) each.contact();
    };
    try {
      for await (const event of this.#streams.follow({ after, lab: this.#lab, signal, onContact })) {
        if (this.#stream === stream) this.#tell(event);
      }
    } catch (error) {
      // Who follows asks the lab what is wrong. One that refuses to go on there has begun its numbers anew.
      if (error instanceof StreamRefused) this.#forget();
    }
    clearTimeout(silence);
    if (this.#stream !== stream) return;
    this.#stream = null;
    const all = [...this.#followers];
    this.#followers.clear();
    for (const each of all) each.ended();
  }

  #tell(event: LabEvent): void {
    const { from, to } = this.#known!;
    if (event.number <= to) return;
    this.#kept.push(event);
    const dropped = this.#kept.length > mostKept ? this.#kept.splice(0, this.#kept.length - mostKept) : [];
    this.#known = { from: dropped.at(-1)?.number ?? from, to: event.number };
    for (const each of this.#followers) each.event(event);
  }

  #forget(): void {
    this.#kept = [];
    this.#known = null;
  }
}
