// When in its training the agent is watched: at the end, or at one of the snapshots that its run kept on the way.

import type { ReactNode } from "react";
import { snapshotsAmong } from "../../../lab/snapshots.ts";
import { Select } from "../../components/select.tsx";
import { shortNumber } from "../../views/words.ts";
import { askedAgent, finalPolicy } from "./asked-episode.ts";
import type { EpisodeSearch } from "./episode-search.ts";

export interface ChooseSnapshotProps {
  readonly agent: { readonly snapshots: readonly string[] };
  readonly search: EpisodeSearch;
  readonly onSearch: (change: Partial<EpisodeSearch>) => void;
}

export function ChooseSnapshot({ agent, search, onSearch }: ChooseSnapshotProps): ReactNode {
  const asked = askedAgent(search.agent);
  if (asked?.kind !== "run") return null;
  const choices = [
    { value: finalPolicy, label: "at the end of training" },
    ...agent.snapshots.map((file) => ({ value: file, label: `after ${shortNumber(snapshotsAmong([file])[0])} steps` })),
  ];
  return (
    <Select
      label="When"
      value={asked.file}
      choices={choices}
      onChange={(file) => onSearch({ agent: file === finalPolicy ? `run:${asked.key}` : `run:${asked.key}/${file}` })}
    />
  );
}
