// A lab's events as they come over the wire, for the worker that all pages share: it does without the client of the whole API, so that a first
// visit loads little. Pages check what they are told.

import { createParser } from "eventsource-parser";
import type { LabEvent } from "../../lab/api.ts";
import { apiPrefix } from "../../lab/api-prefix.ts";
import type { EventStreams, LabCaller } from "./event-streams.ts";

/** The lab does not go on after that event: it has begun its numbers anew. */
export class StreamRefused extends Error {
  constructor(status: number) {
    super(`the events after this one were refused: status ${status}.`);
  }
}

/** A connection for each who follows. */
export function wireStreams({ origin, token }: LabCaller): EventStreams {
  const headers = { accept: "text/event-stream", ...(token !== null && { authorization: `Bearer ${token}` }) };
  return {
    follow: async function* ({ after, signal, onContact }) {
      const answer = await fetch(`${origin}${apiPrefix}/events?after=${after}`, { headers, credentials: "omit", signal });
      const { status, body } = answer;
      if (status === 400) throw new StreamRefused(status);
      if (!answer.ok || body === null) throw new Error(`the stream of events was answered with status ${status}.`);
      onContact();
      yield* eventsOf(body.pipeThrough(new TextDecoderStream()).getReader(), onContact);
    },
  };
}

async function* eventsOf(reader: ReadableStreamDefaultReader<string>, onContact: () => void): AsyncGenerator<LabEvent> {
  const told: LabEvent[] = [];
  let isOver = false;
  const parser = createParser({
    // The lab names the last one "done", and one that it failed at "error"; both end the stream.
    onEvent: ({ event = "message", data }) => {
      if (event === "message") told.push(JSON.parse(data));
      else isOver = true;
    },
  });
  try {
    while (!isOver) {
      const { done, value } = await reader.read();
      if (done) return;
      onContact();
      parser.feed(value);
      yield* told.splice(0);
    }
  } finally {
    // What is cancelled twice, or failed before, has nothing to say.
    await reader.cancel().catch(() => undefined);
  }
}
