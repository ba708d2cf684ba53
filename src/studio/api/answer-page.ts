// What the shared worker says to one page, over its port: the events of the labs that the page follows.

import type { SharedAnswer, SharedRequest } from "./event-messages.ts";
import type { Follower, SharedEvents } from "./shared-events.ts";

/** Until the port closes. `sharedBy`: the events of a lab, as they are told who comes with that token. */
export function answerPage(port: MessagePort, sharedBy: (lab: string, token: string | null) => SharedEvents): void {
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
