// The agents that were trained in this tab, for any page of it to open. They stay until the page is loaded anew, also where the page that trained
// them shows its recording again.

import type { AgentName } from "./story-agents.ts";

export interface TrainedAgent {
  readonly name: AgentName;
  readonly seed: number;
  /** policy.onnx */
  readonly model: Uint8Array<ArrayBuffer>;
}

/** Agents that are kept: those that were trained last. */
const mostKept = 32;
let kept: readonly TrainedAgent[] = [];
const changed = new EventTarget();

/** In place of one of the same name and seed. */
export function keepTrained(agent: TrainedAgent): void {
  const others = kept.filter(({ name, seed }) => name !== agent.name || seed !== agent.seed);
  kept = [...others, agent].slice(-mostKept);
  changed.dispatchEvent(new Event("change"));
}

/** In the order in which they were trained; the same list until there is another. */
export function trainedHere(): readonly TrainedAgent[] {
  return kept;
}

/** Calls after every change. Returns what ends it. */
export function listenToTrained(listener: () => void): () => void {
  changed.addEventListener("change", listener);
  return () => changed.removeEventListener("change", listener);
}

/** The word of an address for one, `live:C1/7`: the same name and seed give the same agent when it is trained again. */
export function trainedWord({ name, seed }: Pick<TrainedAgent, "name" | "seed">): string {
  return `live:${name}/${seed}`;
}
