// Jobs that one command needs, done by a lab: asked for, computed by this process where it has the lab open or else by who has, and read from
// their records. What was done before is there at once.

import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, MesascopeError } from "../../core/base/errors.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import type { JobRow } from "../../lab/api.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import { type JobKey, type JobSpec, jobKey } from "../../lab/job.ts";
import { recordPath } from "../../lab/layout.ts";
import { type JobRecord, readRecord } from "../../lab/record.ts";
import { codeVersion } from "../code-version.ts";
import { openStore } from "../lab/store/open-store.ts";
import { workInLab } from "../lab/work-in-lab.ts";
import type { TrainingProgress } from "../training/run-training.ts";
import { isUnreachable } from "./call-error.ts";
import { IdleWatch, idleNote } from "./idle-watch.ts";
import { type LabAtHand, type OpenForCommandOptions, openForCommand } from "./lab-at-hand.ts";
import type { LabClient } from "./lab-client.ts";

/** A lab that a command uses. */
export interface UsedLab extends OpenForCommandOptions {
  readonly folder: string;
  /** Told of what the user should know. */
  readonly onNote: (text: string) => void;
  /** The command that continues when it is interrupted. */
  readonly again: string;
}

export interface DoJobsOptions {
  readonly lab: UsedLab;
  /** The name of the sweep under which the lab lists them. */
  readonly sweep: string;
  /** Each about a run of the lab, where it is about one. */
  readonly jobs: readonly JobSpec[];
  /** How many at a time, where this process does them. */
  readonly slots: number;
  /** Between two checkpoints of a training, where this process does it. */
  readonly checkpointSeconds?: number;
  readonly signal: AbortSignal;
  /** Told of each job that was done before this was asked. */
  readonly onDoneBefore?: (record: JobRecord) => void;
  /** Told of each other job every now and then, and when it is done. */
  readonly onProgress: (job: JobRow) => void;
}

/** Somebody waits for these jobs: they come before those of a sweep where nothing else was said. */
const priority = 80;
/** Milliseconds between two questions. */
const pause = 400;

/**
 * The records of the jobs, in their order. The same jobs again change nothing in the lab. A job that was cancelled, or whose attempts were
 * spent, is taken up again. Throws the error that a job failed with; `interrupted` when the signal aborts, what was done being saved; `usage`
 * for a job that is paused and for a lab that a process of another code has open; `damaged-artifact` where a record cannot be read, and as the
 * opening of a lab.
 */
export async function doJobs(options: DoJobsOptions): Promise<readonly JobRecord[]> {
  const store = await openStore(options.lab.folder);
  const keys = options.jobs.map(jobKey);
  const known = await readRecords(store, keys);
  for (const record of known.values()) options.onDoneBefore?.(record);
  const missing = options.jobs.filter((job) => !known.has(jobKey(job)));
  if (missing.length > 0) await askUntilDone({ ...options, jobs: missing });
  const records = missing.length > 0 ? await readRecords(store, keys) : known;
  return keys.map((key) => {
    const record = records.get(key);
    if (record) return record;
    throw new MesascopeError(
      "damaged-artifact",
      `${store.documentName(recordPath(key))} is missing or altered, and the lab says that its job is done. Run "mesascope lab verify".`,
    );
  });
}

/** How far a train job is, as a training tells it. */
export function trainingProgressOf({ name, progress, outcome }: JobRow, { optimizer }: Recipe): TrainingProgress {
  if (outcome?.kind === "train") {
    const { environmentSteps, trainingReturn, oracleShare } = outcome;
    return { name, environmentSteps, totalSteps: environmentSteps, trainingReturn, oracleShare, secondsLeft: 0 };
  }
  const { environmentSteps = 0, share = 0, trainingReturn = null, oracleShare = null, secondsLeft = null } = progress ?? {};
  const steps = environmentSteps ?? 0;
  const totalSteps = share >= 1 ? steps : optimizer.totalTimesteps;
  return { name, environmentSteps: steps, totalSteps, trainingReturn, oracleShare, secondsLeft };
}

async function readRecords(store: ArtifactStore, keys: readonly JobKey[]): Promise<ReadonlyMap<JobKey, JobRecord>> {
  const records = new Map<JobKey, JobRecord>();
  for (const key of keys) {
    const record = await readRecord(store, key);
    if (record !== null) records.set(key, record);
  }
  return records;
}

/** Asks who has the lab, and takes over where he goes away before it is done. */
async function askUntilDone(options: DoJobsOptions): Promise<void> {
  const { lab: used, sweep, jobs, signal } = options;
  for (;;) {
    signal.throwIfAborted();
    const lab = await openForCommand({ lab: used.folder }, used);
    try {
      await requireSameCode(lab);
      await lab.client.sweeps.acceptJobs({ sweep, priority, jobs: [...jobs] });
      await takeUp(lab.client, { keys: jobs.map(jobKey), again: used.again });
      if (lab.own === null) used.onNote(`${whoHas(lab)} and works on it.`);
      return await doOrFollow(lab, options);
    } catch (error) {
      if (signal.aborted) throw interruptedError(lab, used);
      if (!isUnreachable(error) || lab.own !== null) throw error;
      used.onNote("The process that had the lab open is gone; taking over.");
    } finally {
      await lab.close();
    }
  }
}

