// The agent of an audit, found as the player finds it by the same words.

import type { AgentSource } from "../../agents/open-agent.ts";
import type { LabClient } from "../../api/lab-client.ts";
import { loadScript } from "../../app/script-missing.ts";

interface OfLab {
  /** Null for an agent that no lab has. */
  readonly client: LabClient | null;
  readonly signal: AbortSignal;
}

/** `words`: what an address of the player calls it. Throws where there is none that could be played, and as the lab does. */
export async function agentSource(words: string, { client, signal }: OfLab): Promise<AgentSource> {
  const { findAgent } = await loadScript(() => import("../episode/open-asked.ts"));
  const { askedAgent } = await loadScript(() => import("../episode/asked-episode.ts"));
  const setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null } as const;
  const asked = askedAgent(words);
  const found = asked === null ? null : await findAgent(asked, { setting, chosen: null, client, signal });
  if (found === null || "kind" in found)
    throw new Error(`${words} is no agent that could be played; expected one that is trained.`);
  return found.source;
}
