import { afterEach, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../database/postgres.fixture.ts";
import { openPostgres } from "../database/postgres-database.ts";
import { answersOf, auditSpec, code, specs, workUntilDone } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { verifyLab } from "./verify.ts";

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

async function openLab(server: PostgresServer, store: MemoryStore): Promise<Lab> {
  const lab = await Lab.open({ store, code, database: await openPostgres(await server.createDatabase()), takesOver: true });
  undo.push(() => lab.close());
  return lab;
}

async function started(): Promise<PostgresServer> {
  const server = await startPostgres();
  undo.push(() => server.stop());
  return server;
}

describe("a lab whose database is lost", () => {
  it("gives the same answers from its files alone, in an empty database, and goes on", async () => {
    const server = await started();
    const store = new MemoryStore();
    const lab = await openLab(server, store);
    await lab.accept({ sweep: "first", priority: 50, jobs: [...specs(5), auditSpec(1)] });
    await workUntilDone(lab, 6);
    await lab.accept({ sweep: "second", priority: 70, jobs: specs(8) });
    await lab.decide({ action: "pause", target: { kind: "sweep", sweep: "second" } });
    const before = await answersOf(lab);
    const again = await openLab(server, store);
    expect(again.rebuilt).toMatchObject({ entries: 3, records: 6, warnings: [] });
    expect(await answersOf(again)).toEqual(before);
    const done = (await again.jobs({ limit: 100 })).rows.filter(({ state }) => state === "done").map(({ key }) => key);
    expect((await verifyLab(store, { doneJobs: done })).problems).toEqual([]);
    await again.decide({ action: "resume", target: { kind: "sweep", sweep: "second" } });
    await workUntilDone(again, 9);
  });
});
