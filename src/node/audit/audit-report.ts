// The report of a single audit: the verdict with its pictures, and of the agent only what does not tell the truth it was made with.

import { auditedAgent } from "../../report/audited-agent.ts";
import type { ReportData } from "../../report/report-data.ts";
import { baseObjectiveWords, worldWords } from "../../report/world-words.ts";
import { codeVersion } from "../code-version.ts";
import { curvePoints, recordEpisodes } from "../demo/demo-results.ts";
import { describeMachine, machineText } from "../machine.ts";
import type { AuditedAgent } from "./audit-agents.ts";
import type { OpenTarget } from "./audit-target.ts";

export interface AuditReportOptions {
  readonly audited: Omit<AuditedAgent, "folder">;
  /** What was audited, still open: some episodes are played for the report. */
  readonly target: OpenTarget;
  readonly seed: number;
  /** The named parameters that the world's variant began from; null where only the agent's folder says what it is. */
  readonly preset: string | null;
  /** The command that was typed. */
  readonly command: string;
}

/** Report data of one agent. Returns come from the audit's own levels. Throws as its policy does. */
export async function auditReport({ audited, target, seed, preset, command }: AuditReportOptions): Promise<ReportData> {
  const { result, bankSeconds, evidence } = audited;
  const { world } = target.subject;
  const { document } = result;
  return {
    title: `Audit of ${target.name}`,
    preset: preset === null ? `seed ${seed}` : `preset ${preset}, seed ${seed}`,
    codeVersion,
    machine: machineText(describeMachine()),
    command,
    seconds: bankSeconds + document.cost.seconds,
    world: world.name,
    words: worldWords(world),
    baseObjective: baseObjectiveWords(world),
    // One agent is compared with no other: nothing was tested, so nothing passed. The report of one agent does not show it.
    equivalence: { margin: 0.05, passed: false, pairs: [] },
    agents: [
      auditedAgent({
        ...{ name: target.name, result, curve: curvePoints(target.curve) },
        episodes: await recordEpisodes(target.subject, seed),
        ...(evidence && { evidence }),
      }),
    ],
    limits: document.cannotShow,
  };
}
