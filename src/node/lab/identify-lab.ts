// Which lab a store holds, and that a database is the index of that one.

import { randomUUID } from "node:crypto";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
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
import type { LabTransaction } from "./database/lab-database.ts";
import type { LabParts } from "./lab-parts.ts";

/** Of a lab that begins now. */
export function newLabDocument(at: Date): LabDocument {
  return { schema: labSchemaId, id: randomUUID(), madeAt: at.toISOString() };
}

/**
 * The id of the lab that the store is, which is made where there is none; the database becomes its index where it is nobody's yet. Throws
 * `usage` where database and store belong to others: two indexes of one lab would undo what each other writes. `takesOver`: the place of another
 * database of its kind, which is lost or given up, is taken; that one is told by `lostIndex` if it is still there, also where this one is a copy
 * of it.
 */
export async function identifyLab(
  parts: LabParts,
  { takesOver = false }: { readonly takesOver?: boolean } = {},
): Promise<string> {
  const { store, database } = parts;
  return await database.alone(async () => {
    const { id, own, isNamed } = await database.transaction((trx) => enter(trx, { parts, takesOver }));
    // After the commit: a file that names what was rolled back would be of an index that nobody has. Whoever comes next puts a missing one.
    if (!isNamed) await store.putDocument(indexDocument, own);
    return id;
  });
}

interface Entered {
  readonly id: string;
  /** What names this database as the store's index. */
  readonly own: IndexDocument;
  /** Whether the store says so already. */
  readonly isNamed: boolean;
}

async function enter(
  trx: LabTransaction,
  { parts, takesOver }: { readonly parts: LabParts; readonly takesOver: boolean },
): Promise<Entered> {
  const { store, database, clock } = parts;
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
  const named = await readIndexDocument(store);
  const before = indexOf(database, row?.database_id);
  const isNamed = named?.kind === before.kind && named.id === before.id;
  if (named !== null && !isNamed && !(takesOver && named.kind === before.kind)) {
    throw new MesascopeError("usage", refusalOf({ store, database, named, isEmpty: row === undefined }));
  }
  if (row === undefined && json === null) await store.putDocument(labDocument, parsed.data);
  // A copy of the database, as a dump is, has its id too: who takes over gets one that no other has.
  const own = takesOver || row === undefined ? indexOf(database, randomUUID()) : before;
  if (row === undefined) {
    await trx
      .insertInto("lab")
      .values({ id, ...(own.id !== null && { database_id: own.id }) })
      .execute();
  } else if (own.id !== null && own.id !== before.id) {
    await trx.updateTable("lab").set({ database_id: own.id }).execute();
  }
  return { id, own, isNamed: isNamed && own.id === before.id };
}

function indexOf({ kind }: LabParts["database"], id: string | undefined): IndexDocument {
  return { schema: indexSchemaId, kind, id: kind === "postgres" ? (id ?? null) : null };
}

/**
 * Why this database is the store's index no more, though it was when it was opened; null where it still is. Throws `file-system` and `database`.
 */
export async function lostIndex({ store, database }: Pick<LabParts, "store" | "database">): Promise<string | null> {
  const isLost = async () => {
    const named = await readIndexDocument(store);
    const row = await database.query((db) => db.selectFrom("lab").select("database_id").executeTakeFirst());
    const own = indexOf(database, row?.database_id);
    return named !== null && (named.kind !== own.kind || named.id !== own.id);
  };
  // Looked at again while nobody is about to name this database anew.
  if (!(await isLost()) || !(await database.alone(isLost))) return null;
  return (
    `another database than ${database.name} has become the index of the lab in ${store.name}: by this one no jobs are given out and nothing is accepted. ` +
    "End this process, and name the other database."
  );
}

/** Throws `usage` where the index of the lab in the store is not in its own folder, before one is made there. */
export async function requireOwnIndex(store: ArtifactStore): Promise<void> {
  const named = await readIndexDocument(store);
  if (named?.kind !== "postgres") return;
  throw new MesascopeError("usage", otherKind({ store, named, here: "its folder" }));
}

/** Null where there is none, or none that can be read: it can be made anew at any time. */
async function readIndexDocument(store: ArtifactStore): Promise<IndexDocument | null> {
  const json = await store.getDocument(indexDocument).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "damaged-artifact") return null;
    throw error;
  });
  return indexDocumentSchema.safeParse(json).data ?? null;
}

function refusalOf(options: {
  readonly store: ArtifactStore;
  readonly database: LabParts["database"];
  readonly named: IndexDocument;
  readonly isEmpty: boolean;
}): string {
  const { store, database, named, isEmpty } = options;
  if (named.kind !== database.kind) return otherKind({ store, named, here: database.name });
  const found = isEmpty
    ? `the lab in ${store.name} has its index in another database than ${database.name}, which is empty`
    : `another database than ${database.name} has become the index of the lab in ${store.name}`;
  return `${found}. Name that. Where it is lost or given up, end all of its processes, and make this one the index by "mesascope lab rebuild" with the same --database-url and --store.`;
}

function otherKind({
  store,
  named,
  here,
}: {
  readonly store: ArtifactStore;
  readonly named: IndexDocument;
  readonly here: string;
}): string {
  const [theirs, advice] =
    named.kind === "postgres"
      ? ["in a PostgreSQL that several machines share", "Name that with --database-url and --store."]
      : ["in its own folder", "Use it by --lab, without --database-url."];
  return (
    `the lab in ${store.name} has its index ${theirs}, not in ${here}. ${advice} To make this one its index for good, end all ` +
    `processes of the other, remove ${store.documentName(indexDocument)} and run the command again.`
  );
}
