// The page's side of a worker of agents: what can be asked of it, as promises.

import { engineFiles } from "../live/engine-files.ts";
import { type AgentsAnswer, type AgentsRequest, agentsAnswerSchema } from "./messages.ts";
import type { AgentSource } from "./open-agent.ts";
import type { Draw, GivenLevel, Setting } from "./settings.ts";
import { talkTo } from "./worker-talk.ts";

type Answered<Kind extends AgentsAnswer["kind"]> = Promise<Extract<AgentsAnswer, { readonly kind: Kind }>>;

export interface EpisodeAsked {
  /** As `open` says. */
  readonly agent: number;
  readonly level: GivenLevel;
  readonly draw: Draw;
}

/** All reject with what the worker said was wrong, with `worker-lost` where it ends first, and with the signal's reason. */
export interface AgentsAtHand {
  worlds(): Answered<"worlds">;
  world(setting: Setting, signal?: AbortSignal): Answered<"world">;
  /** `agent` is what to ask it by. One that nobody waits for is closed. */
  open(source: AgentSource, signal?: AbortSignal): Promise<{ readonly agent: number } & Awaited<Answered<"opened">>>;
  /** Frees what it takes, once what was asked of it before is answered. */
  close(agent: number): void;
  /** The same agent, level and draw give the same episode. */
  play(asked: EpisodeAsked, signal?: AbortSignal): Answered<"played">;
  /** What each candidate objective would do at every step, and the posterior over them. Takes seconds where levels are large; says how far it is. */
  explain(
    asked: EpisodeAsked,
    options?: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
  ): Answered<"explained">;
  /** What the agent would do on each other cell, at a step of the episode. */
  field(asked: EpisodeAsked & { readonly step: number }, signal?: AbortSignal): Answered<"field">;
  /** It answers nothing any more: start another. */
  isLost(): boolean;
  /** Ends the worker; what was asked and not answered rejects. */
  end(): void;
}

export function startAgents(): AgentsAtHand {
  const worker = new Worker(new URL("./agents-worker.ts", import.meta.url), { type: "module" });
  const talk = talkTo<AgentsRequest, AgentsAnswer>(worker, { answers: agentsAnswerSchema, who: "agents'" });
  talk.send({ kind: "engine", ...engineFiles });
  const cancel = (of: number): AgentsRequest => ({ kind: "cancel", of });
  const until = (signal: AbortSignal | undefined) => ({ cancel, ...(signal && { signal }) });
  return {
    worlds: () => talk.ask((ask) => ({ kind: "worlds", ask }), "worlds"),
    world: (setting, signal) => talk.ask((ask) => ({ kind: "world", ask, setting }), "world", until(signal)),
    open: async (source, signal) => {
      const unwanted = { cancel: (agent: number): AgentsRequest => ({ kind: "close", agent }), ...(signal && { signal }) };
      const opened = await talk.ask((ask) => ({ kind: "open", ask, source }), "opened", unwanted);
      return { agent: opened.ask, ...opened };
    },
    close: (agent) => talk.send({ kind: "close", agent }),
    play: (asked, signal) => talk.ask((ask) => ({ kind: "play", ask, ...asked }), "played", until(signal)),
    explain: (asked, options) => talk.ask((ask) => ({ kind: "explain", ask, ...asked }), "explained", { cancel, ...options }),
    field: (asked, signal) => talk.ask((ask) => ({ kind: "field", ask, ...asked }), "field", until(signal)),
    isLost: () => talk.isLost(),
    end: () => talk.end(),
  };
}
