// Makes the index of a lab anew from its ledger and its records: the same answers, but for what only the old index knew of jobs that are not
// done (attempts, progress, who ran them).

import { sql } from "kysely";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { ledgerPrefix, recordsPrefix } from "../../../lab/layout.ts";
import { isOfNewerVersion, type JobRecord, readRecord } from "../../../lab/record.ts";
import { lockLedger, markApplied, raiseNumber } from "../append-to-ledger.ts";
import { applyEntry, jobsOfEntry } from "../apply-entry.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { issueTickets } from "../index/apply-decision.ts";
import { applyRecords } from "../index/apply-end.ts";
import { dropUnusedConfigs } from "../index/configs.ts";
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

/**
 * Empties the index and fills it again, in one transaction: until its end others see the old one. Unless it is forced, only where that was
 * never done; null then.
 */
export async function rebuild(parts: LabParts, { isForced }: { readonly isForced: boolean }): Promise<Rebuilt | null> {
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
    const entries = await applyLedger(trx, { parts, warnings });
    const records = await applyAllRecords(trx, { parts, warnings });
    for (const { code } of await trx.selectFrom("jobs").select("code").distinct().execute()) codes.add(code);
    await dropUnusedConfigs(trx);
    await trx.updateTable("lab").set({ built_at: sql`now()` }).execute();
    return { entries, records, warnings };
  });
  if (rebuilt === null) return null;
  await tickets.prepare(codes);
  await database.transaction(async (trx) => {
    const waiting = await trx.selectFrom("jobs").select("key").where("state", "=", "queued").forUpdate().execute();
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

async function applyLedger(trx: LabTransaction, { parts: { store }, warnings }: Rebuilding): Promise<number> {
  let entries = 0;
  for await (const { path } of store.listDocuments(ledgerPrefix)) {
    // What an entry did until it turned out to be about what is not there is undone.
    await sql`SAVEPOINT entry`.execute(trx);
    try {
      const document = await readLedgerDocument(store, path);
      if (document === null) continue;
      await applyEntry(trx, { document, tickets: null, jobs: await jobsOfEntry(store, document) });
      entries++;
    } catch (error) {
      warnings.push(passableMessageOf(error));
      await sql`ROLLBACK TO SAVEPOINT entry`.execute(trx);
    }
    await sql`RELEASE SAVEPOINT entry`.execute(trx);
    const name = entryNameOf(path);
    await markApplied(trx, name);
    await raiseNumber(trx, name.number);
  }
  return entries;
}

async function applyAllRecords(trx: LabTransaction, { parts: { store }, warnings }: Rebuilding): Promise<number> {
  let applied = 0;
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
    }
    applied += (await applyRecords(trx, records)).done.length;
    paths = [];
  };
  for await (const { path } of store.listDocuments(recordsPrefix)) {
    if (paths.push(path) === batch) await apply();
  }
  await apply();
  return applied;
}

async function unreadText(store: ArtifactStore, path: string): Promise<string> {
  return (await isOfNewerVersion(store, keyOf(path)))
    ? `${store.documentName(path)} is a record that a newer Mesascope wrote; its job counts as not done until that one has the lab open. Update Mesascope.`
    : `${store.documentName(path)} is no record that can be read; its job will be done again.`;
}

function keyOf(path: string): string {
  return path.slice(recordsPrefix.length, -".json".length);
}
