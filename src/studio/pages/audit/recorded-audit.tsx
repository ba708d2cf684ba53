// The report of an agent of the first page: recorded with the studio, so that it opens without a lab.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { auditResultSchema } from "../../../lab/audit-result.ts";
import { usePageTitle } from "../../app/page-title.ts";
import type { Recording } from "../../live/recording.ts";
import type { AgentName } from "../../live/story-agents.ts";
import { storyWorld } from "../../live/story-world.built.ts";
import { Failed } from "../../views/failed.tsx";
import { Reading } from "../../views/reading.tsx";
import { fetchRecording, recordedAudits } from "../home/recorded-run.ts";
import { agentSource } from "./agent-source.ts";
import { AuditReport } from "./audit-report.tsx";
import type { Audited } from "./audited.ts";
import { recordedKey } from "./recorded-key.ts";
import { toldWorld } from "./told-world.ts";

export function RecordedAudit({ agent }: { readonly agent: AgentName }): ReactNode {
  usePageTitle("Recorded audit");
  const read = useQuery({
    queryKey: ["recorded-audit", agent],
    queryFn: () => recordedAudit(agent),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (read.data !== undefined) return <AuditReport audited={read.data} />;
  if (!read.isError) return <Reading title="Audit report">Reading the recorded audit …</Reading>;
  return (
    <Failed title="The report could not be drawn" heading="h1" error={read.error} onRetry={() => void read.refetch()}>
      <p>
        <Link to="/">Home</Link>
      </p>
    </Failed>
  );
}

/** What a report draws beside the document, which the recording has. */
const drawnSchema = auditResultSchema.omit({ document: true });

async function recordedAudit(name: AgentName): Promise<Audited> {
  const [response, recording, told] = await Promise.all([
    fetch(recordedAudits[name]),
    fetchRecording(),
    toldWorld({ world: storyWorld }, name),
  ]);
  if (!response.ok) throw new Error(`the recorded audit answered ${response.status}; expected its file. Reload the page.`);
  const recorded = recording.agents.find(({ organism }) => organism === name)!;
  const result = { ...drawnSchema.parse(await response.json()), document: recorded.audit };
  const agent = `recorded:${name}`;
  const { auditLevels: levels, seed } = recording;
  return {
    ...{ key: recordedKey(name), result, levels, seed, agent, isSnapshot: false, run: null, keys: {} },
    ...told,
    told: `recorded ${recording.date}`,
    ...howItWasMade(recording, result.document.cost.seconds),
    source: (signal) => agentSource(agent, { client: null, signal }),
  };
}

function howItWasMade(recording: Recording, seconds: number): Pick<Audited, "facts" | "made"> {
  const { date, engine, codeVersion, command } = recording;
  return {
    facts: [
      { term: "Recorded", value: date },
      { term: "Engine", value: engine },
      { term: "Code", value: codeVersion, isCode: true },
      { term: "Made again by", value: command, isCode: true },
    ],
    made: { command, machine: engine, codeVersion, seconds },
  };
}
