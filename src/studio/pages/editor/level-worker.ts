// The entry of the editor's worker: plays, plans and searches, so that the page is never held up.

import { createWebEngine, isRuntimeThread } from "../../../browser/web-engine.ts";
import { LevelHost } from "./level-host.ts";
import { type LevelAnswer, levelRequestSchema } from "./level-messages.ts";

const tell = (answer: LevelAnswer) => postMessage(answer);
const host = new LevelHost({ engine: (wasmPaths) => createWebEngine({ wasmPaths, threads: 1 }), tell });

if (!isRuntimeThread()) {
  addEventListener("message", (event) => {
    const parsed = levelRequestSchema.safeParse(event.data);
    if (!parsed.success) return tell({ kind: "failed", ask: null, message: `not understood: ${parsed.error.message}` });
    void host.receive(parsed.data);
  });
}
