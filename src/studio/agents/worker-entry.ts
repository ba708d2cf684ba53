// What the entry of a worker that holds agents does: it hears the page, and tells it the answers.

import { createWebEngine, isRuntimeThread } from "../../browser/web-engine.ts";
import type { HostOptions } from "./worker-host.ts";

/** Threads of the engine run the same script, and hear the engine alone. */
export function hearPage<Answer>(host: (options: HostOptions<Answer>) => { receive(message: unknown): Promise<void> }): void {
  if (isRuntimeThread()) return;
  const made = host({
    engine: (wasmPaths) => createWebEngine({ wasmPaths, threads: 1 }),
    tell: (answer) => postMessage(answer),
  });
  addEventListener("message", ({ data }) => void made.receive(data));
}
