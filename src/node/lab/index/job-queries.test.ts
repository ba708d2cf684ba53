import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { jobKey } from "../../../lab/job.ts";
import { parseRunFilter } from "../../../lab/run-filter.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { code, type Databases, startDatabases, trainSpec } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { filterSql } from "./filter-sql.ts";
import { orderOf } from "./job-queries.ts";
import { endSql } from "./variants.ts";

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

it("what a filter by configuration asks of jobs is all in an index", async () => {
  const filter = filterSql(
    parseRunFilter("config.network.hidden:64 NOT config.distribution.kind:shift kind:train state:done config.seed:<3"),
  );
  const { rows } = await database.transaction(async (trx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(trx);
    return await sql<Record<string, string>>`EXPLAIN SELECT ledger_number, position, key FROM jobs WHERE ${filter}`.execute(trx);
  });
  expect(rows.map((row) => Object.values(row)[0]).join("\n")).toContain("Index Only Scan using jobs_created");
});

it.each(["newest", "oldest"] as const)("the %s configurations of a name are steps in an index", async (end) => {
  const name = { name: "corner/aligned", world: "corner", network: "mlp", optimizer: "ppo" };
  const { rows } = await database.transaction(async (trx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(trx);
    return await sql<Record<string, string>>`EXPLAIN ${endSql([name], end)}`.execute(trx);
  });
  const plan = rows.map((row) => Object.values(row)[0]).join("\n");
  expect(plan).toContain(`Index Only Scan ${end === "newest" ? "Backward " : ""}using jobs_named_configs`);
  expect(plan).not.toContain("Sort");
});

it("an order by what jobs need not have is sorted, with those that have none last", async () => {
  expect(await planOf({ sort: "return", descending: true })).toContain("training_return DESC NULLS LAST");
});

it("a job that runs has been silent since it was heard of, by the database's clock; others are not silent", async () => {
  await lab.accept({ sweep: "one", priority: 50, jobs: [trainSpec(1), trainSpec(2), trainSpec(3)] });
  const [heard, ahead, waiting] = [1, 2, 3].map((seed) => jobKey(trainSpec(seed)));
  const hearOf = (key: string, ago: string) =>
    database.query((db) =>
      sql`UPDATE mesascope.jobs SET state = 'running', heard_at = now() - ${ago}::interval, heard_attempt = attempt WHERE key = ${key}`.execute(
        db,
      ),
    );
  await hearOf(heard!, "1 hour");
  // As after the clock went back.
  await hearOf(ahead!, "-1 hour");
  await database.query((db) =>
    sql`UPDATE mesascope.jobs SET heard_at = now(), heard_attempt = attempt WHERE key = ${waiting}`.execute(db),
  );
  const found = await Promise.all([heard, ahead, waiting].map(async (key) => (await lab.job(key!))!.row.silentFor));
  expect(found).toEqual([expect.any(Number), 0, null]);
  expect(found[0]).toBeGreaterThanOrEqual(3600);
  const { rows } = await lab.jobs();
  expect(rows.map(({ silentFor }) => silentFor)).toEqual([expect.any(Number), 0, null]);
});

it("how long a job is silent is unknown once a worker that does not tell has taken it", async () => {
  const spec = trainSpec(4);
  const key = jobKey(spec);
  await lab.accept({ sweep: "two", priority: 90, jobs: [spec] });
  await database.query((db) =>
    sql`UPDATE mesascope.jobs SET state = 'running', attempt = 1, heard_at = now() - interval '1 hour', heard_attempt = 1 WHERE key = ${key}`.execute(
      db,
    ),
  );
  expect((await lab.job(key))!.row.silentFor).toBeGreaterThanOrEqual(3600);
  // As versions do that know neither column, after the lease of the attempt before was lost.
  await database.query((db) =>
    sql`UPDATE mesascope.jobs SET attempt = attempt + 1, worker = 'old', started_at = now(), progress = NULL WHERE key = ${key}`.execute(
      db,
    ),
  );
  expect((await lab.job(key))!.row.silentFor).toBeNull();
});
