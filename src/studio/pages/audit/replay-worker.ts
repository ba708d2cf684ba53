// The entry of a worker that makes an audit again, as it was made: the same levels and chance from its seed, the same agent. It keeps the episodes.

import { createWebEngine, isRuntimeThread } from "../../../browser/web-engine.ts";
import { Auditor } from "../../../core/audit/auditor.ts";
import { recordAudit } from "../../../report/evidence/record-audit.ts";
import { openAgent } from "../../agents/open-agent.ts";
import { type ReplayAnswer, type ReplayRequest, replayRequestSchema } from "./replay-messages.ts";

/** How much of the whole time goes into solving the levels. */
const solvingShare = 0.6;

const tell = (answer: ReplayAnswer) => postMessage(answer);

if (!isRuntimeThread()) {
  addEventListener("message", ({ data }) => {
    const parsed = replayRequestSchema.safeParse(data);
    if (!parsed.success) return tell({ kind: "failed", message: `not understood: ${parsed.error.message}` });
    replay(parsed.data).then(tell, (error: unknown) => {
      tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    });
  });
}

async function replay({ engine, source, levels, seed }: ReplayRequest): Promise<ReplayAnswer> {
  const { world, encoder, policy, release } = await openAgent(source, async () =>
    createWebEngine({ wasmPaths: engine, threads: 1 }),
  );
  try {
    const clock = () => performance.now();
    const auditor = await Auditor.create({
      ...{ world, encoder, levels, seed, clock },
      onProgress: ({ stage, share }) => tell({ kind: "progress", stage, share: solvingShare * share }),
    });
    const { result, evidence } = await recordAudit(
      auditor,
      { id: "the agent", world, encoder, policy },
      {
        onProgress: ({ stage, share }) => tell({ kind: "progress", stage, share: solvingShare + (1 - solvingShare) * share }),
      },
    );
    return { kind: "done", findings: result.document.findings, evidence };
  } finally {
    await release();
  }
}
