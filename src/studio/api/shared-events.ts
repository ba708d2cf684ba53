// One stream of a lab's events for any number of followers: opened by the first, resumed where it broke off, and ended by the last. What was told
// lately is kept for who comes later.

import type { LabEvent } from "../../lab/api.ts";
import type { EventStreams } from "./event-streams.ts";
import { silenceAllowed } from "./silence-allowed.ts";
import { StreamRefused } from "./wire-streams.ts";

/** Events that are kept for who comes later. */
const mostKept = 5000;

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
  /** With the last event that each knew when it came. */
  readonly #followers = new Map<Follower, number>();
  #kept: LabEvent[] = [];
  /** All events after the first number up to the second are kept; null while nothing is known. */
  #known: { readonly from: number; readonly to: number } | null = null;
  #stream: AbortController | null = null;
  #hasContact = false;
  /** The last number of those that somebody was told are missed. */
  #missedAt: number | null = null;

  constructor(streams: EventStreams, lab: string) {
    this.#streams = streams;
    this.#lab = lab;
  }

  follow(follower: Follower, after: number): void {
    if (this.#known !== null && after < this.#known.from) {
      const { to } = this.#known;
      if (this.#stream !== null && this.#missedAt !== to) {
        this.#missedAt = to;
        follower.missed(to);
        return;
      }
      // The lab is to say: its numbers may have gone back, as those of one restored from a backup do. Who was told `to` and then asks for less
      // again was told so by the lab.
      this.#endAll();
      this.#forget();
    }
    this.#known ??= { from: after, to: after };
    const { to } = this.#known;
    this.#followers.set(follower, after);
    if (this.#stream === null) void this.#run(to);
    else if (this.#hasContact) this.#welcome(follower, after);
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.isFollowed()) return;
    this.#stream?.abort();
    this.#stream = null;
  }

  isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** What is kept is true once the lab goes on after it: one whose numbers were begun anew refuses to. */
  #welcome(follower: Follower, after: number): void {
    follower.contact();
    for (const event of this.#kept) if (event.number > after) follower.event(event);
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
      const isFirst = !this.#hasContact;
      this.#hasContact = true;
      for (const [each, known] of this.#followers)
        if (isFirst) this.#welcome(each, known);
        else each.contact();
    };
    try {
      for await (const event of this.#streams.follow({ after, lab: this.#lab, signal, onContact })) {
        if (this.#stream === stream) this.#tell(event);
      }
    } catch (error) {
      // Who follows asks the lab what is wrong. One that refuses to go on there has begun its numbers anew.
      if (error instanceof StreamRefused && this.#stream === stream) this.#forget();
    }
    clearTimeout(silence);
    if (this.#stream === stream) this.#endAll();
  }

  #endAll(): void {
    this.#stream?.abort();
    this.#stream = null;
    const all = [...this.#followers.keys()];
    this.#followers.clear();
    for (const each of all) each.ended();
  }

  #tell(event: LabEvent): void {
    const { from, to } = this.#known!;
    // Also what has no number, which no page could read.
    if (!(event.number > to)) return;
    this.#kept.push(event);
    const dropped = this.#kept.length > mostKept ? this.#kept.splice(0, this.#kept.length - mostKept) : [];
    this.#known = { from: dropped.at(-1)?.number ?? from, to: event.number };
    for (const each of this.#followers.keys()) each.event(event);
  }

  #forget(): void {
    this.#kept = [];
    this.#known = null;
    this.#missedAt = null;
  }
}
