// The page's side of the editor's worker: what can be asked of it, as promises.

import type { AgentSource } from "../../agents/open-agent.ts";
import type { Setting } from "../../agents/settings.ts";
import { talkTo } from "../../agents/worker-talk.ts";
import { engineFiles } from "../../live/engine-files.ts";
import { type LevelAnswer, type LevelRequest, levelAnswerSchema, type RoundAsked } from "./level-messages.ts";

type Answered<Kind extends LevelAnswer["kind"]> = Promise<Extract<LevelAnswer, { readonly kind: Kind }>>;

/** A level as text, in a variant of a world. */
export interface LevelAsked {
  readonly setting: Setting;
  readonly text: string;
}

/** All reject with what the worker said was wrong, with `worker-lost` where it ends first, and with the signal's reason. */
export interface LevelsAtHand {
  /** The number to ask it by. One that nobody waits for is closed. */
  open(source: AgentSource, signal: AbortSignal): Promise<number>;
  /** Frees what it takes, once what was asked of it before is answered. */
  close(agent: number): void;
  /** What an opened agent does there; the same seed gives the same. */
  play(asked: LevelAsked & { readonly agent: number; readonly seed: number }, signal: AbortSignal): Answered<"played">;
  /** What each candidate objective would do there. */
  objectives(asked: LevelAsked, signal: AbortSignal): Answered<"objectives">;
  /** The best level of one round of a search. */
  round(asked: RoundAsked): Answered<"round">;
  /** A test case out of a file's text, checked, its level too. */
  read(file: string): Answered<"read">;
  /** It answers nothing any more: start another. */
  isLost(): boolean;
  /** Ends the worker; what was asked and not answered rejects. */
  end(): void;
}

export function startLevels(): LevelsAtHand {
  const worker = new Worker(new URL("./level-worker.ts", import.meta.url), { type: "module" });
  const talk = talkTo<LevelRequest, LevelAnswer>(worker, { answers: levelAnswerSchema, who: "editor's" });
  talk.send({ kind: "engine", ...engineFiles });
  const until = (signal: AbortSignal) => ({ signal, cancel: (of: number): LevelRequest => ({ kind: "cancel", of }) });
  return {
    open: async (source, signal) => {
      const close = (agent: number): LevelRequest => ({ kind: "close", agent });
      return (await talk.ask((ask) => ({ kind: "open", ask, source }), "opened", { signal, cancel: close })).ask;
    },
    close: (agent) => talk.send({ kind: "close", agent }),
    play: (asked, signal) => talk.ask((ask) => ({ kind: "play", ask, ...asked }), "played", until(signal)),
    objectives: (asked, signal) => talk.ask((ask) => ({ kind: "objectives", ask, ...asked }), "objectives", until(signal)),
    round: (asked) => talk.ask((ask) => ({ kind: "round", ask, ...asked }), "round"),
    read: (file) => talk.ask((ask) => ({ kind: "read", ask, file }), "read"),
    isLost: () => talk.isLost(),
    end: () => talk.end(),
  };
}
