// The entry of an audit worker: audits the agents it is started with, one after the other, on the same levels.

import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { type AuditJob, type AuditNote, auditJobSchema } from "../workers/worker-messages.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { auditAgents } from "./audit-agents.ts";

await runWorkerJob<AuditJob, AuditNote>(auditJobSchema, async ({ folders, levels, seed }, { signal, tell }) => {
  await auditAgents({
    engine: await createOnnxEngine(),
    folders,
    levels,
    seed,
    onProgress: (progress) => {
      signal.throwIfAborted();
      tell({ kind: "progress", ...progress });
    },
    onResult: (result) => tell({ kind: "result", ...result }),
  });
});
