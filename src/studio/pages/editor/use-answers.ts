// What is done on the level that is shown: by each agent, and by each candidate objective. Asked of a worker anew whenever the level changes; what
// was answered before stays in sight until then.

import { useEffect, useRef, useState } from "react";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { Setting } from "../../agents/settings.ts";
import { type LevelsAtHand, startLevels } from "./ask-levels.ts";
import { type AgentToPlay, HeldAgents } from "./held-agents.ts";
import type { LevelAnswer } from "./level-messages.ts";

export type Played = Extract<LevelAnswer, { readonly kind: "played" }>;
type Planned = Extract<LevelAnswer, { readonly kind: "objectives" }>;

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
  const started = useRef<Started | null>(null);
  const [answers, setAnswers] = useState<Answers>(nothing);
  useEffect(
    () => () => {
      started.current?.levels.end();
      started.current = null;
    },
    [],
  );
  const settingText = JSON.stringify(setting);
  // What was done in another world is nothing to look at in this one.
  useEffect(() => setAnswers(nothing), [settingText]);
  useEffect(() => {
    setAnswers(askedAnew);
    if (text === null) return;
    const ending = new AbortController();
    const { signal } = ending;
    const ask = async () => {
      // Where the one before was lost, another.
      if (started.current === null || started.current.levels.isLost()) started.current = start();
      const { levels, held } = started.current;
      held.keepOnly(agents);
      const tell = (change: (before: Answers) => Answers) => signal.aborted || setAnswers(change);
      const planned = answerOf(levels.objectives({ setting, text }, signal)).then((answer) =>
        tell((before) => ({ ...before, objectives: answer })),
      );
      const played = agents.map(async (each) => {
        const { agent } = each;
        const play = held.numberOf(each).then((number) => levels.play({ agent: number, setting, text, seed }, signal));
        const answer = await answerOf(play);
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

/** What was answered stays in sight until the next answer; what went wrong is no word on what is asked now. */
function askedAnew({ objectives, agents }: Answers): Answers {
  return {
    objectives: objectives.kind === "failed" ? { kind: "working" } : objectives,
    agents: new Map([...agents].filter(([, { kind }]) => kind !== "failed")),
    isCurrent: false,
  };
}

interface Started {
  readonly levels: LevelsAtHand;
  readonly held: HeldAgents;
}

function start(): Started {
  const levels = startLevels();
  return { levels, held: new HeldAgents(levels) };
}

async function answerOf<Answer>(asked: Promise<Answer>): Promise<Answered<Answer>> {
  try {
    return { kind: "answered", answer: await asked };
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
