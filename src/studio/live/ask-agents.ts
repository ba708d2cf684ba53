// The page's side of an agent worker: agents are given to it, and boards, tallies and audits come back in their own time.

import { talkTo } from "../agents/worker-talk.ts";
import { type AgentAnswer, type AgentRequest, agentAnswerSchema } from "./agent-messages.ts";
import { engineFiles } from "./engine-files.ts";

type Asked<Kind extends AgentAnswer["kind"]> = Promise<Extract<AgentAnswer, { readonly kind: Kind }>>;

export interface AgentsAtHand {
  /** The number to ask the policy by. */
  open(model: Uint8Array<ArrayBuffer>): number;
  /** Frees a policy once what was asked of it is answered. */
  release(opened: number): void;
  /** Rejects with what the worker said was wrong, and with `worker-lost` where it ends first. */
  board(asked: { readonly opened: number; readonly shift: number; readonly number: number }): Asked<"board">;
  tally(asked: { readonly opened: number; readonly shift: number }): Asked<"tally">;
  audit(asked: { readonly opened: number; readonly levels: number; readonly seed: number }): Asked<"audit">;
  /** Ends the worker; what was asked and not answered rejects. */
  end(): void;
}

export function startAgentWorker(): AgentsAtHand {
  const worker = new Worker(new URL("./agent-worker.ts", import.meta.url), { type: "module" });
  const { send, ask: question, end } = talkTo<AgentRequest, AgentAnswer>(worker, { answers: agentAnswerSchema, who: "agents'" });
  send({ kind: "engine", ...engineFiles });
  let openings = 0;
  return {
    open: (model) => {
      const opened = ++openings;
      send({ kind: "open", opened, model });
      return opened;
    },
    release: (opened) => send({ kind: "release", opened }),
    board: (board) => question((ask) => ({ kind: "board", ask, ...board }), "board"),
    tally: (place) => question((ask) => ({ kind: "tally", ask, ...place }), "tally"),
    audit: (budget) => question((ask) => ({ kind: "audit", ask, ...budget }), "audit"),
    end,
  };
}
