// A lab: accepts sweeps and decisions, hands out jobs, confirms what they became, and answers what there is. Files are the truth (ledger and
// records in the store); the database is their index, and the queue.

import { sql } from "kysely";
import type { Accepted, JobGroup, JobRow, LabEvent, SweepRow, WorkerRow } from "../../lab/api.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import type { ComparableRun } from "../../lab/compare.ts";
import type { JobKey, JobSpec } from "../../lab/job.ts";
import { countKept, type KeptDocument } from "../../lab/kept.ts";
import type { Decision, EntryName, LedgerEntry } from "../../lab/ledger.ts";
import { placesKept } from "../../lab/over-training.ts";
import { type JobRecord, readRecord } from "../../lab/record.ts";
import { snapshotsAmong } from "../../lab/snapshots.ts";
import { type CurveRow, parseCurve } from "../storage/agent-folder.ts";
import { appendToLedger } from "./append-to-ledger.ts";
import { applyEntry, type EntryEffect } from "./apply-entry.ts";
import type { LabDatabase, LabTransaction } from "./database/lab-database.ts";
import { identifyLab, lostIndex } from "./identify-lab.ts";
import { askedPriorityOf } from "./index/apply-sweep.ts";
import { type ComparableSelection, comparableRuns } from "./index/comparable-runs.ts";
import { type GivenJob, givenJobs } from "./index/describe-jobs.ts";
import { EventFeed } from "./index/event-feed.ts";
import { isJobOf, lastEventNumber, readEvents } from "./index/events.ts";
import { type GroupQuery, groupJobs } from "./index/group-jobs.ts";
import { findJob, type JobSelection, listJobs, type StateCounts } from "./index/job-queries.ts";
import { countJobs, listSweeps, toldCurve, waitingForOtherCode } from "./index/lab-queries.ts";
import { auditsOverTraining, type RunOverTraining } from "./index/over-training.ts";
import { variantInLab } from "./index/variants.ts";
import { listWorkers, slotsTogether } from "./index/workers.ts";
import type { Clock, LabParts } from "./lab-parts.ts";
import { appliedEntries } from "./maintenance/known-to-index.ts";
import { type RebuildProgress, type Rebuilt, rebuild } from "./maintenance/rebuild.ts";
import { reconcile } from "./maintenance/reconcile.ts";
import { inLedgerOrder } from "./maintenance/reconcile-ledger.ts";
import { vacuum } from "./maintenance/vacuum.ts";
import { TicketQueue } from "./queue/ticket-queue.ts";
import { type WorkOptions, work } from "./queue/workbench.ts";

export interface LabOptions {
  readonly store: ArtifactStore;
  /** Closed with the lab. */
  readonly database: LabDatabase;
  /** Of the code whose jobs this process takes. */
  readonly code: string;
  readonly clock?: Clock;
  /** See `TicketQueueOptions`. */
  readonly leaseSeconds?: number;
  /** Told what cannot be read once the lab is open. */
  readonly onWarning?: (text: string) => void;
  /** Told while the index is made from the files. */
  readonly onRebuild?: (progress: RebuildProgress) => void;
  /** Makes the database the store's index where another one is, which is lost or given up. */
  readonly takesOver?: boolean;
}

export interface LabStatus extends LabFigures {
  readonly id: string;
  readonly store: string;
  readonly database: LabDatabase["kind"];
  readonly code: string;
  /** Documents of cards and leagues; null where the store cannot be reached. */
  readonly kept: Readonly<Record<KeptDocument["kind"], number>> | null;
}

/** What changes from minute to minute, by the index alone. */
export interface LabFigures {
  readonly counts: StateCounts;
  /** Queued jobs that only workers of another code version take. */
  readonly waitingForOtherCode: Readonly<Record<string, number>>;
  readonly workers: number;
  readonly lastEvent: number;
}

/** What others see of a lab. */
export type LabContract = Pick<Lab, keyof Lab>;

export class Lab {
  readonly id: string;
  readonly store: ArtifactStore;
  readonly code: string;
  /** What opening made the index from; null where there was one. */
  readonly rebuilt: Rebuilt | null;
  /** What opening could not read, a sentence each, for the user. */
  readonly warnings: readonly string[];
  readonly #parts: LabParts;
  readonly #feed: EventFeed;

  private constructor(
    parts: LabParts,
    { id, rebuilt, warnings, lastEvent }: Pick<Lab, "id" | "rebuilt" | "warnings"> & { readonly lastEvent: number },
  ) {
    this.id = id;
    this.rebuilt = rebuilt;
    this.warnings = warnings;
    this.store = parts.store;
    this.code = parts.code;
    this.#parts = parts;
    this.#feed = new EventFeed(parts.database, lastEvent);
  }

