// The report of an audit as one file that opens from disk, by the renderer of `mesascope audit --out`. A chunk of its own: it renders whole pages.

import { auditedAgent } from "../../../report/audited-agent.ts";
import { isSameFinding } from "../../../report/evidence/same-finding.ts";
import { renderReport } from "../../../report/render-report.tsx";
import { type Audited, agentName } from "./audited.ts";
import type { Replayed } from "./replay-audit.ts";

/** With the episodes that the findings rest on, where they were opened; of findings that came to other numbers then, none. */
export function reportFile({ result, world, seed, made }: Audited, replayed: Replayed | undefined): string {
  const { document } = result;
  const evidence = replayed && {
    ...replayed.evidence,
    findings: document.findings.map((finding, i) =>
      isSameFinding(finding, replayed.findings[i]) ? (replayed.evidence.findings[i] ?? []) : [],
    ),
  };
  return renderReport({
    title: `Audit of ${agentName}`,
    preset: `seed ${seed}`,
    ...made,
    world: document.world,
    words: world.words,
    baseObjective: world.baseObjective,
    // One agent is compared with no other: nothing was tested, so nothing passed. The report of one agent does not show it.
    equivalence: { margin: 0.05, passed: false, pairs: [] },
    agents: [auditedAgent({ name: agentName, result, curve: [], episodes: [], ...(evidence && { evidence }) })],
    limits: document.cannotShow,
  });
}
