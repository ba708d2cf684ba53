// Jobs, stores and listeners for tests of what executes jobs.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrganism } from "../../../core/organisms/index.ts";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { JobProgress } from "../../../lab/api.ts";
import { type JobSpec, jobKey, type TrainJob } from "../../../lab/job.ts";
import { recordPath } from "../../../lab/layout.ts";
import { type JobRecord, recordSchema, recordSchemaId } from "../../../lab/record.ts";
import { codeVersion } from "../../code-version.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";
import { FolderStore } from "../store/folder-store.ts";
import type { JobEnd, TakenJob } from "../taken-job.ts";

/** Twenty updates of two thousand steps on the small arcade: a second of training. */
export function smallRecipe(seed: number): Recipe {
  const recipe = findOrganism("A").recipe({ preset: "quick", seed });
  return {
    ...recipe,
    network: { kind: "mlp", hidden: [24] },
    optimizer: {
      ...recipe.optimizer,
      totalTimesteps: 20 * 64 * 32,
      numEnvs: 64,
      numSteps: 32,
      minibatchSize: 512,
      updateEpochs: 2,
    },
  };
}

export function trainSpec(seed: number): TrainJob {
  return { kind: "train", organism: null, recipe: smallRecipe(seed), code: codeVersion };
}

export interface TestStore {
  readonly folder: string;
  readonly store: FolderStore;
  /** A folder for other things, beside the store. */
  beside(name: string): string;
  remove(): Promise<void>;
}

export async function makeTestStore(): Promise<TestStore> {
  const outer = await mkdtemp(join(tmpdir(), "mesascope-jobs-"));
  const folder = join(outer, "lab");
  await mkdir(folder);
  return {
    folder,
    store: await FolderStore.open(folder),
    beside: (name) => join(outer, name),
    remove: () => rm(outer, { recursive: true, force: true }),
  };
}

export interface Listener {
  readonly progress: JobProgress[];
  readonly rows: CurveRow[];
}

/** A job as a lab gives it out, and what it tells. */
export function taken(
  spec: JobSpec,
  more: { readonly signal?: AbortSignal; readonly onReport?: (progress: JobProgress) => void } = {},
): { readonly job: TakenJob; readonly heard: Listener } {
  const heard: Listener = { progress: [], rows: [] };
  const job: TakenJob = {
    key: jobKey(spec),
    spec,
    attempt: 1,
    signal: more.signal ?? new AbortController().signal,
    report: (progress, rows = []) => {
      heard.progress.push(progress);
      heard.rows.push(...rows);
      more.onReport?.(progress);
    },
  };
  return { job, heard };
}

/** What a lab does with a job that is done. */
export async function putRecord(
  store: FolderStore,
  { job, end }: { readonly job: TakenJob; readonly end: JobEnd },
): Promise<void> {
  if (end.kind !== "done") throw new Error(`the job ended as ${JSON.stringify(end)}`);
  const { engine, startedAt, seconds } = end;
  const record: JobRecord = recordSchema.parse({
    ...{ schema: recordSchemaId, job: job.key, spec: job.spec, outcome: end.outcome, files: end.files },
    made: { attempt: job.attempt, worker: "test", engine, startedAt, finishedAt: new Date().toISOString(), seconds },
  });
  await store.putDocument(recordPath(job.key), record);
}

/** Puts other bytes in a blob's file. */
export async function damageBlob(store: FolderStore, sha256: string): Promise<void> {
  const path = store.blobName(sha256);
  await rm(path);
  await writeFile(path, "no checkpoint any more");
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
