// What the shared worker says to one page, over its port: the events of the labs that the page follows.

import type { SharedAnswer, SharedRequest } from "./event-messages.ts";
import type { LabsFollowed } from "./labs-followed.ts";
import type { Follower } from "./shared-events.ts";

/** Until the port closes. */
export function answerPage(port: MessagePort, labs: Pick<LabsFollowed, "follow">): void {
  const tell = (answer: SharedAnswer) => port.postMessage(answer);
  const followed = new Map<number, () => void>();
  port.addEventListener("message", ({ data: request }: MessageEvent<SharedRequest>) => {
    const { ask } = request;
    if (request.kind === "leave") {
      followed.get(ask)?.();
      followed.delete(ask);
      return;
    }
    const follower: Follower = {
      contact: () => tell({ kind: "contact", ask }),
      event: (told) => tell({ kind: "event", ask, event: told }),
      missed: (at) => tell({ kind: "missed", ask, at }),
      ended: () => tell({ kind: "ended", ask }),
    };
    tell({ kind: "joined", ask });
    followed.set(ask, labs.follow(follower, request));
  });
  port.start();
}
