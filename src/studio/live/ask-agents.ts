// The page's side of an agent worker: agents are given to it, and boards, tallies and audits come back in their own time.

import { MesascopeError } from "../../core/base/errors.ts";
import { type AgentAnswer, type AgentRequest, agentAnswerSchema } from "./agent-messages.ts";
import { engineFiles } from "./engine-files.ts";
import type { AgentName } from "./story.ts";

type Asked<Kind extends AgentAnswer["kind"]> = Promise<Extract<AgentAnswer, { readonly kind: Kind }>>;
type Question = Extract<AgentRequest, { readonly ask: number }>;

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
  const waiting = new Map<number, PromiseWithResolvers<AgentAnswer>>();
  let asked = 0;
  const send = (request: AgentRequest) => worker.postMessage(request);
  const lose = (why: string) => {
    for (const each of waiting.values()) each.reject(new MesascopeError("worker-lost", `the agents' worker was lost (${why}).`));
    waiting.clear();
  };
  worker.addEventListener("error", (event) => lose(event.message || "its script could not be loaded"));
  worker.addEventListener("message", ({ data }) => {
    const parsed = agentAnswerSchema.safeParse(data);
    if (!parsed.success) return lose("what it said could not be read");
    const said = parsed.data;
    if (said.ask === null) return lose(said.kind === "failed" ? said.message : "it answered nobody");
    const end = waiting.get(said.ask);
    waiting.delete(said.ask);
    if (said.kind === "failed") end?.reject(new Error(said.message));
    else end?.resolve(said);
  });
  const question = <Kind extends Question["kind"]>(request: Extract<Question, { readonly kind: Kind }>): Asked<Kind> => {
    const end = Promise.withResolvers<AgentAnswer>();
    waiting.set(request.ask, end);
    send(request);
    return end.promise as Asked<Kind>;
  };
  send({ kind: "engine", ...engineFiles });
  return {
    open: (agent, model) => send({ kind: "open", agent, model }),
    board: (board) => question<"board">({ kind: "board", ask: ++asked, ...board }),
    tally: (place) => question<"tally">({ kind: "tally", ask: ++asked, ...place }),
    audit: (budget) => question<"audit">({ kind: "audit", ask: ++asked, ...budget }),
    end: () => {
      worker.terminate();
      lose("it was ended");
    },
  };
}
