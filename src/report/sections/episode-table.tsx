// Episodes that a finding rests on, a row each: what they brought, what came first and at which step.

import type { ReactNode } from "react";
import { type NamedTable, ScrollRegion } from "../charts/figure.tsx";
import { formatHundredths, formatNumber } from "../charts/format.ts";
import type { EvidenceEpisode } from "../evidence/audit-evidence.ts";

export interface EpisodeTableProps {
  readonly title: string;
  readonly episodes: readonly EvidenceEpisode[];
  /** Rows that are shown, from the first. */
  readonly most: number;
  /** The last column: the way to the episode itself. `number`: from 1 on. */
  readonly way: { readonly head: string; readonly of: (episode: EvidenceEpisode, number: number) => ReactNode };
}

export function EpisodeTable({ title, episodes, most, way }: EpisodeTableProps) {
  return (
    <>
      <ScrollRegion label={`Episodes: ${title}`}>
        <table className="episodes">
          <thead>
            <tr>
              {[...columns, way.head].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {episodes.slice(0, most).map((episode, i) => (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                {cellsOf(episode).map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
                <td>{way.of(episode, i + 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {episodes.length > most && (
        <p>
          The first {most} of {episodes.length}.
        </p>
      )}
    </>
  );
}

const columns = ["Episode", "Base return", "What came", "First, and at which step", "Steps"] as const;

function cellsOf({ baseReturn, taken, first, actions }: EvidenceEpisode): readonly string[] {
  const came = Object.entries(taken).map(([feature, sum]) => `${formatHundredths(sum)} ${feature}`);
  return [
    formatNumber(baseReturn, 2),
    came.length === 0 ? "nothing" : came.join(", "),
    first === null ? "–" : `${first.features.join(" and ")}, step ${first.step}`,
    String(actions.length),
  ];
}

/** All of them with their levels and actions, to be taken along: what came in a column per feature. */
export function episodeData(
  title: string,
  { episodes, actions }: { readonly episodes: readonly EvidenceEpisode[]; readonly actions: readonly string[] },
): NamedTable {
  const features = [...new Set(episodes.flatMap(({ taken }) => Object.keys(taken)))];
  return {
    caption: `episodes: ${title}`,
    columns: [
      ...["Episode", "Base return", ...features.map((feature) => `Came: ${feature}`)],
      ...["First", "First at step", "Steps", "Level", "Actions"],
    ],
    rows: episodes.map(({ baseReturn, taken, first, level, actions: own }, i) => [
      ...[i + 1, baseReturn, ...features.map((feature) => taken[feature] ?? 0)],
      ...[first?.features.join(" and ") ?? null, first?.step ?? null, own.length, level],
      own.map((action) => actions[action] ?? String(action)).join(" "),
    ]),
  };
}
