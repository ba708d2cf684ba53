// What the four boards show: an episode and a tally of each agent at the place of the way that is asked for. While they are played there is nothing
// to show: what was there before is of another place.

import { useCallback, useEffect, useMemo, useState } from "react";
import type { Episode } from "../../../report/report-data.ts";
import { BoardPlayer } from "../../live/board-player.ts";
import type { AgentName, Tally } from "../../live/story-agents.ts";
import type { Origin, PlayedAgent } from "./shown-agents.ts";

export interface ShownBoard {
  readonly episode: Episode;
  readonly tally: Tally;
  readonly origin: Origin;
}

export type BoardsOfAgents = Readonly<Partial<Record<AgentName, ShownBoard>>>;

export interface Boards {
  /** Null while they are played, and where they could not be. */
  readonly boards: BoardsOfAgents | null;
  /** Columns by rows of the boards shown last, to keep their place; null before the first. */
  readonly size: { readonly columns: number; readonly rows: number } | null;
  /** Why they could not be played. */
  readonly problem: string | null;
  readonly retry: () => void;
}

type Found =
  | { readonly kind: "played"; readonly place: string; readonly boards: BoardsOfAgents }
  | { readonly kind: "failed"; readonly place: string; readonly problem: string };

export function useBoards(
  agents: readonly PlayedAgent[],
  { shift, number }: { readonly shift: number; readonly number: number },
): Boards {
  const player = useMemo(() => new BoardPlayer(), []);
  const [found, setFound] = useState<Found | null>(null);
  const [size, setSize] = useState<Boards["size"]>(null);
  const [round, setRound] = useState(0);
  const place = `${shift} ${number}`;
  useEffect(() => () => void player.end(), [player]);
  useEffect(() => {
    let isCurrent = true;
    const played = agents.map(async ({ name, boards: source }): Promise<[AgentName, ShownBoard]> => {
      const [episode, tally] = await Promise.all([
        player.episode(source, { agent: name, shift, number }),
        player.tally(source, { agent: name, shift }),
      ]);
      return [name, { episode, tally, origin: source.kind }];
    });
    // All four together, so that they part together.
    Promise.all(played).then(
      (boards) => {
        if (!isCurrent) return;
        setFound({ kind: "played", place: `${shift} ${number}`, boards: Object.fromEntries(boards) });
        setSize(boards[0]?.[1].episode.board ?? null);
      },
      (error: unknown) => {
        if (!isCurrent) return;
        const problem = error instanceof Error ? error.message : String(error);
        setFound({ kind: "failed", place: `${shift} ${number}`, problem });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [player, shift, number, agents, round]);
  const here = found?.place === place ? found : null;
  const retry = useCallback(() => {
    setFound(null);
    setRound((before) => before + 1);
  }, []);
  return {
    boards: here?.kind === "played" ? here.boards : null,
    problem: here?.kind === "failed" ? here.problem : null,
    ...{ size, retry },
  };
}
