// How this machine's processors are shared by the agents that are trained in the page.

import { agentNames } from "./story-agents.ts";

export interface ProcessorShares {
  /** Agents that are trained at a time. */
  readonly lanes: number;
  /** Of the engine, for each. */
  readonly threads: number;
}

/** Beyond this many threads the small graphs of these agents gain nothing. */
const mostThreads = 4;

/** One processor is left to the page. Threads share memory, which browsers give to pages that are isolated, by headers of their server. */
export function shareProcessors({
  processors,
  isIsolated,
}: {
  readonly processors: number;
  readonly isIsolated: boolean;
}): ProcessorShares {
  const free = Math.max(1, processors - 1);
  const lanes = Math.min(agentNames.length, free);
  const threads = isIsolated ? Math.min(mostThreads, Math.floor(free / lanes)) : 1;
  return { lanes, threads };
}
