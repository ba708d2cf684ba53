// The tables of a lab's database as TypeScript sees them. The SQL that makes them is in migrations/.

import type { ColumnType, Generated } from "kysely";
import type { JobProgress, LabEvent } from "../../../lab/api.ts";
import type { JobSpec, JobState } from "../../../lab/job.ts";
import type { Outcome } from "../../../lab/record.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";

/** JSON is written as text and read parsed. */
type Json<Value> = ColumnType<Value, string, string>;
type NullableJson<Value> = ColumnType<Value | null, string | null, string | null>;

/** The PostgreSQL schema that holds them. */
export const labSchemaName = "mesascope";
/** The one that pg-boss keeps its tables in. */
export const queueSchemaName = "mesascope_queue";

export interface JobsTable {
  key: string;
  kind: JobSpec["kind"];
  code: string;
  state: JobState;
  priority: number;
  /** How often it was taken. With `ticket` the fencing token. */
  attempt: number;
  /** Attempts that failed, and leases that were lost, since it was last accepted or retried. */
  failures: number;
  losses: number;
  /** Key of the train job that it is about. */
  run: string | null;
  world: string;
  organism: string | null;
  network: string;
  optimizer: string;
  /** Of its run's recipe, see `ConfigsTable`; null where the run is unknown. */
  config: number | null;
  distribution: number | null;
  seed: number;
  /** Of the run: its organism, else the objective that it is rewarded for. */
  name: string;
  /** Of the ledger entry that brought it, and its place there. */
  ledger_number: number;
  position: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  worker: string | null;
  /** When it was taken, or told how far it is, last; by the database's clock. Null for one that was taken before this was kept. */
  heard_at: Date | null;
  /** The attempt that was heard of then. An earlier one than the job's where an older version has taken it, which keeps neither. */
  heard_attempt: number | null;
  progress: NullableJson<JobProgress>;
  outcome: NullableJson<Outcome>;
  training_return: number | null;
  oracle_share: number | null;
  /** Kind of an audit's verdict, and its objective. */
  verdict: string | null;
  objective: string | null;
  /** Of computation. */
  seconds: number | null;
  environment_steps: number | null;
  error_code: string | null;
  error_message: string | null;
  /** The queue's job that may take this one; other tickets are void. */
  ticket: string | null;
}

/** Parts of recipes, each once: what a recipe says but for its seed and distribution, and distributions of levels. */
export interface ConfigsTable {
  id: Generated<number>;
  /** SHA-256 of the value's text as PostgreSQL writes it. */
  hash: Uint8Array;
  value: Json<unknown>;
}

/** Apart from `jobs`, so that lists and groups read few bytes. */
export interface SpecsTable {
  key: string;
  spec: Json<JobSpec>;
}

export interface SweepsTable {
  name: string;
  priority: number;
  /** With which it was accepted last; null for one of before this was kept. */
  asked_priority: number | null;
  is_paused: Generated<boolean>;
  /** Until more jobs of it are accepted, or it is retried. */
  is_cancelled: Generated<boolean>;
  ledger_number: number;
  accepted_at: Date;
}

export interface SweepJobsTable {
  sweep: string;
  job: string;
  position: number;
}

/** Points of the curve of a job that is not done; of one that is, they are in its record. */
export interface CurvesTable {
  job: string;
  attempt: number;
  /** Place of the first row among those that the attempt told. */
  first_row: number;
  rows: Json<readonly CurveRow[]>;
  /** By the database's clock. */
  told_at: Generated<Date>;
}

export interface EventsTable {
  number: number;
  /** By the clock of who did what it tells. */
  at: Date;
  /** By the database's clock: how long it stays goes by this. */
  written_at: Generated<Date>;
  kind: LabEvent["kind"];
  job: string | null;
  sweep: string | null;
  data: Json<Readonly<Record<string, unknown>>>;
}

export interface WorkersTable {
  name: string;
  code: string;
  host: string;
  slots: number;
  started_at: Date;
  heartbeat_at: Date;
  /** What keeps it from taking jobs; null for nothing. */
  trouble: string | null;
}

/** Ledger entries that the index holds. */
export interface AppliedTable {
  id: string;
  /** 0 for one whose document was removed. */
  number: number;
}

/** One row: whose index this is. */
export interface LabTable {
  only: Generated<boolean>;
  /** Id of the lab, see `labDocumentSchema`. */
  id: string;
  /** Of the database, random. */
  database_id: Generated<string>;
  /** When it was first filled from the store; null while that is not done. */
  built_at: Generated<Date | null>;
  reconciled_at: Generated<Date>;
}

/** One row, whose lock is held from an event's writing to its commit: so numbers have no gaps and their order is that of commits. */
export interface EventHeadTable {
  only: Generated<boolean>;
  number: number;
}

export interface LabSchema {
  jobs: JobsTable;
  specs: SpecsTable;
  configs: ConfigsTable;
  sweeps: SweepsTable;
  sweep_jobs: SweepJobsTable;
  curves: CurvesTable;
  events: EventsTable;
  workers: WorkersTable;
  applied: AppliedTable;
  lab: LabTable;
  event_head: EventHeadTable;
}
