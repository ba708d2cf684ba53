// Writes an entry of the ledger: its document is on disk, and what it does is in the index, or neither.

import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { ledgerPath } from "../../lab/layout.ts";
import { type LedgerDocument, type LedgerEntry, ledgerSchemaId } from "../../lab/ledger.ts";
import type { LabTransaction } from "./database/lab-database.ts";
import { emit, type NewEvent } from "./index/events.ts";
import type { LabParts } from "./lab-parts.ts";

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

/**
 * Numbers an entry, lets `apply` put it into the index, and writes the document last, when only the commit can fail; one that is not committed
 * is applied before the next is written (see `maintenance/reconcile-ledger.ts`). To be called with the ledger locked.
 */
export async function appendToLedger<Result>(
  trx: LabTransaction,
  { parts, entry }: { readonly parts: LabParts; readonly entry: LedgerEntry },
  apply: (document: LedgerDocument) => Promise<AppliedEntry<Result>>,
): Promise<Result> {
  const { rows } = await sql<{ number: number }>`SELECT nextval('mesascope.ledger_number') AS number`.execute(trx);
  const document: LedgerDocument = {
    schema: ledgerSchemaId,
    number: rows[0]!.number,
    id: randomBytes(8).toString("hex"),
    at: parts.clock().toISOString(),
    entry,
  };
  const { result, events, notify } = await apply(document);
  await markApplied(trx, document);
  await parts.store.putDocument(ledgerPath(document), document);
  await emit(trx, events, notify);
  return result;
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
