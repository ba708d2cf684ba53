// What a finding rests on, after the audit was made again: its episodes, each with the way to the player at the step that decided, or the levels on
// which the policy was asked.

import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { Finding } from "../../../core/instruments/finding.ts";
import { TableTools } from "../../../report/charts/figure.tsx";
import { formatNumber } from "../../../report/charts/format.ts";
import type { EvidenceEpisode, EvidenceGroup } from "../../../report/evidence/audit-evidence.ts";
import { isSameFinding } from "../../../report/evidence/same-finding.ts";
import { EpisodeTable, episodeData } from "../../../report/sections/episode-table.tsx";
import { shiftWords } from "../../../report/sections/plain-words.ts";
import { longestText } from "../../app/search-fields.ts";
import { Button } from "../../components/button.tsx";
import type { Audited } from "./audited.ts";
import type { Replayed } from "./replay-audit.ts";

/** Rows that come into the page at once. */
const rowsAtOnce = 20;

export interface FindingEpisodesProps {
  readonly finding: Finding;
  readonly index: number;
  readonly audited: Audited;
  readonly replayed: Replayed;
}

export function FindingEpisodes({ finding, index, audited, replayed }: FindingEpisodesProps): ReactNode {
  const { findings, evidence } = replayed;
  const found = findings[index];
  if (!isSameFinding(finding, found)) {
    const number = found?.statistic ?? null;
    return (
      <p>
        Made again here it came to {number === null ? "no number" : formatNumber(number, 3)}: its episodes are not the audit’s,
        and none are shown. Another version of the code, or another engine, does that.
      </p>
    );
  }
  return (evidence.findings[index] ?? []).map((place) => (
    <Group key={place} group={evidence.groups[place]!} actions={evidence.actions} audited={audited} />
  ));
}

interface GroupProps {
  readonly group: EvidenceGroup;
  readonly actions: readonly string[];
  readonly audited: Audited;
}

/** Its rows are made when it is opened. */
function Group({ group, actions, audited }: GroupProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const title = group.kind === "episodes" && group.shift !== null ? shiftWords(group.title, audited.world.words) : group.title;
  return (
    <details className="evidence" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {group.kind === "episodes"
          ? `${group.episodes.length} episodes: ${title}`
          : `${group.levels.length} levels on which it was asked: ${title}`}
      </summary>
      {isOpen &&
        (group.kind === "episodes" ? (
          <Episodes {...{ title, group, actions, audited }} />
        ) : (
          <AskedLevels levels={group.levels} audited={audited} />
        ))}
    </details>
  );
}

interface EpisodesProps extends GroupProps {
  readonly title: string;
  readonly group: Extract<EvidenceGroup, { readonly kind: "episodes" }>;
}

function Episodes({ title, group: { shift, episodes }, actions, audited }: EpisodesProps): ReactNode {
  const [most, setMost] = useState(rowsAtOnce);
  const rest = episodes.length - most;
  return (
    <>
      <EpisodeTable
        title={title}
        episodes={episodes}
        most={most}
        way={{ head: "In the player", of: (episode, number) => <Watch {...{ episode, number, shift, audited }} /> }}
      />
      {rest > 0 && <Button onPress={() => setMost(most + 100)}>{`Show ${Math.min(100, rest)} more`}</Button>}
      <TableTools table={episodeData(title, { episodes, actions })} />
    </>
  );
}

interface WatchProps {
  readonly episode: EvidenceEpisode;
  readonly number: number;
  readonly shift: string | null;
  readonly audited: Audited;
}

/** The very episode: its level by its number in the audit or as text, and the actions that were taken. */
function Watch({ episode: { level, actions, first }, number, shift, audited }: WatchProps): ReactNode {
  const taken = actions.join(",");
  if (taken.length > longestText || level.length > longestText) return "too long for an address";
  const step = first?.step ?? 0;
  const { agent, levels, seed } = audited;
  const place = shift === null ? { level } : { audited: shift, levels, seed, episode: number };
  return (
    <Link to="/episode" search={{ agent, ...place, actions: taken, step }}>
      Watch <span className="visually-hidden">episode {number} </span>at step {step}
    </Link>
  );
}

function AskedLevels({ levels, audited }: { readonly levels: readonly string[]; readonly audited: Audited }): ReactNode {
  const { agent } = audited;
  return (
    <>
      <p>
        The policy was put into states of these very levels and asked what it would do: nobody acted, so there is no episode and
        no step. The player lets it act on them, with actions drawn anew.
      </p>
      <ol className="audit-asked">
        {levels.map((level, i) => (
          <li key={level}>
            {level.length > longestText ? (
              "too long for an address"
            ) : (
              <Link to="/episode" search={{ agent, level }}>{`Level ${i + 1}`}</Link>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
