// What the page shows, asked of the worker one after the other: the agent, its episode, what explains it, and its policy field.

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type AgentsAtHand, startAgents } from "../../agents/ask-agents.ts";
import { useConnection } from "../../app/connection.tsx";
import { type AskedAgent, askedAgent, drawAsked, levelAsked, refusalOf, settingOf } from "./asked-episode.ts";
import type { EpisodeSearch } from "./episode-search.ts";
import { type ChosenFiles, findAgent } from "./open-asked.ts";

interface Started {
  readonly number: number;
  readonly agents: AgentsAtHand;
}

let workers = 0;

/** Milliseconds for which an agent stays open that is not shown any more. */
const openFor = 30_000;

interface Agents {
  /** Null before there is one. */
  readonly started: Started | null;
  /** Starts another where that one is what the page has. */
  readonly replace: (lost: Started) => void;
}

/** The page's worker, from its first sight to its last. What its queries forget is closed. */
function useAgents(): Agents {
  const queries = useQueryClient();
  const current = useRef<Started | null>(null);
  const [started, setStarted] = useState<Started | null>(null);
  const start = useCallback(() => {
    current.current?.agents.end();
    current.current = { number: ++workers, agents: startAgents() };
    setStarted(current.current);
  }, []);
  useEffect(() => {
    start();
    const forget = queries.getQueryCache().subscribe(({ type, query }) => {
      const [of, number, kind] = query.queryKey;
      if (type !== "removed" || of !== "agents" || number !== current.current?.number || kind !== "open") return;
      const held = heldIn(query.state.data);
      if (held !== null) current.current?.agents.close(held);
    });
    return () => {
      forget();
      current.current?.agents.end();
    };
  }, [queries, start]);
  const replace = useCallback((lost: Started) => current.current === lost && start(), [start]);
  return { started, replace };
}

function heldIn(answer: unknown): number | null {
  return typeof answer === "object" && answer !== null && "agent" in answer ? Number(answer.agent) : null;
}

/** Of this worker, once there is one; what it said stays so. Where it was lost the question is for the next one, as are all that were asked. */
function useAsked<Answer>(
  { started, replace }: Agents,
  question: {
    readonly about: readonly unknown[];
    readonly isAsked?: boolean;
    readonly keepsLast?: boolean;
    readonly keptFor?: number;
    readonly ask: (agents: AgentsAtHand, signal: AbortSignal) => Promise<Answer>;
  },
) {
  const { about, isAsked = true, keepsLast = false, keptFor, ask } = question;
  return useQuery({
    queryKey: ["agents", started?.number ?? 0, ...about],
    queryFn: ({ signal }) => {
      if (started!.agents.isLost()) replace(started!);
      return ask(started!.agents, signal);
    },
    enabled: started !== null && isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    ...(keptFor !== undefined && { gcTime: keptFor }),
    ...(keepsLast && { placeholderData: keepPreviousData }),
  });
}

const none: AskedAgent = { kind: "file" };

export function useEpisode(search: EpisodeSearch, chosen: ChosenFiles | null) {
  const agents = useAgents();
  const connection = useConnection();
  const client = connection.kind === "lab" ? connection.lab.client : null;
  const asked = askedAgent(search.agent);
  const setting = settingOf(search);
  const isOfSetting = asked?.kind === "scripted" || (asked?.kind === "file" && chosen?.manifest === null);
  const who = [
    search.agent,
    asked?.kind === "file" ? (chosen?.number ?? 0) : 0,
    isOfSetting ? setting : null,
    asked?.kind === "run" && client === null,
  ];
  const worlds = useAsked(agents, { about: ["worlds"], ask: (agents) => agents.worlds() });
  const place = useAsked(agents, {
    about: ["world", setting],
    ask: async (agents, signal) => (await agents.world(setting, signal)).world,
  });
  const opened = useAsked(agents, {
    about: ["open", ...who],
    keptFor: openFor,
    isAsked: asked !== null && connection.kind !== "looking",
    ask: async (agents, signal) => {
      const found = await findAgent(asked ?? none, { setting, chosen, client, signal });
      if ("kind" in found) return { missing: found };
      const { source, ...words } = found;
      return { missing: null, ...words, ...(await agents.open(source, signal)) };
    },
  });
  const agent = opened.data?.missing === null ? opened.data : null;
  const level = levelAsked(search, agent?.world.axes ?? []);
  const episode = { agent: agent?.agent ?? 0, level, draw: drawAsked(search) };
  const refusal = refusalOf(search);
  const about = [...who, level, episode.draw, refusal];
  const played = useAsked(agents, {
    about: ["play", ...about],
    isAsked: agent !== null,
    ask: async (agents, signal) => {
      if (refusal !== null) throw new Error(refusal);
      return await agents.play(episode, signal);
    },
  });
  const explainedOf = JSON.stringify(about);
  const [told, setSolved] = useState<{ readonly of: string; readonly share: number } | null>(null);
  const explained = useAsked(agents, {
    about: ["explain", ...about],
    isAsked: played.data !== undefined,
    ask: async (agents, signal) => {
      // What was told before it was stopped is no word on this one.
      setSolved(null);
      const onProgress = (share: number) => setSolved({ of: explainedOf, share });
      return (await agents.explain(episode, { signal, onProgress })).explanation;
    },
  });
  /** Share of the solving that is done; null where nothing is known of it. */
  const solved = told?.of === explainedOf ? told.share : null;
  return { asked, connection, agents, worlds, place, opened, agent, played, explained, solved, episode, about };
}

/** The field at a step, asked for while it is shown; until it is there, that of another step of the same episode, as it says. */
export function usePolicyField(
  { agents, episode, about, played }: ReturnType<typeof useEpisode>,
  { step, isShown }: { readonly step: number; readonly isShown: boolean },
) {
  const of = JSON.stringify(about);
  const { data, error } = useAsked(agents, {
    about: ["field", ...about, step],
    isAsked: isShown && played.data !== undefined,
    keepsLast: true,
    ask: async (agents, signal) => ({ of, step, field: (await agents.field({ ...episode, step }, signal)).field }),
  });
  return { shown: data?.of === of ? data : null, error };
}
