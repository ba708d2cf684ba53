// The entry of a league's worker: one auditor at one budget, on organisms of one setting, one after the other.

import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { auditMembers } from "./audit-members.ts";
import { type LeagueJob, type LeagueNote, leagueJobSchema } from "./league-messages.ts";
import { loadAuditor } from "./load-auditor.ts";

await runWorkerJob<LeagueJob, LeagueNote>(leagueJobSchema, async (job, { signal, tell }) => {
  await auditMembers({ auditor: await loadAuditor(job.source), job, engine: createOnnxEngine, signal, tell });
});
