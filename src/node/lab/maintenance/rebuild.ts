// Makes the index of a lab anew from its ledger and its records: the same answers, but for what only the old index knew of jobs that are not
// done (attempts, progress, who ran them).

import { sql } from "kysely";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import { ledgerPrefix, recordsPrefix } from "../../../lab/layout.ts";
import { isOfNewerVersion, type JobRecord, readRecord } from "../../../lab/record.ts";
import { lockLedger, markApplied, raiseNumber } from "../append-to-ledger.ts";
import { applyEntry, jobsOfEntry } from "../apply-entry.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { issueTickets } from "../index/apply-decision.ts";
import { applyRecords } from "../index/apply-end.ts";
import { applySweep } from "../index/apply-sweep.ts";
import { dropUnusedConfigs } from "../index/configs.ts";
import { type GivenJob, givenJobs } from "../index/describe-jobs.ts";
import { emit, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import { entryNameOf, passableMessageOf, readLedgerDocument } from "./reconcile-ledger.ts";
import { vacuum } from "./vacuum.ts";

/** Records asked for at once, and in one statement. */
const readsAtOnce = 32;
const batch = 512;

export interface Rebuilt {
  readonly entries: number;
  readonly records: number;
  /** What could not be read, a sentence each: what it told is missing in the index. */
  readonly warnings: readonly string[];
}

/** `jobs`: put into the queue again, after the records. */
export interface RebuildProgress {
  readonly stage: "ledger" | "records" | "jobs";
  readonly done: number;
}

export interface RebuildOptions {
  readonly isForced: boolean;
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined;
}

/**
 * Empties the index and fills it again, in one transaction: until its end others see the old one. Unless it is forced, only where that was
 * never done; null then.
 */
export async function rebuild(
  parts: LabParts,
  { isForced, onProgress = () => undefined }: RebuildOptions,
): Promise<Rebuilt | null> {
  const { database, tickets } = parts;
  const codes = new Set<string>();
  const rebuilt = await database.transaction(async (trx) => {
    // Reading many files takes longer than a transaction is allowed to be silent.
    await sql`SET LOCAL idle_in_transaction_session_timeout = '15min'`.execute(trx);
    await lockLedger(trx);
    const { built_at: builtAt } = await trx.selectFrom("lab").select("built_at").executeTakeFirstOrThrow();
    if (builtAt !== null && !isForced) return null;
    // Who changes jobs waits; who reads sees the old ones until the end, which emptying tables by TRUNCATE would not let them.
    await sql`LOCK TABLE mesascope.jobs, mesascope.sweeps IN EXCLUSIVE MODE`.execute(trx);
    for (const table of ["jobs", "specs", "sweeps", "sweep_jobs", "curves", "applied"] as const)
      await trx.deleteFrom(table).execute();
    await tickets.clear(trx);
    const warnings: string[] = [];
    const entries = await applyLedger(trx, { parts, warnings, onProgress });
    const { applied: records, unknown } = await applyAllRecords(trx, { parts, warnings, onProgress });
    const recovered = await recoverJobs(trx, { records: unknown, parts, warnings });
    for (const { code } of await trx.selectFrom("jobs").select("code").distinct().execute()) codes.add(code);
    await dropUnusedConfigs(trx);
    await trx.updateTable("lab").set({ built_at: sql`now()` }).execute();
    return { entries, records: records + recovered, warnings };
  });
  if (rebuilt === null) return null;
  await tickets.prepare(codes);
  await database.transaction(async (trx) => {
    const waiting = await trx.selectFrom("jobs").select("key").where("state", "=", "queued").forUpdate().execute();
    onProgress({ stage: "jobs", done: waiting.length });
    await tickets.send(
      trx,
      await issueTickets(
        trx,
        waiting.map(({ key }) => key),
      ),
    );
    await emit(trx, [], [queueChannel]);
  });
  await vacuum(parts.database);
  return rebuilt;
}

interface Rebuilding {
  readonly parts: LabParts;
  readonly warnings: string[];
}

interface Reading extends Rebuilding {
  readonly onProgress: (progress: RebuildProgress) => void;
}

async function applyLedger(trx: LabTransaction, { parts: { store }, warnings, onProgress }: Reading): Promise<number> {
  let [entries, read] = [0, 0];
  /** What is wrong with entries, and whose: all that were about a lost sweep are told at once. */
  const passedOver = new Map<string, string[]>();
  for await (const { path } of store.listDocuments(ledgerPrefix)) {
    onProgress({ stage: "ledger", done: ++read });
    // What an entry did until it turned out to be about what is not there is undone.
    await sql`SAVEPOINT entry`.execute(trx);
    try {
      const document = await readLedgerDocument(store, path);
      if (document === null) continue;
      await applyEntry(trx, { document, tickets: null, jobs: await jobsOfEntry(store, document) });
      entries++;
    } catch (error) {
      const message = passableMessageOf(error);
      passedOver.set(message, [...(passedOver.get(message) ?? []), store.documentName(path)]);
      await sql`ROLLBACK TO SAVEPOINT entry`.execute(trx);
    }
    await sql`RELEASE SAVEPOINT entry`.execute(trx);
    const name = entryNameOf(path);
    await markApplied(trx, name);
    await raiseNumber(trx, name.number);
  }
  for (const [message, [first, ...others]] of passedOver)
    warnings.push(`${first}${others.length > 0 ? ` and ${others.length} more are` : " is"} passed over: ${message}`);
  return entries;
}

/** How many were of jobs that the ledger tells of, and those that are of no such job. */
async function applyAllRecords(
  trx: LabTransaction,
  { parts: { store }, warnings, onProgress }: Reading,
): Promise<{ readonly applied: number; readonly unknown: readonly JobRecord[] }> {
  let [applied, readSoFar] = [0, 0];
  const unknown: JobRecord[] = [];
  let paths: string[] = [];
  const apply = async () => {
    const records: JobRecord[] = [];
    for (let from = 0; from < paths.length; from += readsAtOnce) {
      const some = paths.slice(from, from + readsAtOnce);
      const read = await Promise.all(some.map((path) => readRecord(store, keyOf(path))));
      for (const [i, record] of read.entries()) {
        if (record) records.push(record);
        else warnings.push(await unreadText(store, some[i]!));
      }
      readSoFar += some.length;
      onProgress({ stage: "records", done: readSoFar });
    }
    const done = new Set((await applyRecords(trx, records)).done);
    applied += done.size;
    unknown.push(...records.filter(({ job }) => !done.has(job)));
    paths = [];
  };
  for await (const { path } of store.listDocuments(recordsPrefix)) {
    if (paths.push(path) === batch) await apply();
  }
  await apply();
  return { applied, unknown };
}

/** A sweep in the index alone, for jobs that are done and whose own the ledger has lost: until that one is accepted again. */
const recoveredSweep = "recovered";

/** Puts jobs into the index of which only the records tell. Returns how many. */
async function recoverJobs(
  trx: LabTransaction,
  { records, parts, warnings }: Rebuilding & { readonly records: readonly JobRecord[] },
): Promise<number> {
  if (records.length === 0) return 0;
  const named = new Set(records.map(({ job }) => job));
  const jobs = (await givenJobs(records.map(({ spec }) => spec))).filter(({ key }) => named.has(key));
  const known = new Set([...jobs.map(({ key }) => key), ...(await knownJobs(trx, jobs))]);
  const whole = jobs.filter(({ run }) => run === null || known.has(run));
  if (whole.length > 0) {
    await applySweep(trx, { sweep: recoveredSweep, priority: 50, jobs: whole, number: 0, at: parts.clock() });
    const keys = new Set(whole.map(({ key }) => key));
    await applyRecords(
      trx,
      records.filter(({ job }) => keys.has(job)),
    );
    warnings.push(
      `${whole.length} finished jobs are of no sweep that the ledger still has; they stand in the sweep "${recoveredSweep}" until theirs is accepted ` +
        'again: run "mesascope sweep" with its file, and nothing of them is computed anew.',
    );
  }
  if (whole.length < jobs.length)
    warnings.push(
      `${jobs.length - whole.length} finished jobs are about runs of which there is neither a sweep nor a record; they are left out.`,
    );
  return whole.length;
}

/** Which of the runs that these jobs are about the index has. */
async function knownJobs(trx: LabTransaction, jobs: readonly GivenJob[]): Promise<readonly JobKey[]> {
  const runs = [...new Set(jobs.flatMap(({ run }) => (run === null ? [] : [run])))];
  const rows = await trx.selectFrom("jobs").select("key").where("key", "=", sql<string>`ANY(${runs}::text[])`).execute();
  return rows.map(({ key }) => key);
}

async function unreadText(store: ArtifactStore, path: string): Promise<string> {
  return (await isOfNewerVersion(store, keyOf(path)))
    ? `${store.documentName(path)} is a record that a newer Mesascope wrote; its job counts as not done until that one has the lab open. Update Mesascope.`
    : `${store.documentName(path)} is no record that can be read; its job will be done again.`;
}

function keyOf(path: string): string {
  return path.slice(recordsPrefix.length, -".json".length);
}
