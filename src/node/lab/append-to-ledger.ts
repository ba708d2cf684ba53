// Writes an entry of the ledger: its document is on disk, and what it does is in the index, or neither.

import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { MesascopeError } from "../../core/base/errors.ts";
import { ledgerPath } from "../../lab/layout.ts";
import { type LedgerDocument, type LedgerEntry, ledgerSchemaId } from "../../lab/ledger.ts";
import type { LabTransaction } from "./database/lab-database.ts";
import { emit, type NewEvent } from "./index/events.ts";
import type { LabParts } from "./lab-parts.ts";
import { putInTime } from "./put-in-time.ts";

/** Any number: the lock's name among the advisory locks of this database. */
const ledgerLock = 7_204_113;

/** Entries are written one at a time, so that they are applied in the order of their numbers. To be taken before rows are locked. */
export async function lockLedger(trx: LabTransaction): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${ledgerLock})`.execute(trx);
}

export interface AppliedEntry<Result> {
  readonly result: Result;
  readonly events: readonly NewEvent[];
  /** Channels to be told. */
  readonly notify: readonly string[];
}

/** What one appending put, over all tries of its transaction: a later one puts the same document again, not a second. */
export interface LedgerTurn {
  put: LedgerDocument | null;
}

/**
 * Numbers an entry, lets `apply` put it into the index, and writes the document last, when only the commit can fail; one that is not committed
 * is applied before the next is written (see `maintenance/reconcile-ledger.ts`). To be called with the ledger locked. Throws `file-system`, and
 * `database` where an earlier try put it and another process has applied it since.
 */
export async function appendToLedger<Result>(
  trx: LabTransaction,
  { parts, entry, turn }: { readonly parts: LabParts; readonly entry: LedgerEntry; readonly turn: LedgerTurn },
  apply: (document: LedgerDocument) => Promise<AppliedEntry<Result>>,
): Promise<Result> {
  const document = (await putBefore(trx, { parts, turn })) ?? (await numbered(trx, { parts, entry }));
  const { result, events, notify } = await apply(document);
  await markApplied(trx, document);
  turn.put = document;
  await putInTime(parts.store, { path: ledgerPath(document), document, what: "an entry of the ledger" });
  await emit(trx, events, notify);
  return result;
}

async function numbered(
  trx: LabTransaction,
  { parts, entry }: { readonly parts: LabParts; readonly entry: LedgerEntry },
): Promise<LedgerDocument> {
  const { rows } = await sql<{ number: number }>`SELECT nextval('mesascope.ledger_number') AS number`.execute(trx);
  const id = randomBytes(8).toString("hex");
  return { schema: ledgerSchemaId, number: rows[0]!.number, id, at: parts.clock().toISOString(), entry };
}

/** What an earlier try put, where it can still be the next entry; null where there is none. */
async function putBefore(
  trx: LabTransaction,
  { parts, turn: { put } }: { readonly parts: LabParts; readonly turn: LedgerTurn },
): Promise<LedgerDocument | null> {
  const { store, database } = parts;
  if (put === null) return null;
  const applied = await trx.selectFrom("applied").select("number").where("id", "=", put.id).executeTakeFirst();
  if (applied !== undefined) {
    throw new MesascopeError(
      "database",
      `the lab's database ${database.name} ended a transaction whose entry was in the ledger, and another process brought that into force. ` +
        "It holds; how many jobs it hit is not known here. Look at them, or run the command again: what is so already changes nothing.",
    );
  }
  if ((await highestApplied(trx)) < put.number) {
    await raiseNumber(trx, put.number);
    return put;
  }
  // Entries hold in the order of their numbers, and it would be among older ones.
  await store.deleteDocument(ledgerPath(put));
  return null;
}

/** The number of the last entry that the index has; 0 where it has none. */
export async function highestApplied(db: Pick<LabTransaction, "selectFrom">): Promise<number> {
  const row = await db
    .selectFrom("applied")
    .select((eb) => eb.fn.max("number").as("number"))
    .executeTakeFirst();
  return row?.number ?? 0;
}

export async function markApplied(trx: LabTransaction, { id, number }: Pick<LedgerDocument, "id" | "number">): Promise<void> {
  await trx
    .insertInto("applied")
    .values({ id, number })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The next number is above all that the store has. */
export async function raiseNumber(trx: LabTransaction, number: number): Promise<void> {
  await sql`
    SELECT setval('mesascope.ledger_number', GREATEST(${number}::bigint, (SELECT last_value FROM mesascope.ledger_number)))
  `.execute(trx);
}
