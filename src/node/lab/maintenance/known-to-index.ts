// What the index of a lab says that its files should hold, for whoever verifies them. Changes neither: the lab is not opened for it.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import { labDocument } from "../../../lab/layout.ts";
import type { EntryName } from "../../../lab/ledger.ts";
import type { LabDatabase, LabQueries } from "../database/lab-database.ts";
import { lostIndex } from "../identify-lab.ts";

interface KnownToIndex {
  readonly doneJobs: readonly JobKey[];
  /** Entries of the ledger. */
  readonly entries: readonly EntryName[];
}

/** Throws `usage` where the database is not the index of the lab in the store, `database` also where it has no tables of a lab. */
export async function knownToIndex(parts: {
  readonly store: ArtifactStore;
  readonly database: LabDatabase;
}): Promise<KnownToIndex> {
  const { store, database } = parts;
  const row = await database.query((db) => db.selectFrom("lab").select("id").executeTakeFirst());
  const lab = await store.getDocument(labDocument).catch(() => null);
  const isOthers = lab !== null && !(typeof lab === "object" && "id" in lab && lab.id === row?.id);
  if (isOthers || (await lostIndex(parts)) !== null) {
    throw new MesascopeError(
      "usage",
      `the database ${database.name} is not the index of the lab in ${store.name}. Name that of this lab.`,
    );
  }
  return await database.query(async (db) => {
    const done = await db.selectFrom("jobs").select("key").where("state", "=", "done").execute();
    return { doneJobs: done.map(({ key }) => key), entries: await appliedEntries(db) };
  });
}

/** The entries of the ledger that the index holds, by number: each has a document in the store, unless that was lost. */
export async function appliedEntries(db: Pick<LabQueries, "selectFrom">): Promise<readonly EntryName[]> {
  return await db
    .selectFrom("applied")
    .select(["number", "id"])
    .where("number", ">", 0)
    .where("id", "~", "^[0-9a-f]{16}$")
    .orderBy("number")
    .orderBy("id")
    .execute();
}
