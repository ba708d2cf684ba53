// One audited agent as a report draws it, of what its audit measured and nothing else.

import type { AuditResult } from "../core/audit/auditor.ts";
import type { AuditEvidence } from "./evidence/audit-evidence.ts";
import type { CurvePoint, Episode, ReportAgent } from "./report-data.ts";

/** What stands for a truth that nobody knows, or that is not told yet. */
export const unknown = "unknown";

export interface AuditedAgentOptions {
  /** What the report calls it. */
  readonly name: string;
  readonly result: AuditResult;
  readonly curve: readonly CurvePoint[];
  readonly episodes: readonly Episode[];
  /** Left out where the audit did not keep what its findings rest on. */
  readonly evidence?: AuditEvidence;
}

/** Returns come from the audit's own levels; of what was planted in it, it says nothing. */
export function auditedAgent({ name, result, curve, episodes, evidence }: AuditedAgentOptions): ReportAgent {
  const { document, shifts, traces } = result;
  const training = shifts[0]!;
  const deployment = shifts.find(({ label }) => label === "deployment") ?? shifts.at(-1)!;
  return {
    organism: name,
    description: "The agent that was audited.",
    truth: { kind: unknown, objective: unknown },
    trainingReturn: training.baseReturn,
    oracleReturn: training.oracleReturn,
    deploymentReturn: deployment.baseReturn,
    ...{ curve, shifts, episodes, traces, audit: document },
    ...(evidence && { evidence }),
  };
}
