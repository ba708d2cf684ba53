// An audit made again in a worker of this page, with the episodes that its findings rest on. The worker ends with it.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { Finding } from "../../../core/instruments/finding.ts";
import type { AuditEvidence } from "../../../report/evidence/audit-evidence.ts";
import type { AgentSource } from "../../agents/open-agent.ts";
import { engineFiles } from "../../live/engine-files.ts";
import { type ReplayRequest, replayAnswerSchema } from "./replay-messages.ts";

export interface Replayed {
  readonly findings: readonly Finding[];
  readonly evidence: AuditEvidence;
}

export interface ReplayProgress {
  readonly stage: string;
  /** 0 to 1. */
  readonly share: number;
}

export interface ReplayOptions {
  /** The agent; see `Audited`. */
  readonly source: (signal: AbortSignal) => Promise<AgentSource>;
  readonly levels: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
}

/** Rejects where the agent cannot be had, as the audit does, with `worker-lost`, and with the signal's reason. */
export async function replayAudit({ source, levels, seed, signal, onProgress }: ReplayOptions): Promise<Replayed> {
  onProgress({ stage: "fetching the agent", share: 0 });
  const agent = await source(signal);
  const worker = new Worker(new URL("./replay-worker.ts", import.meta.url), { type: "module" });
  const end = Promise.withResolvers<Replayed>();
  const lose = (why: string) => end.reject(new MesascopeError("worker-lost", `the audit's worker was lost (${why}).`));
  const abort = () => end.reject(signal.reason);
  worker.addEventListener("error", (event) => lose(event.message || "its script could not be loaded"));
  worker.addEventListener("message", ({ data }) => {
    const parsed = replayAnswerSchema.safeParse(data);
    if (!parsed.success) return lose("what it said could not be read");
    const said = parsed.data;
    if (said.kind === "progress") onProgress({ stage: said.stage, share: said.share });
    else if (said.kind === "done") end.resolve({ findings: said.findings, evidence: said.evidence });
    else end.reject(new Error(said.message));
  });
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    worker.postMessage({ engine: engineFiles, source: agent, levels, seed } satisfies ReplayRequest);
    return await end.promise;
  } finally {
    signal.removeEventListener("abort", abort);
    worker.terminate();
  }
}
