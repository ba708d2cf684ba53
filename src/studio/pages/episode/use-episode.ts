// What the page shows, asked of the worker one after the other: the agent, its episode, what explains it, and its policy field.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type AgentsAtHand, startAgents } from "../../agents/ask-agents.ts";
import { useConnection } from "../../app/connection.tsx";
import { type AskedAgent, askedAgent, drawAsked, levelAsked, requireWholeLevel, settingOf } from "./asked-episode.ts";
import type { EpisodeSearch } from "./episode-search.ts";
import { type ChosenFiles, findAgent } from "./open-asked.ts";

interface Started {
  readonly number: number;
  readonly agents: AgentsAtHand;
}

let workers = 0;

/** The page's worker, from its first sight to its last. */
function useAgents(): Started | null {
  const [started, setStarted] = useState<Started | null>(null);
  useEffect(() => {
    const agents = startAgents();
    setStarted({ number: ++workers, agents });
    return () => agents.end();
  }, []);
  return started;
}

/** Of this worker, once there is one; what it said stays so. */
function useAsked<Answer>(
  started: Started | null,
  question: {
    readonly about: readonly unknown[];
    readonly isAsked?: boolean;
    readonly keepsLast?: boolean;
    readonly ask: (agents: AgentsAtHand, signal: AbortSignal) => Promise<Answer>;
  },
) {
  const { about, isAsked = true, keepsLast = false, ask } = question;
  return useQuery({
    queryKey: ["agents", started?.number ?? 0, ...about],
    queryFn: ({ signal }) => ask(started!.agents, signal),
    enabled: started !== null && isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    ...(keepsLast && { placeholderData: keepPreviousData }),
  });
}

const none: AskedAgent = { kind: "file" };

export function useEpisode(search: EpisodeSearch, chosen: ChosenFiles | null) {
  const started = useAgents();
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
  const name = JSON.stringify(who);
  const worlds = useAsked(started, { about: ["worlds"], ask: (agents) => agents.worlds() });
  const place = useAsked(started, {
    about: ["world", setting],
    ask: async (agents, signal) => (await agents.world(setting, signal)).world,
  });
  const opened = useAsked(started, {
    about: ["open", ...who],
    isAsked: asked !== null && connection.kind !== "looking",
    ask: async (agents, signal) => {
      const found = await findAgent(asked ?? none, { setting, chosen, client, signal });
      if ("kind" in found) return { missing: found };
      const { source, ...words } = found;
      return { missing: null, ...words, ...(await agents.open(name, source)) };
    },
  });
  const agent = opened.data?.missing === null ? opened.data : null;
  const level = levelAsked(search, agent?.world.axes ?? []);
  const episode = { agent: name, level, draw: drawAsked(search) };
  const about = [...who, level, episode.draw];
  const played = useAsked(started, {
    about: ["play", ...about],
    isAsked: agent !== null,
    ask: async (agents, signal) => {
      requireWholeLevel(search);
      return await agents.play(episode, signal);
    },
  });
  const explained = useAsked(started, {
    about: ["explain", ...about],
    isAsked: played.data !== undefined,
    ask: async (agents, signal) => (await agents.explain(episode, signal)).explanation,
  });
  return { asked, connection, started, worlds, place, opened, agent, played, explained, episode, about };
}

/** The field at a step, asked for while it is shown; until it is there, that of another step of the same episode, as it says. */
export function usePolicyField(
  { started, episode, about, played }: ReturnType<typeof useEpisode>,
  { step, isShown }: { readonly step: number; readonly isShown: boolean },
) {
  const of = JSON.stringify(about);
  const { data, error } = useAsked(started, {
    about: ["field", ...about, step],
    isAsked: isShown && played.data !== undefined,
    keepsLast: true,
    ask: async (agents, signal) => ({ of, step, field: (await agents.field({ ...episode, step }, signal)).field }),
  });
  return { shown: data?.of === of ? data : null, error };
}
