import { sql } from "kysely";
import { afterEach, expect, it } from "vitest";
import { ledgerPath, ledgerPrefix } from "../../../lab/layout.ts";
import { ledgerSchemaId } from "../../../lab/ledger.ts";
import { code, type Databases, startDatabases } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { TicketQueue } from "../queue/ticket-queue.ts";
import { reconcileLedger } from "./reconcile-ledger.ts";

let databases: Databases;
afterEach(() => databases.stop());

it("lists the end of a long ledger, and applies what lies there in a gap or after the last", async () => {
  databases = await startDatabases("pglite");
  const open = await databases.create();
  const store = new MemoryStore();
  await (await Lab.open({ store, database: await open(), code })).close();
  const database = await open();
  const parts = { store, database, code, clock: () => new Date(), tickets: await TicketQueue.open({ database }) };
  const idOf = (number: number) => String(number).padStart(16, "0");
  const put = (number: number) => {
    const entry = { kind: "failure", job: "0".repeat(64), attempt: 1, code: "bug", message: "no" };
    const document = { schema: ledgerSchemaId, number, id: idOf(number), at: "2026-03-01T10:00:00.000Z", entry };
    store.documents.set(ledgerPath(document), JSON.stringify(document));
  };
  for (let number = 1; number <= 5001; number++) put(number);
  await database.query((db) =>
    sql`
      INSERT INTO mesascope.applied (id, number)
      SELECT lpad(number::text, 16, '0'), number FROM generate_series(1, 5000) AS number WHERE number <> 4500
    `.execute(db),
  );
  let listed = 0;
  const list = store.listDocuments.bind(store);
  store.listDocuments = async function* (prefix, options) {
    for await (const entry of list(prefix, options)) {
      if (prefix === ledgerPrefix) listed++;
      yield entry;
    }
  };
  expect(await reconcileLedger(parts)).toEqual([]);
  expect(listed).toBe(1002);
  const { rows } = await database.query((db) =>
    sql<{ id: string }>`SELECT id FROM mesascope.applied WHERE id = ANY(${[idOf(4500), idOf(5001)]}::text[]) ORDER BY id`.execute(
      db,
    ),
  );
  expect(rows.map(({ id }) => id)).toEqual([idOf(4500), idOf(5001)]);
  await parts.tickets.close();
  await database.close();
});