function whoHas({ holder, name }: LabAtHand): string {
  return holder === null
    ? `Another process has the lab in ${name} open`
    : `Process ${holder.processId} ("${holder.command}") has the lab open`;
}

/** Who has the lab open would leave jobs of this code to others, and there are none. */
async function requireSameCode(lab: LabAtHand): Promise<void> {
  const { code } = await lab.client.status();
  if (code === codeVersion) return;
  throw new MesascopeError(
    "usage",
    `${whoHas(lab)}, which is of the code ${code}; this is ${codeVersion}, and might compute something else. Wait until it ends, or stop it.`,
  );
}

/** What is asked for by name is wanted now, also where it waits in a sweep, was cancelled, or failed for what may be over. */
async function takeUp(
  client: LabClient,
  { keys, again }: { readonly keys: readonly JobKey[]; readonly again: string },
): Promise<void> {
  const rows: JobRow[] = [];
  for (const key of keys) rows.push((await client.jobs.get({ key })).row);
  const givenUp = rows.filter(
    ({ state, error }) => state === "cancelled" || (state === "failed" && error?.code !== "check-failed"),
  );
  if (givenUp.length > 0) {
    const reason = `asked for again: ${again}`.slice(0, 1000);
    await client.decide({ action: "retry", reason, target: { kind: "jobs", jobs: givenUp.map(({ key }) => key) } });
  }
  const behind = rows.filter(({ state, priority: own }) => own < priority && state !== "done" && state !== "failed");
  if (behind.length > 0) {
    await client.decide({ action: "prioritize", priority, target: { kind: "jobs", jobs: behind.map(({ key }) => key) } });
  }
}

async function doOrFollow(lab: LabAtHand, options: DoJobsOptions): Promise<void> {
  const { lab: used, slots, checkpointSeconds, signal } = options;
  const over = new AbortController();
  const working =
    lab.own === null
      ? Promise.resolve()
      : workInLab(lab.own.lab, {
          ...{ store: lab.own.folder, worker: `${options.sweep}-${process.pid}`, host: hostname(), slots },
          ...(checkpointSeconds !== undefined && { checkpointSeconds }),
          signal: AbortSignal.any([signal, over.signal]),
          onWarning: (text) => used.onNote(`mesascope: ${text}`),
        });
  // A worker that cannot begin ends the waiting.
  const failed = new Promise<never>((_, reject) => working.catch(reject));
  try {
    await Promise.race([follow(lab.client, options), failed]);
  } finally {
    over.abort();
    await working.catch(() => undefined);
  }
}

/** Asks again and again until all are done. */
async function follow(client: LabClient, { lab, jobs, signal, onProgress }: DoJobsOptions): Promise<void> {
  const idle = new IdleWatch(() => lab.onNote(idleNote));
  const pending = new Set(jobs.map(jobKey));
  for (;;) {
    for (const key of pending) {
      signal.throwIfAborted();
      const { row } = await client.jobs.get({ key });
      // A run that fails never lets go of what waits for it.
      requireGoing(row.state === "blocked" && row.run !== null ? (await client.jobs.get({ key: row.run })).row : row);
      onProgress(row);
      if (row.state === "done") pending.delete(key);
    }
    if (pending.size === 0) return;
    idle.saw((await client.workers()).length);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Throws what a job failed with, and `usage` for one that nobody takes. */
function requireGoing({ kind, name, seed, key, state, sweeps, error }: JobRow): void {
  if (state === "failed" && error !== null) {
    if (error.code === "bug") throw new Error(error.message);
    throw new MesascopeError(error.code as ErrorCode, error.message);
  }
  if (state !== "held" && state !== "cancelled") return;
  const [sweep = "SWEEP"] = sweeps;
  const advice = state === "held" ? `mesascope sweep resume ${sweep}` : `mesascope sweep retry ${sweep} --reason WHY`;
  throw new MesascopeError(
    "usage",
    `${kind} ${name} seed ${seed} (${key.slice(0, 12)}) is ${state === "held" ? "paused" : "cancelled"} in the lab. Go on with it: ${advice}`,
  );
}

function interruptedError(lab: LabAtHand, { folder, again }: UsedLab): MesascopeError {
  return lab.own === null
    ? new MesascopeError("interrupted", `interrupted; ${whoHas(lab)} and goes on with it. See how far it is with: ${again}`)
    : new MesascopeError("interrupted", `interrupted; what was done is saved in ${folder}. Continue with: ${again}`);
}
