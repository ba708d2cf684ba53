import { expect, it } from "vitest";
import { startPostgres } from "./postgres.fixture.ts";
import { openPostgres } from "./postgres-database.ts";

it("closing ends every connection, also those that only the queue has used, so that the process can end", async () => {
  const server = await startPostgres();
  const database = await openPostgres(await server.createDatabase());
  await database.queue.executeSql("SELECT 1");
  await database.close();
  await expect(database.queue.executeSql("SELECT 1")).rejects.toThrow(/after calling end/);
  await expect(database.query((db) => db.selectFrom("jobs").select("key").execute())).rejects.toThrow();
  await server.stop();
}, 60_000);
