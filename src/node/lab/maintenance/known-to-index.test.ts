import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../database/postgres.fixture.ts";
import { openPostgres } from "../database/postgres-database.ts";
import { code, specs, startWorker, waitFor } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { knownToIndex } from "./known-to-index.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

const asItIs = (url: string) => openPostgres(url, { isAsItIs: true });

it("tells which jobs are done and which entries were accepted, to whoever asks the index of that lab", async () => {
  const url = await server.createDatabase();
  const store = new MemoryStore();
  const lab = await Lab.open({ store, code, database: await openPostgres(url) });
  await lab.accept({ sweep: "one", priority: 50, jobs: specs(3) });
  const worker = startWorker(lab);
  await waitFor(lab, "done", 3);
  await worker.stop();
  const files = new Map(store.documents);
  const database = await asItIs(url);
  const known = await knownToIndex({ store, database });
  expect(known.entries).toEqual(await lab.entries());
  expect(known.doneJobs).toHaveLength(3);
  const others = new MemoryStore();
  const other = await Lab.open({ store: others, code, database: await openPostgres(await server.createDatabase()) });
  await expect(knownToIndex({ store: others, database })).rejects.toThrow(/is not the index of the lab in memory/);
  expect(store.documents).toEqual(files);
  for (const each of [database, lab, other]) await each.close();
});

it("leaves an empty database empty, and the store as it is", async () => {
  const store = new MemoryStore();
  const database = await asItIs(await server.createDatabase());
  await expect(knownToIndex({ store, database })).rejects.toMatchObject({ code: "database" });
  const { rows } = await database.query((db) =>
    sql<{ there: string | null }>`SELECT to_regnamespace('mesascope')::text AS there`.execute(db),
  );
  expect(rows).toEqual([{ there: null }]);
  expect(store.documents.size).toBe(0);
  await database.close();
});
