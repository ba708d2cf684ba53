import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { type Databases, startDatabases, until } from "../lab.fixture.ts";
import { TicketQueue } from "./ticket-queue.ts";

async function leaseOn(kind: Databases["kind"]): Promise<number> {
  const databases = await startDatabases(kind);
  const database = await (await databases.create())();
  const queue = await TicketQueue.open({ database });
  await queue.prepare(["0.1.0+0123456789"]);
  const { leaseSeconds } = queue;
  await queue.close();
  await database.close();
  await databases.stop();
  return leaseSeconds;
}

describe("leases", () => {
  it("last for hours where workers end with the database, however busy their process is", async () => {
    expect(await leaseOn("pglite")).toBeGreaterThanOrEqual(3600);
  });

  it("last for seconds where another machine can take over", async () => {
    expect(await leaseOn("postgres")).toBe(10);
  });

  it("are kept while another transaction has one of the tickets, as who settles a job does for as long as the store takes", async () => {
    const databases = await startDatabases("postgres");
    const database = await (await databases.create())();
    const queue = await TicketQueue.open({ database });
    const code = "0.1.0+0123456789";
    await queue.prepare([code]);
    const ids = [randomUUID(), randomUUID()];
    const sent = ids.map((ticket) => ({ ticket, code, key: "0".repeat(64), priority: 50, isBegun: false }));
    await database.transaction((trx) => queue.send(trx, sent));
    const taken = await database.transaction((trx) => queue.take(trx, { code, count: 2 }));
    const [removed, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const settling = database.transaction(async (trx) => {
      await queue.remove(trx, taken.slice(0, 1));
      removed.resolve();
      await kept.promise;
    });
    await removed.promise;
    const alive = await queue.keepAlive(taken);
    kept.resolve();
    await settling;
    expect(alive).toEqual(new Set([taken[1]!.ticket]));
    expect(await queue.keepAlive(taken)).toEqual(alive);
    expect(await queue.keepAlive(taken.map((ticket) => ({ ...ticket, retryCount: 1 })))).toEqual(new Set());
    await queue.close();
    await database.close();
    await databases.stop();
  }, 30_000);

  it("are kept for as long as their holder gives signs of life, also for more than a day", async () => {
    const databases = await startDatabases("postgres");
    const database = await (await databases.create())();
    const queue = await TicketQueue.open({ database });
    const code = "0.1.0+0123456789";
    await queue.prepare([code]);
    const ticket = randomUUID();
    await database.transaction((trx) => queue.send(trx, [{ ticket, code, key: "0".repeat(64), priority: 50, isBegun: false }]));
    const taken = await database.transaction((trx) => queue.take(trx, { code, count: 1 }));
    const { rows } = await database.query((db) =>
      sql<{ at: string }>`
        UPDATE mesascope_queue.job SET started_on = now() - interval '23 hours 59 minutes 58 seconds' RETURNING (now() + interval '2 seconds')::text AS at
      `.execute(db),
    );
    const isLookedAt = async () => {
      expect(await queue.keepAlive(taken)).toEqual(new Set([ticket]));
      const looked = await database.query((db) =>
        sql`SELECT 1 FROM mesascope_queue.queue WHERE monitor_on > ${rows[0]!.at}::timestamptz`.execute(db),
      );
      return looked.rows.length > 0;
    };
    await until(isLookedAt, "pg-boss to look for leases that ran out");
    expect(await queue.keepAlive(taken)).toEqual(new Set([ticket]));
    await queue.close();
    await database.close();
    await databases.stop();
  }, 60_000);
});
