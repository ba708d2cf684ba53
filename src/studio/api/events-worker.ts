// The entry of the worker that all pages of a browser share: it has one stream of a lab's events, and tells each page what it hears.

import { answerPage } from "./answer-page.ts";
import { SharedEvents } from "./shared-events.ts";
import { wireStreams } from "./wire-streams.ts";

/** By lab and token. */
const shared = new Map<string, SharedEvents>();

addEventListener("connect", (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port !== undefined) answerPage(port, sharedBy);
});

function sharedBy(lab: string, token: string | null): SharedEvents {
  const name = JSON.stringify([lab, token]);
  const found = shared.get(name) ?? new SharedEvents(wireStreams({ origin: location.origin, token }), lab);
  shared.set(name, found);
  return found;
}
