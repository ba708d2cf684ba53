// The entry of a worker of agents: opens what a page gives it, plays and explains episodes, so that the page is never held up.

import { createWebEngine, isRuntimeThread } from "../../browser/web-engine.ts";
import { AgentsHost } from "./agents-host.ts";
import { type AgentsAnswer, agentsRequestSchema } from "./messages.ts";

const tell = (answer: AgentsAnswer) => postMessage(answer);
const host = new AgentsHost({ engine: (wasmPaths) => createWebEngine({ wasmPaths, threads: 1 }), tell });

if (!isRuntimeThread()) {
  addEventListener("message", (event) => {
    const parsed = agentsRequestSchema.safeParse(event.data);
    if (parsed.success) void host.receive(parsed.data);
    else tell({ kind: "failed", ask: askIn(event.data), code: null, message: `not understood: ${parsed.error.message}` });
  });
}

/** Whose question could not be read, where that can be. */
function askIn(data: unknown): number | null {
  return typeof data === "object" && data !== null && "ask" in data && Number.isInteger(data.ask) ? Number(data.ask) : null;
}
