// Brings the index together with the ledger: entries whose writer came no further than putting the document, and those that are newer than a
// backup of the database.

import { sql } from "kysely";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { ledgerPath, ledgerPrefix } from "../../../lab/layout.ts";
import { type LedgerDocument, ledgerDocumentSchema } from "../../../lab/ledger.ts";
import { appendToLedger, highestApplied, type LedgerTurn, lockLedger, markApplied, raiseNumber } from "../append-to-ledger.ts";
import { applyEntry, jobsOfEntry } from "../apply-entry.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { lostIndex } from "../identify-lab.ts";
import type { Failure } from "../index/apply-end.ts";
import { emit } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";

/**
 * Applies entries that the index does not have. One that others have overtaken is written anew at the end, so that the order of application
 * stays that of numbers; a failure that was overtaken is dropped, since its job runs again and fails again. One that cannot be read, or is
 * about what the index does not know, is passed over for good: a rebuild asks for it again. Returns a sentence for each of these. `turn`: what is
 * being put just now is left to who puts it.
 */
export async function reconcileLedger(parts: LabParts, turn: LedgerTurn = { put: null }): Promise<readonly string[]> {
  const { store, database } = parts;
  const paths: string[] = [];
  const from = Math.max(0, (await database.query(highestApplied)) - tail);
  for await (const { path } of store.listDocuments(ledgerPrefix, { after: placeOf(from) })) paths.push(path);
  const known = await database.query((db) =>
    db
      .selectFrom("applied")
      .select("id")
      .where((is) => is.or([is("number", ">=", from), is("number", "=", removed)]))
      .execute(),
  );
  const ids = new Set([...known.map(({ id }) => id), turn.put?.id]);
  const warnings: string[] = [];
  for (const path of paths.filter((each) => !ids.has(entryNameOf(each).id))) {
    try {
      const document = await readLedgerDocument(store, path);
      if (document !== null) await applyMissing(parts, document);
    } catch (error) {
      warnings.push(passableMessageOf(error));
      // Another time the disk may read it.
      if (error instanceof Error && isOfReading(error)) continue;
      await database.transaction(async (trx) => {
        await lockLedger(trx);
        await markApplied(trx, entryNameOf(path));
      });
    }
  }
  return warnings;
}

/**
 * How far before its end the ledger is looked at: a page of a bucket. What a process put and did not commit lies that near; what came by another way,
 * such as files from a backup, asks for a rebuild.
 */
const tail = 1000;

/** Where the paths of a number's entries begin. */
function placeOf(number: number): string {
  return ledgerPath({ number, id: "" }).slice(0, -".json".length);
}

/** The number under which the index holds an entry whose document went: it may not be missed. */
const removed = 0;

async function applyMissing(parts: LabParts, document: LedgerDocument): Promise<void> {
  const turn: LedgerTurn = { put: null };
  const { store, database, tickets } = parts;
  const jobs = await jobsOfEntry(store, document);
  await tickets.prepare(jobs.map(({ spec }) => spec.code));
  const { entry } = document;
  await database.transaction(async (trx) => {
    await lockLedger(trx);
    // Who held the lock until now may have committed it.
    const applied = await trx.selectFrom("applied").select("id").where("id", "=", document.id).executeTakeFirst();
    if (applied !== undefined) return;
    const isOvertaken = (await highestApplied(trx)) >= document.number;
    if (entry.kind === "failure" && (isOvertaken || (await wasTakenSince(trx, entry)))) {
      await markApplied(trx, { id: document.id, number: removed });
      return await store.deleteDocument(ledgerPath(document));
    }
    if (!isOvertaken) {
      const { events, notify } = await applyEntry(trx, { document, tickets, jobs });
      await markApplied(trx, document);
      await raiseNumber(trx, document.number);
      return await emit(trx, events, notify);
    }
    await appendToLedger(trx, { parts, entry, turn }, (anew) => applyEntry(trx, { document: anew, tickets, jobs }));
    await markApplied(trx, { id: document.id, number: removed });
    await store.deleteDocument(ledgerPath(document));
  });
}

