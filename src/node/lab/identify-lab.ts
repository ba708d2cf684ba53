// Which lab a store holds, and that a database is the index of that one.

import { randomUUID } from "node:crypto";
import { MesascopeError } from "../../core/base/errors.ts";
import {
  type IndexDocument,
  indexDocumentSchema,
  indexSchemaId,
  type LabDocument,
  labDocumentSchema,
  labSchemaId,
} from "../../lab/lab-document.ts";
import { indexDocument, labDocument } from "../../lab/layout.ts";
import { lockLedger } from "./append-to-ledger.ts";
import type { LabParts } from "./lab-parts.ts";

/** Of a lab that begins now. */
export function newLabDocument(at: Date): LabDocument {
  return { schema: labSchemaId, id: randomUUID(), madeAt: at.toISOString() };
}

/**
 * The id of the lab that the store is, which is made where there is none; the database becomes its index where it is nobody's yet. Throws
 * `usage` where database and store belong to others: two indexes of one lab would undo what each other writes.
 */
export async function identifyLab({ store, database, clock }: LabParts): Promise<string> {
  return await database.transaction(async (trx) => {
    await lockLedger(trx);
    const json = await store.getDocument(labDocument);
    const row = await trx.selectFrom("lab").selectAll().executeTakeFirst();
    if (json === null && row !== undefined) {
      throw new MesascopeError(
        "usage",
        `${store.name} holds no lab, but the database ${database.name} is the index of one (${row.id}). Name the store that belongs to it, or another database.`,
      );
    }
    const parsed = labDocumentSchema.safeParse(json ?? newLabDocument(clock()));
    if (!parsed.success) {
      throw new MesascopeError(
        "unsupported-version",
        `${store.documentName(labDocument)} is of no lab that this version knows. Update Mesascope, or restore it from a backup.`,
      );
    }
    const { id } = parsed.data;
    if (row !== undefined && row.id !== id) {
      throw new MesascopeError(
        "usage",
        `the database ${database.name} is the index of another lab (${row.id}) than the one in ${store.name} (${id}). Name a database for this one.`,
      );
    }
    const own: IndexDocument = {
      schema: indexSchemaId,
      kind: database.kind,
      id: database.kind === "postgres" ? (row?.database_id ?? randomUUID()) : null,
    };
    const isNamed = await requireOwnIndex({ store, database, own, isNew: row === undefined });
    if (row === undefined) {
      await trx
        .insertInto("lab")
        .values({ id, ...(own.id !== null && { database_id: own.id }) })
        .execute();
      if (json === null) await store.putDocument(labDocument, parsed.data);
    }
    if (!isNamed) await store.putDocument(indexDocument, own);
    return id;
  });
}

/**
 * Whether the store names this database already. One that is new takes the place of another of its kind, which is lost or given up: that is
 * refused from then on.
 */
async function requireOwnIndex(options: {
  readonly store: LabParts["store"];
  readonly database: LabParts["database"];
  readonly own: IndexDocument;
  readonly isNew: boolean;
}): Promise<boolean> {
  const { store, database, own, isNew } = options;
  // It can be made anew at any time: one that is damaged is.
  const json = await store.getDocument(indexDocument).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "damaged-artifact") return null;
    throw error;
  });
  const named = indexDocumentSchema.safeParse(json).data;
  if (named === undefined) return false;
  const remedy = `To make this one its index for good, end all processes of the other, remove ${store.documentName(indexDocument)} and run the command again.`;
  if (named.kind !== own.kind) {
    const [theirs, advice] =
      named.kind === "postgres"
        ? ["in a PostgreSQL that several machines share", "Name that with --database-url and --store."]
        : ["in its own folder", "Use it by --lab, without --database-url."];
    throw new MesascopeError(
      "usage",
      `the lab in ${store.name} has its index ${theirs}, not in ${database.name}. ${advice} ${remedy}`,
    );
  }
  if (named.id === own.id) return true;
  if (isNew) return false;
  throw new MesascopeError(
    "usage",
    `another database than ${database.name} has become the index of the lab in ${store.name}. Name that. ${remedy}`,
  );
}
