// An audit job: what `mesascope audit AGENT --levels L --seed S` does, of an agent in the store, at the end of its training or on the way.

import { auditResultSchema } from "../../../lab/audit-result.ts";
import type { AuditJob } from "../../../lab/job.ts";
import { toldPosterior } from "../../../lab/told-posterior.ts";
import { type JobDone, type JobTools, jsonBytes, putFiles, shareTeller } from "./job-tools.ts";
import { openStoredAgent, openStoredSnapshot } from "./stored-agent.ts";

/** How much of the whole time goes into solving the levels, where they are not solved yet. */
const solvingShare = 0.4;

/** Audits. Throws `interrupted` at once when the job is to stop: an audit saves nothing on the way. */
export async function auditJob({ run, snapshot, levels, seed }: AuditJob, tools: JobTools): Promise<JobDone> {
  const startTime = performance.now();
  const startedAt = new Date().toISOString();
  const tell = shareTeller(tools);
  const at = snapshot === undefined ? null : await openStoredSnapshot({ run, snapshot }, tools);
  const { subject, release } = at ?? (await openStoredAgent(run, tools));
  try {
    let solved = 0;
    const auditor = await tools.auditors.take({ ...subject, levels, seed }, ({ stage, share }) => {
      solved = solvingShare;
      tell(stage, solvingShare * share);
    });
    const result = await auditor.audit(subject, {
      onProgress: ({ stage, share }) => tell(stage, solved + (1 - solved) * share),
    });
    auditResultSchema.parse(result);
    const { document } = result;
    const files = await putFiles({ "verdict.json": jsonBytes(document), "result.json": jsonBytes(result) }, tools);
    const { kind, objective, confidence } = document.verdict;
    return {
      ...{ kind: "done", files, engine: tools.engine.name, startedAt },
      outcome: {
        ...{ kind: "audit", verdict: { kind, objective, confidence }, posterior: toldPosterior(document.verdict) },
        ...(at && { environmentSteps: at.environmentSteps }),
      },
      seconds: (performance.now() - startTime) / 1000,
    };
  } finally {
    await release();
  }
}