  /**
   * Opens the lab in a store with its index in a database, and heals what was cut short. An empty database becomes the index of what is in
   * the store. Throws `usage` where the database is another lab's, or the lab has another, `file-system`, `database`, `damaged-artifact` and
   * `unsupported-version`.
   */
  static async open(options: LabOptions): Promise<Lab> {
    const { store, database, code, clock = () => new Date() } = options;
    const tickets = await TicketQueue.open(options);
    const warnings: string[] = [];
    let tell: (text: string) => void = (text) => warnings.push(text);
    const parts: LabParts = { store, database, code, clock, tickets, onWarning: (text) => tell(text) };
    try {
      const id = await identifyLab(parts, options);
      const rebuilt = await rebuild(parts, { isForced: false, onProgress: options.onRebuild });
      warnings.push(...(rebuilt?.warnings ?? []));
      warnings.push(...(await reconcile(parts, { isOpening: true })));
      if (database.kind === "pglite") await vacuum(database);
      const lab = new Lab(parts, { id, rebuilt, warnings, lastEvent: await lastEventNumber(database) });
      tell = options.onWarning ?? (() => undefined);
      return lab;
    } catch (error) {
      await tickets.close();
      throw error;
    }
  }

  /**
   * Takes jobs in under the name of a sweep. Those that the lab has are not done again; when all are in that sweep already and the priority is
   * the one that it was last accepted with, nothing changes. Once it returns, they survive power loss. Throws `usage` for a job about a run that
   * neither the sweep nor the lab has.
   */
  async accept(given: {
    readonly sweep: string;
    readonly priority: number;
    readonly jobs: readonly JobSpec[];
  }): Promise<Accepted> {
    const { sweep, priority } = given;
    const jobs = await givenJobs(given.jobs);
    const { store, database, tickets } = this.#parts;
    const known = await database.query((db) => knownJobs(db, sweep));
    const before = await database.query((db) => db.selectFrom("sweeps").selectAll().where("name", "=", sweep).executeTakeFirst());
    let effect: EntryEffect = { affected: 0, revived: 0 };
    if (before === undefined || askedPriorityOf(before) !== priority || !jobs.every(({ key }) => known.has(key))) {
      const blob = await store.putBlob(new TextEncoder().encode(JSON.stringify(jobs.map(({ spec }) => spec))));
      const entry: LedgerEntry = { kind: "sweep", sweep, priority, jobs: blob, count: jobs.length };
      await tickets.prepare(jobs.map(({ spec }) => spec.code));
      effect = await this.#append(entry, jobs);
    }
    const done = (await this.doneAmong(jobs.map(({ key }) => key))).size;
    return { sweep, jobs: jobs.length, added: effect.affected, revived: effect.revived, done };
  }

  /** Pauses, resumes, cancels, retries or prioritizes. Throws `usage` for a sweep or a job that the lab does not have. */
  async decide(decision: Decision): Promise<{ readonly affected: number }> {
    const { affected } = await this.#append({ kind: "decision", decision }, []);
    return { affected };
  }

