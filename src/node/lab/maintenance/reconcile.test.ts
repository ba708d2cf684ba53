import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { jobKey } from "../../../lab/job.ts";
import { recordPath } from "../../../lab/layout.ts";
import { parseRunFilter } from "../../../lab/run-filter.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { filterSql } from "../index/filter-sql.ts";
import { joinWorkers } from "../index/workers.ts";
import { auditSpec, code, type Databases, specs, startDatabases, trainSpec } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import type { LabParts } from "../lab-parts.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { takeJobs } from "../queue/attempts.ts";
import { TicketQueue } from "../queue/ticket-queue.ts";
import { reconcile } from "./reconcile.ts";

let databases: Databases;
let database: LabDatabase;
let store: MemoryStore;
let lab: Lab;
let parts: LabParts;
/** Documents that were looked for. */
const asked: string[] = [];

beforeAll(async () => {
  databases = await startDatabases("pglite");
}, 60_000);
beforeEach(async () => {
  store = new MemoryStore();
  const get = store.getDocument.bind(store);
  store.getDocument = async (path) => {
    asked.push(path);
    return await get(path);
  };
  database = await (await databases.create())();
  lab = await Lab.open({ store, database, code });
  parts = { store, database, code, clock: () => new Date(), tickets: await TicketQueue.open({ database }) };
}, 60_000);
afterEach(async () => {
  await parts.tickets.close();
  await lab.close();
});
afterAll(() => databases.stop());

/** How often the record of the job was looked for, in so many times of bringing together. */
async function looksFor(path: string, times: number): Promise<number> {
  asked.length = 0;
  for (let time = 0; time < times; time++) {
    await database.query((db) => sql`UPDATE mesascope.lab SET reconciled_at = 'epoch'`.execute(db));
    await reconcile(parts, { isOpening: false });
  }
  return asked.filter((each) => each === path).length;
}

describe("records of attempts that run", () => {
  it("are looked for a few times, and again once the worker is gone", async () => {
    const path = recordPath(jobKey(trainSpec(1)));
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    await takeJobs(parts, { worker: "alive", count: 1 });
    await database.query((db) =>
      sql`
        INSERT INTO mesascope.workers (name, code, host, slots, started_at, heartbeat_at) VALUES ('alive', ${code}, 'here', 1, now(), now() + interval '1 hour')
      `.execute(db),
    );
    expect(await looksFor(path, 1)).toBe(1);
    expect(await looksFor(path, 9)).toBeLessThan(9);
    expect(await looksFor(path, 3)).toBe(0);
    await database.query((db) => sql`DELETE FROM mesascope.workers`.execute(db));
    expect(await looksFor(path, 3)).toBe(3);
  });
});

describe("jobs of an earlier Mesascope that inserts some while this one has the lab open", () => {
  it("are found by what their runs are configured to", async () => {
    await lab.accept({ sweep: "one", priority: 50, jobs: [...specs(2), auditSpec(2)] });
    await database.query((db) => sql`UPDATE mesascope.jobs SET config = NULL, distribution = NULL`.execute(db));
    await database.query((db) => sql`DELETE FROM mesascope.configs`.execute(db));
    const { objective, distribution } = specs(1).flatMap((spec) => (spec.kind === "train" ? [spec.recipe] : []))[0]!;
    const found = async (filter: string) => (await lab.jobs({ where: filterSql(parseRunFilter(filter)) })).total;
    expect(await found(`config.objective.name:${objective.name}`)).toBe(0);
    await looksFor("", 1);
    expect(await found(`config.objective.name:${objective.name}`)).toBe(3);
    expect(await found(`config.distribution.kind:${distribution.kind}`)).toBe(3);
  });
});

it("forgets the workers of who had the lab open before and was killed, though they showed life just now", async () => {
  await joinWorkers(parts, { worker: "sweep-1", host: "here", slots: 2 });
  await database.query((db) => sql`UPDATE mesascope.lab SET reconciled_at = 'epoch'`.execute(db));
  await reconcile(parts, { isOpening: false });
  expect(await lab.workers()).toMatchObject([{ name: "sweep-1" }]);
  await reconcile(parts, { isOpening: true });
  expect(await lab.workers()).toEqual([]);
});
