// The page's side of an agent worker: agents are given to it, and boards, tallies and audits come back in their own time.

import { talkTo } from "../agents/worker-talk.ts";
import { type AgentAnswer, type AgentRequest, agentAnswerSchema } from "./agent-messages.ts";
import { engineFiles } from "./engine-files.ts";
import type { AgentName } from "./story.ts";

type Asked<Kind extends AgentAnswer["kind"]> = Promise<Extract<AgentAnswer, { readonly kind: Kind }>>;

export interface AgentsAtHand {
  open(agent: AgentName, model: Uint8Array<ArrayBuffer>): void;
  /** Rejects with what the worker said was wrong, and with `worker-lost` where it ends first. */
  board(asked: { readonly agent: AgentName; readonly shift: number; readonly number: number }): Asked<"board">;
  tally(asked: { readonly agent: AgentName; readonly shift: number }): Asked<"tally">;
  audit(asked: { readonly agent: AgentName; readonly levels: number; readonly seed: number }): Asked<"audit">;
  /** Ends the worker; what was asked and not answered rejects. */
  end(): void;
}

export function startAgentWorker(): AgentsAtHand {
  const worker = new Worker(new URL("./agent-worker.ts", import.meta.url), { type: "module" });
  const { send, ask: question, end } = talkTo<AgentRequest, AgentAnswer>(worker, { answers: agentAnswerSchema, who: "agents'" });
  send({ kind: "engine", ...engineFiles });
  return {
    open: (agent, model) => send({ kind: "open", agent, model }),
    board: (board) => question((ask) => ({ kind: "board", ask, ...board }), "board"),
    tally: (place) => question((ask) => ({ kind: "tally", ask, ...place }), "tally"),
    audit: (budget) => question((ask) => ({ kind: "audit", ask, ...budget }), "audit"),
    end,
  };
}
