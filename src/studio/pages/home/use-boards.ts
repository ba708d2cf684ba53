// What the four boards show: an episode and a tally of each agent at a place of the way, kept until the next ones are there.

import { useEffect, useMemo, useState } from "react";
import type { Episode } from "../../../report/report-data.ts";
import { BoardPlayer } from "../../live/board-player.ts";
import type { AgentName } from "../../live/story.ts";
import type { Origin, PlayedAgent } from "./shown-agents.ts";

export interface ShownBoard {
  readonly episode: Episode;
  readonly tally: readonly number[];
  readonly origin: Origin;
  /** The place that they are of. */
  readonly place: string;
}

export interface Boards {
  readonly boards: Readonly<Partial<Record<AgentName, ShownBoard>>>;
  readonly problem: string | null;
}

export function useBoards(
  agents: readonly PlayedAgent[],
  { shift, number }: { readonly shift: number; readonly number: number },
): Boards {
  const player = useMemo(() => new BoardPlayer(), []);
  const [boards, setBoards] = useState<Boards["boards"]>({});
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => void player.end(), [player]);
  useEffect(() => {
    let isCurrent = true;
    const place = `${shift} ${number}`;
    const played = agents.map(async ({ name, boards: source }): Promise<[AgentName, ShownBoard]> => {
      const [episode, tally] = await Promise.all([
        player.episode(source, { agent: name, shift, number }),
        player.tally(source, { agent: name, shift }),
      ]);
      return [name, { episode, tally, origin: source.kind, place }];
    });
    // All four together, so that they part together.
    Promise.all(played).then(
      (found) => {
        if (!isCurrent) return;
        setProblem(null);
        setBoards(Object.fromEntries(found));
      },
      (error: unknown) => isCurrent && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [player, shift, number, agents]);
  return { boards, problem };
}
