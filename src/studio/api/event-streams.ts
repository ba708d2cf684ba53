// Where a page hears of a lab's events: a stream of its own, or one that all pages of this browser share. Browsers open no more than six
// connections to a server, so that with a stream for each page the seventh would wait for ever.

import type { LabEvent } from "../../lab/api.ts";
import { type SharedAnswer, type SharedRequest, sharedAnswerSchema } from "./event-messages.ts";
import { createLabClient } from "./lab-client.ts";

export interface FollowAsked {
  /** Number of the last event that is known. */
  readonly after: number;
  /** The lab's id, to which numbers belong. */
  readonly lab: string;
  readonly signal: AbortSignal;
  /** Told of every sign of life. */
  readonly onContact: () => void;
}

export interface EventStreams {
  /**
   * Events after that number, in order; those that are known may be among them. Ends where the signal aborts, and throws where the stream breaks
   * off: `EventsMissed` where it cannot be resumed there.
   */
  follow(asked: FollowAsked): AsyncIterable<LabEvent>;
}

/** Those up to `at` are told no more: what is shown is to be asked anew. */
export class EventsMissed extends Error {
  readonly at: number;

  constructor(at: number) {
    super(`events up to ${at} were missed.`);
    this.at = at;
  }
}

export interface LabCaller {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly token: string | null;
}

/** A connection for each who follows. */
export function ownStreams(caller: LabCaller): EventStreams {
  return {
    follow: async function* ({ after, signal, onContact }) {
      yield* await createLabClient({ ...caller, onContact }).events({ after }, { signal });
    },
  };
}

export interface SharedStreamsOptions {
  readonly token: string | null;
  /** The way to the shared worker. */
  readonly connect: () => MessagePort;
  /** In place of it from then on, where it does not answer. */
  readonly otherwise: EventStreams;
  /** Milliseconds in which a worker that runs says so. Default 10 s. */
  readonly joinWithin?: number;
}

/** One connection for all who follow the same lab by the same token. */
export function sharedStreams({ token, connect, otherwise, joinWithin = 10_000 }: SharedStreamsOptions): EventStreams {
  let port: MessagePort | null = null;
  let isLost = false;
  let asked = 0;
  return {
    follow: async function* (given) {
      if (isLost) return yield* otherwise.follow(given);
      const { after, lab, signal, onContact } = given;
      port ??= connect();
      const worker = port;
      const send = (request: SharedRequest) => worker.postMessage(request);
      const ask = ++asked;
      const inbox = new Inbox();
      const hear = ({ data }: MessageEvent) => inbox.put(data);
      const leave = () => send({ kind: "leave", ask });
      const late = setTimeout(() => {
        isLost = true;
        inbox.close();
      }, joinWithin);
      worker.addEventListener("message", hear);
      signal.addEventListener("abort", inbox.close);
      // A page that is closed ends nothing by itself.
      globalThis.addEventListener?.("pagehide", leave);
      worker.start();
      send({ kind: "follow", ask, after, lab, token });
      try {
        for await (const said of inbox.items()) {
          if (!isAbout(said, ask)) continue;
          clearTimeout(late);
          const answer = readAnswer(said);
          if (answer === null) continue;
          if (answer.kind === "missed") throw new EventsMissed(answer.at);
          if (answer.kind === "ended") throw new Error("the stream of events broke off.");
          if (answer.kind !== "joined") onContact();
          if (answer.kind === "event") yield answer.event;
        }
      } finally {
        clearTimeout(late);
        worker.removeEventListener("message", hear);
        signal.removeEventListener("abort", inbox.close);
        globalThis.removeEventListener?.("pagehide", leave);
        leave();
      }
    },
  };
}

function isAbout(said: unknown, ask: number): said is object {
  return typeof said === "object" && said !== null && "ask" in said && said.ask === ask;
}

/**
 * Null for what says nothing that this page knows. Throws `EventsMissed` for an event that a later version of the lab tells otherwise: it is passed
 * by, so that it is not told again at every attempt, and what is shown is asked anew.
 */
function readAnswer(said: object): SharedAnswer | null {
  const { data } = sharedAnswerSchema.safeParse(said);
  if (data !== undefined) return data;
  const event = "event" in said && typeof said.event === "object" && said.event !== null ? said.event : {};
  if ("number" in event && typeof event.number === "number") throw new EventsMissed(event.number);
  return null;
}

/** What came and was not read yet. */
class Inbox {
  readonly #come: unknown[] = [];
  #wake: () => void = () => undefined;
  #isOpen = true;

  put(item: unknown): void {
    this.#come.push(item);
    this.#wake();
  }

  readonly close = (): void => {
    this.#isOpen = false;
    this.#wake();
  };

  async *items(): AsyncGenerator<unknown, void, void> {
    while (this.#isOpen) {
      if (this.#come.length > 0) yield this.#come.shift();
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