  /** Takes jobs of this code version until the signal aborts; resolves when the last has ended. */
  async work(options: WorkOptions): Promise<void> {
    await work(this.#parts, options);
  }

  jobs(selection: JobSelection = {}): Promise<{ readonly rows: readonly JobRow[]; readonly total: number }> {
    return listJobs(this.#parts.database, selection);
  }

  groups(query: GroupQuery): Promise<readonly JobGroup[]> {
    return groupJobs(this.#parts.database, query);
  }

  /** Null for a job that the lab does not have. */
  async job(key: JobKey): Promise<{ readonly row: JobRow; readonly spec: JobSpec; readonly record: JobRecord | null } | null> {
    const found = await findJob(this.#parts.database, key);
    if (found === null) return null;
    return { ...found, record: found.row.state === "done" ? await readRecord(this.store, key) : null };
  }

  /** In which fields of its recipe a job and the runs of its name, world, network and optimizer differ, as lists tell it. */
  variantOf(key: JobKey): Promise<JobRow["variant"]> {
    return variantInLab(this.#parts.database, key);
  }

  /** The finished runs that a condition on rows of `jobs` means, itself or by an audit or measurement of theirs; at most so many. */
  comparableRuns(selection: ComparableSelection): Promise<readonly ComparableRun[]> {
    return comparableRuns(this.#parts.database, selection);
  }

  /** The training curve of a job so far; empty where it has none. */
  async curve(key: JobKey): Promise<readonly CurveRow[]> {
    const record = await readRecord(this.store, key);
    const file = record?.files["curve.csv"];
    if (file === undefined) return await toldCurve(this.#parts.database, key);
    return parseCurve(new TextDecoder().decode(await this.store.getBlob(file)), this.store.blobName(file.sha256));
  }

  /** The audits of a run over its training, done or not; null for a job that is no run of the lab. */
  async overTraining(key: JobKey): Promise<RunOverTraining | null> {
    const { row, record } = (await this.job(key)) ?? { row: null, record: null };
    if (row === null || row.kind !== "train") return null;
    const snapshots = record === null ? null : snapshotsAmong(Object.keys(record.files)).length;
    const places = record === null ? [] : placesKept(record);
    return { snapshots, places, audited: await auditsOverTraining(this.#parts.database, row) };
  }

  async sweeps(): Promise<readonly SweepRow[]> {
    return await listSweeps(this.#parts.database, slotsTogether(await this.workers()));
  }

  /** Those that gave a sign of life lately. */
  workers(): Promise<readonly WorkerRow[]> {
    return listWorkers(this.#parts);
  }

  /** Those of the keys whose jobs are done. */
  async doneAmong(keys: readonly JobKey[]): Promise<ReadonlySet<JobKey>> {
    const { rows } = await this.#parts.database.query((db) =>
      sql<{ key: JobKey }>`SELECT key FROM mesascope.jobs WHERE key = ANY(${keys}::text[]) AND state = 'done'`.execute(db),
    );
    return new Set(rows.map(({ key }) => key));
  }

  counts(): Promise<StateCounts> {
    return countJobs(this.#parts.database);
  }

  /** Also where the store cannot be reached. */
  async status(): Promise<LabStatus> {
    const { store, database, code } = this.#parts;
    const kept = await countKept(store);
    return { id: this.id, store: store.name, database: database.kind, code, ...(await this.figures()), kept };
  }

  /** Asks the database only. */
  async figures(): Promise<LabFigures> {
    const { database } = this.#parts;
    return {
      counts: await this.counts(),
      waitingForOtherCode: await waitingForOtherCode(database, this.code),
      workers: (await this.workers()).length,
      lastEvent: await lastEventNumber(database),
    };
  }

  /** The entries of the ledger that the index holds, by number: each has a document in the store, unless that was lost. */
  async entries(): Promise<readonly EntryName[]> {
    return await this.#parts.database.query(appliedEntries);
  }

  /** In order. Numbers have no gaps, but that old ones go: see `forgetOld`. */
  events(query: { readonly after: number; readonly limit: number }): Promise<readonly LabEvent[]> {
    return readEvents(this.#parts.database, query);
  }

  /** Number of the last event; 0 where there was none. */
  lastEvent(): Promise<number> {
    return lastEventNumber(this.#parts.database);
  }

  /** Whether a job is one of a sweep's. */
  isJobOf(link: { readonly job: JobKey; readonly sweep: string }): Promise<boolean> {
    return isJobOf(this.#parts.database, link);
  }

  /** Tells each event from now on, in order, once; the first listener of all is told those since the opening too. Returns what ends it. */
  onEvent(listener: (event: LabEvent) => void): () => void {
    return this.#feed.listen(listener);
  }

  /** Makes the index anew from ledger and records. What runs elsewhere loses its lease. */
  async rebuild(onProgress?: (progress: RebuildProgress) => void): Promise<Rebuilt> {
    return (await rebuild(this.#parts, { isForced: true, onProgress }))!;
  }

  /** See `lostIndex`. */
  lostIndex(): Promise<string | null> {
    return lostIndex(this.#parts);
  }

  async close(): Promise<void> {
    await this.#feed.close();
    await this.#parts.tickets.close();
    await this.#parts.database.close();
  }

  async #append(entry: LedgerEntry, jobs: readonly GivenJob[]): Promise<EntryEffect> {
    const parts = this.#parts;
    return await inLedgerOrder(parts, (trx, turn) =>
      appendToLedger(trx, { parts, entry, turn }, (document) => applyEntry(trx, { document, tickets: parts.tickets, jobs })),
    );
  }
}

async function knownJobs(db: Pick<LabTransaction, "selectFrom">, sweep: string): Promise<ReadonlySet<JobKey>> {
  const rows = await db.selectFrom("sweep_jobs").select("job").where("sweep", "=", sweep).execute();
  return new Set(rows.map(({ job }) => job));
}
