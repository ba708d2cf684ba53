import { describe, expect, it } from "vitest";
import { type Databases, startDatabases } from "../lab.fixture.ts";
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
});
