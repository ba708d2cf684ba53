import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, it, vi } from "vitest";
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

it("says of a database that is not there, and of one that refuses the user, what to correct", async () => {
  const server = await startPostgres();
  const url = new URL(await server.createDatabase());
  const opened = (change: (at: URL) => void) => {
    const other = new URL(url);
    change(other);
    return openPostgres(other.href);
  };
  await expect(opened((at) => Object.assign(at, { pathname: "/nowhere" }))).rejects.toThrow(
    /\(3D000\)\. Make that database, or correct its URL/,
  );
  await expect(opened((at) => Object.assign(at, { username: "nobody" }))).rejects.toThrow(
    /\(28000\)\. Correct the user in its URL, then/,
  );
  const folder = url.searchParams.get("host")!;
  await writeFile(join(folder, "data", "pg_hba.conf"), "local all postgres trust\nlocal all asked scram-sha-256\n");
  const database = await openPostgres(url.href);
  await database.query((db) => sql`SELECT pg_reload_conf()`.execute(db));
  await database.close();
  await vi.waitFor(() =>
    expect(opened((at) => Object.assign(at, { username: "refused" }))).rejects.toThrow(
      /no pg_hba\.conf entry .*\(28000\)\. Correct the user in its URL, add sslmode=verify-full .* or let user and machine in/,
    ),
  );
  await expect(opened((at) => Object.assign(at, { username: "asked", password: "wrong" }))).rejects.toThrow(
    /\(28P01\)\. Correct the user or the password in its URL/,
  );
  await server.stop();
}, 60_000);
