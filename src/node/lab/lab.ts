// A lab: accepts sweeps and decisions, hands out jobs, confirms what they became, and answers what there is.

import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Accepted, JobGroup, JobQuery, JobRow, LabEvent, SweepRow, WorkerRow } from "../../lab/api.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import type { JobKey, JobSpec, JobState } from "../../lab/job.ts";
import type { Decision } from "../../lab/ledger.ts";
import type { JobRecord } from "../../lab/record.ts";
import type { CurveRow } from "../storage/agent-folder.ts";
import type { LabSchema } from "./database/schema.ts";
import type { ExecuteJob } from "./taken-job.ts";

/** A condition on rows of `jobs`, as a filter becomes one. */
export type JobCondition = (eb: ExpressionBuilder<LabSchema, "jobs">) => Expression<SqlBool>;

export interface JobSelection extends Omit<JobQuery, "filter"> {
  readonly where?: JobCondition;
}

export type GroupField = JobGroup["values"] extends Partial<Record<infer Field, unknown>> ? Field : never;

export interface WorkOptions {
  /** Unique among the workers that are alive. */
  readonly worker: string;
  readonly host: string;
  /** How many jobs at once. */
  readonly slots: number;
  readonly execute: ExecuteJob;
  /** Stops taking jobs and asks those that run to save and stop. */
  readonly signal: AbortSignal;
  /** Told of things the user should know. */
  readonly onWarning: (text: string) => void;
}

export interface LabContract {
  readonly store: ArtifactStore;
  /** Of the code whose jobs this process takes. */
  readonly code: string;
  accept(sweep: { readonly sweep: string; readonly priority: number; readonly jobs: readonly JobSpec[] }): Promise<Accepted>;
  decide(decision: Decision): Promise<{ readonly affected: number }>;
  /** Takes jobs until the signal aborts; resolves when the last has ended. */
  work(options: WorkOptions): Promise<void>;
  jobs(selection: JobSelection): Promise<{ readonly rows: readonly JobRow[]; readonly total: number }>;
  groups(query: { readonly by: readonly GroupField[]; readonly where?: JobCondition }): Promise<readonly JobGroup[]>;
  job(key: JobKey): Promise<{ readonly row: JobRow; readonly spec: JobSpec; readonly record: JobRecord | null } | null>;
  curve(key: JobKey): Promise<readonly CurveRow[]>;
  sweeps(): Promise<readonly SweepRow[]>;
  workers(): Promise<readonly WorkerRow[]>;
  counts(): Promise<Readonly<Record<JobState, number>>>;
  events(query: { readonly after: number; readonly limit: number }): Promise<readonly LabEvent[]>;
  /** Each event from now on, in order, once. Returns what ends it. */
  onEvent(listener: (event: LabEvent) => void): () => void;
  close(): Promise<void>;
}
