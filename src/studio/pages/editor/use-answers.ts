// What is done on the level that is shown: by each agent, and by each candidate objective. Asked of a worker anew whenever the level changes; what
// was answered before stays in sight until then.

import { useEffect, useRef, useState } from "react";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { AgentSource } from "../../agents/open-agent.ts";
import type { Setting } from "../../agents/settings.ts";
import { type LevelsAtHand, startLevels } from "./ask-levels.ts";
import type { LevelAnswer } from "./level-messages.ts";

export type Played = Extract<LevelAnswer, { readonly kind: "played" }>;
type Planned = Extract<LevelAnswer, { readonly kind: "objectives" }>;

/** An agent to be opened, and its source once it is known. */
export interface AgentToPlay {
  readonly agent: string;
  /** Another for another agent under the same name. */
  readonly key: string;
  readonly source: () => Promise<AgentSource>;
}

export type Answered<Answer> =
  | { readonly kind: "working" }
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly message: string };

export interface Answers {
  readonly objectives: Answered<Planned>;
  readonly agents: ReadonlyMap<string, Answered<Played>>;
  /** Whether all of it is about the level that is shown. */
  readonly isCurrent: boolean;
}

export interface AnswersAsked {
  readonly setting: Setting;
  /** Null where there is no level to play. */
  readonly text: string | null;
  readonly agents: readonly AgentToPlay[];
  readonly seed: number;
}

/** Milliseconds without a change before the worker is asked. */
const askAfter = 120;
const nothing: Answers = { objectives: { kind: "working" }, agents: new Map(), isCurrent: false };

export function useAnswers({ setting, text, agents, seed }: AnswersAsked): Answers {
  const worker = useRef<LevelsAtHand | null>(null);
  /** What was opened, by agent. */
  const opened = useRef(new Map<string, { readonly key: string; readonly done: Promise<unknown> }>());
  const [answers, setAnswers] = useState<Answers>(nothing);
  useEffect(() => {
    const agentsOpened = opened.current;
    return () => {
      worker.current?.end();
      worker.current = null;
      agentsOpened.clear();
    };
  }, []);
  const settingText = JSON.stringify(setting);
  // What was done in another world is nothing to look at in this one.
  useEffect(() => setAnswers(nothing), [settingText]);
  useEffect(() => {
    setAnswers((before) => ({ ...before, isCurrent: false }));
    if (text === null) return;
    const ending = new AbortController();
    const { signal } = ending;
    const ask = async () => {
      worker.current ??= startLevels();
      const levels = worker.current;
      // The next level is asked of another worker.
      const lose = (error: unknown) => {
        if (!(error instanceof MesascopeError) || error.code !== "worker-lost" || worker.current !== levels) return;
        worker.current = null;
        opened.current.clear();
      };
      const tell = (change: (before: Answers) => Answers) => signal.aborted || setAnswers(change);
      const planned = answerOf(levels.objectives({ setting, text }, signal), lose).then((answer) =>
        tell((before) => ({ ...before, objectives: answer })),
      );
      const played = agents.map(async (each) => {
        const { agent } = each;
        const known = opened.current.get(agent);
        if (known?.key !== each.key) {
          const done = each.source().then((source) => levels.open(agent, source));
          opened.current.set(agent, { key: each.key, done });
        }
        const play = opened.current.get(agent)!.done.then(() => levels.play({ agent, setting, text, seed }, signal));
        const answer = await answerOf(play, lose);
        if (answer.kind === "failed" && !signal.aborted) opened.current.delete(agent);
        tell((before) => ({ ...before, agents: new Map([...before.agents, [agent, answer]]) }));
      });
      await Promise.all([planned, ...played]);
      tell((before) => ({ ...before, isCurrent: true }));
    };
    const timer = setTimeout(() => void ask(), askAfter);
    return () => {
      clearTimeout(timer);
      ending.abort(new MesascopeError("interrupted", "another level is asked about."));
    };
  }, [settingText, text, agents, seed]);
  return answers;
}

async function answerOf<Answer>(asked: Promise<Answer>, onError: (error: unknown) => void): Promise<Answered<Answer>> {
  try {
    return { kind: "answered", answer: await asked };
  } catch (error) {
    onError(error);
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
