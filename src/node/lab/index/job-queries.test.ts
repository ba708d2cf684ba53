import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LabDatabase } from "../database/lab-database.ts";
import { code, type Databases, startDatabases } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { orderOf } from "./job-queries.ts";

let databases: Databases;
let database: LabDatabase;
let lab: Lab;
beforeAll(async () => {
  databases = await startDatabases("pglite");
  database = await (await databases.create())();
  lab = await Lab.open({ store: new MemoryStore(), code, database });
}, 120_000);
afterAll(async () => {
  await lab?.close();
  await databases?.stop();
}, 120_000);

/** How the database would find the first rows of a list, were a table too long to be read. */
async function planOf(order: Parameters<typeof orderOf>[0]): Promise<string> {
  const { rows } = await database.transaction(async (trx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(trx);
    return await sql<Record<string, string>>`EXPLAIN SELECT key FROM jobs ORDER BY ${orderOf(order)} LIMIT 100`.execute(trx);
  });
  return rows.map((row) => Object.values(row)[0]).join("\n");
}

it.each([false, true])("the order of acceptance is that of an index, forwards and backwards (%s)", async (descending) => {
  const plan = await planOf({ sort: "created", descending });
  expect(plan).toContain(descending ? "Scan Backward using jobs_created" : "Scan using jobs_created");
  expect(plan).not.toContain("Sort");
});

it("an order by what jobs need not have is sorted, with those that have none last", async () => {
  expect(await planOf({ sort: "return", descending: true })).toContain("training_return DESC NULLS LAST");
});
