// In which order the agents of the first page are trained here.

import type { LivePhase } from "./live-run.ts";
import type { AgentName } from "./story-agents.ts";

/** Trained first what is done first; B takes five times as long as the others. */
export const trainingOrder: readonly AgentName[] = ["wild", "A", "C1", "B"];

/** Whether it is trained as soon as there is a processor for it. */
export function isInLine({ kind }: LivePhase): boolean {
  return kind === "waiting" || kind === "paused";
}

/** 1 for the one that is next; null for one that waits for nothing. */
export function placeInLine(agent: AgentName, agents: Readonly<Record<AgentName, { readonly phase: LivePhase }>>): number | null {
  const line = trainingOrder.filter((name) => isInLine(agents[name].phase));
  return line.includes(agent) ? line.indexOf(agent) + 1 : null;
}
