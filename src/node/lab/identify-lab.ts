// Which lab a store holds, and that a database is the index of that one.

import { randomUUID } from "node:crypto";
import { MesascopeError } from "../../core/base/errors.ts";
import { type LabDocument, labDocumentSchema, labSchemaId } from "../../lab/lab-document.ts";
import { labDocument } from "../../lab/layout.ts";
import { lockLedger } from "./append-to-ledger.ts";
import type { LabParts } from "./lab-parts.ts";

/** Of a lab that begins now. */
export function newLabDocument(at: Date): LabDocument {
  return { schema: labSchemaId, id: randomUUID(), madeAt: at.toISOString() };
}

/** The id of the lab that the store is, which is made where there is none; the database becomes its index where it is nobody's yet. */
export async function identifyLab({ store, database, clock }: LabParts): Promise<string> {
  return await database.transaction(async (trx) => {
    await lockLedger(trx);
    const json = await store.getDocument(labDocument);
    const row = await trx.selectFrom("lab").select("id").executeTakeFirst();
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
    if (row !== undefined) return id;
    await trx.insertInto("lab").values({ id }).execute();
    if (json === null) await store.putDocument(labDocument, parsed.data);
    return id;
  });
}
