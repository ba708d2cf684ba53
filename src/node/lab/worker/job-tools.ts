// What every kind of job is computed with, and what it comes to.

import type { Engine } from "../../../core/engine/engine.ts";
import type { JobProgress } from "../../../lab/api.ts";
import type { ArtifactStore, BlobRef } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";
import { jsonText } from "../../storage/files.ts";
import type { JobEnd } from "../taken-job.ts";
import type { AuditorShelf } from "./auditor-shelf.ts";
import { patiently } from "./patiently.ts";

export type JobDone = Extract<JobEnd, { kind: "done" }>;
export type JobLeft = Extract<JobEnd, { kind: "left" }>;

export interface JobTools {
  readonly key: JobKey;
  readonly engine: Engine;
  readonly store: ArtifactStore;
  readonly auditors: AuditorShelf;
  readonly checkpointSeconds: number;
  /** Aborts with an `interrupted` error when the job is to save and stop. */
  readonly signal: AbortSignal;
  /** The same for work that reads no messages on the way: throws the signal's reason when the job is to stop. */
  throwIfStopped(): void;
  /** What is left out stays as it was told last. */
  report(progress: Partial<JobProgress>, rows?: readonly CurveRow[]): void;
  warn(text: string): void;
}

/** What `work` gives, as soon as the store answers (see `patiently`); the wait is told as the job's stage, and by the worker. */
export function whenStoreAnswers<Result>(work: () => Promise<Result>, tools: JobTools): Promise<Result> {
  return patiently(work, {
    signal: tools.signal,
    onWait: (stage) => tools.report({ stage }),
    onWarning: (text) => tools.warn(text),
  });
}

/** Puts files and names their blobs; waits for the store. */
export async function putFiles(
  files: Readonly<Record<string, Uint8Array>>,
  tools: JobTools,
): Promise<Readonly<Record<string, BlobRef>>> {
  const refs: Record<string, BlobRef> = {};
  for (const [name, bytes] of Object.entries(files)) refs[name] = await whenStoreAnswers(() => tools.store.putBlob(bytes), tools);
  return refs;
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(jsonText(value));
}

/** Tells how far work is whose share alone is known; what is left is taken to go on at the same speed. Throws when the job is to stop. */
export function shareTeller(tools: JobTools): (stage: string, share: number) => void {
  const startTime = performance.now();
  return (stage, share) => {
    tools.throwIfStopped();
    const seconds = (performance.now() - startTime) / 1000;
    tools.report({ stage, share, secondsLeft: share > 0 ? (seconds * (1 - share)) / share : null });
  };
}