/** Whether the job of a failure is at a later attempt than the one that failed. */
async function wasTakenSince(trx: LabTransaction, failure: Failure): Promise<boolean> {
  const job = await trx.selectFrom("jobs").select("attempt").where("key", "=", failure.job).forUpdate().executeTakeFirst();
  return (job?.attempt ?? 0) > failure.attempt;
}

/**
 * Runs `body`, which may append to the ledger, in a transaction with the ledger locked, when all that was put before is in the index: a decision
 * whose commit was lost must not come into force after later ones. What of that cannot be read is told by `onWarning`. Throws `database` where
 * the database is the store's index no more.
 */
export async function inLedgerOrder<Result>(
  parts: LabParts,
  body: (trx: LabTransaction, turn: LedgerTurn) => Promise<Result>,
): Promise<Result> {
  const lost = await lostIndex(parts);
  if (lost !== null) throw new MesascopeError("database", lost);
  const turn: LedgerTurn = { put: null };
  for (let isReconciled = false; ; isReconciled = true) {
    const done = await parts.database.transaction(async (trx) => {
      await lockLedger(trx);
      if (!isReconciled && (await hasUnapplied(trx, { store: parts.store, turn }))) return null;
      return { result: await body(trx, turn) };
    });
    if (done !== null) return done.result;
    for (const warning of await reconcileLedger(parts, turn)) parts.onWarning?.(warning);
  }
}

/** Most numbers without an entry in the index that are asked for one by one. */
const mostGaps = 64;

/**
 * Whether documents lie at numbers that were given out and came to nothing, or at the next, as when the database lost its last commits to a
 * failover. With the ledger locked nobody is about to commit one.
 */
async function hasUnapplied(
  trx: LabTransaction,
  { store, turn }: { readonly store: ArtifactStore; readonly turn: LedgerTurn },
): Promise<boolean> {
  const { rows } = await sql<{ given: number; applied: number }>`
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS given, (SELECT coalesce(max(number), 0) FROM mesascope.applied) AS applied
    FROM mesascope.ledger_number
  `.execute(trx);
  const { given, applied } = rows[0]!;
  for (let number = Math.max(applied, given - mostGaps) + 1; number <= given + 1; number++) {
    for await (const { path } of store.listDocuments(placeOf(number))) if (entryNameOf(path).id !== turn.put?.id) return true;
  }
  return false;
}

/**
 * Null for one that was removed meanwhile. Throws `damaged-artifact`, also for one that lies where another belongs, and `unsupported-version`
 * for one of a newer Mesascope.
 */
export async function readLedgerDocument(store: ArtifactStore, path: string): Promise<LedgerDocument | null> {
  const json = await store.getDocument(path);
  if (json === null) return null;
  const parsed = ledgerDocumentSchema.safeParse(json);
  if (!parsed.success) {
    throw new MesascopeError(
      "unsupported-version",
      `${store.documentName(path)} is no entry of a ledger that this version knows (${parsed.error.issues[0]?.message ?? "unknown"}). ` +
        "Update Mesascope, or restore the file from a backup.",
    );
  }
  const place = ledgerPath(parsed.data);
  if (place === path) return parsed.data;
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(path)} holds the entry of ${place}. Restore it from a backup.`,
  );
}

/** What is wrong with an entry that the index does without: damaged, or about what a damaged one was to bring. Throws what is another error. */
export function passableMessageOf(error: unknown): string {
  if (error instanceof MesascopeError && (error.code === "damaged-artifact" || error.code === "usage")) return error.message;
  throw error;
}

/** Whether a disk did not read a file, rather than that its bytes are other ones. */
function isOfReading({ cause }: Error): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "EIO";
}

/** Number and id of an entry, as its path tells them. */
export function entryNameOf(path: string): Pick<LedgerDocument, "id" | "number"> {
  const [number = "", id = ""] = path.slice(ledgerPrefix.length, -".json".length).split("-");
  return { number: Number.parseInt(number, 10) || 0, id };
}
