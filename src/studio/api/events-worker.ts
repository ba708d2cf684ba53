// The entry of the worker that all pages of a browser share: it has one stream of a lab's events, and tells each page what it hears.

import type { SharedAnswer, SharedRequest } from "./event-messages.ts";
import { type Follower, SharedEvents } from "./shared-events.ts";
import { wireStreams } from "./wire-streams.ts";

/** By lab and token. */
const shared = new Map<string, SharedEvents>();

addEventListener("connect", (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port !== undefined) listen(port);
});

function listen(port: MessagePort): void {
  const tell = (answer: SharedAnswer) => port.postMessage(answer);
  const followed = new Map<number, () => void>();
  port.addEventListener("message", ({ data: request }: MessageEvent<SharedRequest>) => {
    const { ask } = request;
    if (request.kind === "leave") {
      followed.get(ask)?.();
      followed.delete(ask);
      return;
    }
    const { after, lab, token } = request;
    const events = sharedBy(lab, token);
    const follower: Follower = {
      contact: () => tell({ kind: "contact", ask }),
      event: (told) => tell({ kind: "event", ask, event: told }),
      missed: (at) => tell({ kind: "missed", ask, at }),
      ended: () => tell({ kind: "ended", ask }),
    };
    followed.set(ask, () => events.leave(follower));
    tell({ kind: "joined", ask });
    events.follow(follower, after);
  });
  port.start();
}

function sharedBy(lab: string, token: string | null): SharedEvents {
  const name = JSON.stringify([lab, token]);
  const found = shared.get(name) ?? new SharedEvents(wireStreams({ origin: location.origin, token }), lab);
  shared.set(name, found);
  return found;
}
