// Where the audits of the first page's recorded agents lie: at addresses of audits, which they share with those of a lab.

import type { AgentName } from "../../live/story-agents.ts";

/** In place of the key of a lab's audit, which is all digits: `/audits/recorded-B`. */
const keys: Readonly<Record<AgentName, string>> = {
  A: "recorded-A",
  B: "recorded-B",
  C1: "recorded-C1",
  wild: "recorded-wild",
};

export function recordedKey(agent: AgentName): string {
  return keys[agent];
}

/** Null for the key of a lab's audit. */
export function recordedAgentOf(key: string): AgentName | null {
  const found = Object.entries(keys).find(([, each]) => each === key)?.[0];
  return found === undefined ? null : (found as AgentName);
}
