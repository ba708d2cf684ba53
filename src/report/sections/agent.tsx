// One agent's part of the report: its verdict, what it wants in each context, the evidence, episodes to watch, and the findings.

import type { ReportAgent } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { EpisodeGallery } from "./episodes.tsx";
import { FindingEvidence } from "./finding-evidence.tsx";
import { Findings } from "./findings.tsx";
import { PosteriorShares } from "./posterior-shares.tsx";
import { PosteriorTraces } from "./posterior-traces.tsx";
import { AgentMark } from "./summary.tsx";
import { VerdictCard } from "./verdict-card.tsx";
import { Weights } from "./weights.tsx";

interface AgentSectionProps {
  readonly agent: ReportAgent;
  readonly index: number;
  readonly weightDomain: readonly [number, number];
  readonly words: WorldWords;
  /** Limits that the report names for all agents together. */
  readonly sharedLimits: readonly string[];
}

/** Everything the audit found out about one agent. Headings start at level 3. */
export function AgentSection({ agent, index, weightDomain, words, sharedLimits }: AgentSectionProps) {
  return (
    <section className="agent" aria-labelledby={`agent-${index}`}>
      <h3 id={`agent-${index}`}>
        <AgentMark index={index} /> Agent {agent.organism}
      </h3>
      <p>{agent.description}</p>
      <VerdictCard agent={agent} index={index} world={words} />
      <h4>What it wants</h4>
      <Weights agent={agent} index={index} domain={weightDomain} />
      <h4>How the evidence came in</h4>
      <PosteriorShares agent={agent} index={index} />
      <PosteriorTraces agent={agent} index={index} words={words} />
      <h4>Episodes to watch</h4>
      <EpisodeGallery agent={agent} index={index} />
      <h4>Findings</h4>
      {agent.evidence === undefined && (
        <p>
          The episodes that they rest on are not in this file: of an audit that was kept, the numbers are. The same audit draws
          the same episodes again from its seed; the studio does so from its report.
        </p>
      )}
      <Findings
        agent={agent}
        index={index}
        sharedLimits={sharedLimits}
        watch={(_, place) => <FindingEvidence agent={agent} place={place} id={`evidence-${index}`} />}
      />
    </section>
  );
}
