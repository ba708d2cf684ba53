// The episodes of a finding in a file that stands alone: each opens its level and its actions, step by step, as text.

import type { EvidenceEpisode, EvidenceGroup } from "../evidence/audit-evidence.ts";
import type { ReportAgent } from "../report-data.ts";
import { EpisodeTable } from "./episode-table.tsx";

/** Of each group; a file of more would be slow to open. */
const mostInFile = 40;

interface FindingEvidenceProps {
  readonly agent: ReportAgent;
  /** Of the finding. */
  readonly place: number;
  /** Begins the anchors, another for each agent. */
  readonly id: string;
}

/** Groups that several findings rest on stand at the first of them, and the others lead there. */
export function FindingEvidence({ agent: { evidence, audit }, place, id }: FindingEvidenceProps) {
  if (evidence === undefined) return null;
  return (
    <>
      {(evidence.findings[place] ?? []).map((number) => {
        const group = evidence.groups[number]!;
        const first = evidence.findings.findIndex((groups) => groups.includes(number));
        if (first === place) return <Group key={number} group={group} actions={evidence.actions} id={`${id}-${number}`} />;
        return (
          <p key={number}>
            <a href={`#${id}-${number}`}>{titleOf(group)}</a>, as under “{audit.findings[first]?.name}”.
          </p>
        );
      })}
    </>
  );
}

function titleOf(group: EvidenceGroup): string {
  return group.kind === "episodes"
    ? `${counted(group.episodes.length, "episode")}: ${group.title}`
    : `${counted(group.levels.length, "level")} on which it was asked: ${group.title}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

interface GroupProps {
  readonly group: EvidenceGroup;
  readonly actions: readonly string[];
  readonly id: string;
}

function Group({ group, actions, id }: GroupProps) {
  return (
    <details id={id} className="evidence">
      <summary>{titleOf(group)}</summary>
      {group.kind === "episodes" ? (
        <EpisodeTable
          title={group.title}
          episodes={group.episodes}
          most={mostInFile}
          way={{ head: "Level and actions", of: (episode, number) => <Story {...{ episode, number, actions }} /> }}
        />
      ) : (
        <>
          <p>The policy was put into states of these levels and asked what it would do; nobody acted.</p>
          {group.levels.slice(0, mostInFile).map((level, i) => (
            <details key={i}>
              <summary>Level {i + 1}</summary>
              <pre>{level}</pre>
            </details>
          ))}
        </>
      )}
    </details>
  );
}

interface StoryProps {
  readonly episode: EvidenceEpisode;
  readonly number: number;
  readonly actions: readonly string[];
}

function Story({ episode, number, actions }: StoryProps) {
  return (
    <details>
      <summary>Open episode {number}</summary>
      <pre>{episode.level}</pre>
      <p>
        From step 0: {episode.actions.map((action) => actions[action] ?? String(action)).join(", ")}
        {episode.first !== null && `. At step ${episode.first.step} came ${episode.first.features.join(" and ")}`}.
      </p>
    </details>
  );
}
