// The entry of the worker that all pages of a browser share: it has one stream of a lab's events, and tells each page what it hears.

import { answerPage } from "./answer-page.ts";
import { LabsFollowed } from "./labs-followed.ts";
import { wireStreams } from "./wire-streams.ts";

const labs = new LabsFollowed((token) => wireStreams({ origin: location.origin, token }));

addEventListener("connect", (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port !== undefined) answerPage(port, labs);
});
