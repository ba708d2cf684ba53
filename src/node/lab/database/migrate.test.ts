import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOrganism } from "../../../core/organisms/index.ts";
import { jobKey } from "../../../lab/job.ts";
import { parseRunFilter } from "../../../lab/run-filter.ts";
import { filterSql } from "../index/filter-sql.ts";
import {
  auditSpec,
  code,
  type Databases,
  startDatabases,
  startWorker,
  trainSpec,
  untilStopped,
  waitFor,
} from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";

/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;

describe.each(["pglite", "postgres"] as const)("tables of an earlier Mesascope on %s", (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await startDatabases(kind);
  }, hookTimeout);
  afterAll(() => databases.stop(), hookTimeout);

  it("are brought up with what their jobs are configured to", async () => {
    const open = await databases.create();
    const before = await open();
    // As the third migration left them.
    await before.query(async (db) => {
      await sql`DROP TABLE mesascope.configs`.execute(db);
      await sql`ALTER TABLE mesascope.events DROP COLUMN written_at`.execute(db);
      await sql`ALTER TABLE mesascope.curves DROP COLUMN told_at`.execute(db);
      await sql`CREATE INDEX events_progress ON mesascope.events (at) WHERE kind = 'progress'`.execute(db);
      await sql`DROP INDEX mesascope.jobs_cancelled`.execute(db);
      await sql`ALTER TABLE mesascope.jobs DROP COLUMN config, DROP COLUMN distribution, DROP COLUMN heard_at, DROP COLUMN heard_attempt`.execute(
        db,
      );
      await sql`CREATE INDEX jobs_created ON mesascope.jobs (ledger_number, position, key)`.execute(db);
      await sql`DELETE FROM mesascope.migrations WHERE name >= '0004'`.execute(db);
      for (const spec of [trainSpec(1), trainSpec(2), auditSpec(2)]) {
        const key = jobKey(spec);
        const run = spec.kind === "train" ? null : jobKey(trainSpec(2));
        await sql`
          INSERT INTO mesascope.jobs (key, kind, code, state, priority, run, world, network, optimizer, seed, name, ledger_number, position, created_at)
          VALUES (${key}, ${spec.kind}, 'code', 'done', 50, ${run}, 'corner', 'mlp', 'ppo', 1, 'corner/aligned', 1, 1, now())
        `.execute(db);
        await sql`INSERT INTO mesascope.specs (key, spec) VALUES (${key}, ${JSON.stringify(spec)}::jsonb)`.execute(db);
      }
    });
    await before.close();

    const after = await open();
    const { objective, distribution } = findOrganism("corner/aligned").recipe({ seed: 1, preset: "quick" });
    const found = (filter: string) =>
      after.query((db) =>
        db
          .selectFrom("jobs")
          .select("key")
          .where(filterSql(parseRunFilter(filter)))
          .execute(),
      );
    expect(await found(`config.objective.name:${objective.name}`)).toHaveLength(3);
    expect(await found(`config.distribution.kind:${distribution.kind}`)).toHaveLength(3);
    expect(await found("config.objective.name:another")).toEqual([]);
    // Two runs of one recipe, but for the seed.
    expect(await after.query((db) => db.selectFrom("configs").select("id").execute())).toHaveLength(2);
    await after.close();
  });

  it("are brought up under workers that go on, whose jobs are of unknown silence until a newer one has them", async () => {
    // Several processes have only a PostgreSQL open at once.
    if (kind === "pglite") return;
    const open = await databases.create();
    const store = new MemoryStore();
    const old = await open();
    const oldLab = await Lab.open({ store, code, database: old });
    await oldLab.accept({ sweep: "one", priority: 50, jobs: [trainSpec(1)] });
    const oldWorker = startWorker(oldLab, { execute: untilStopped });
    await waitFor(oldLab, "running", 1);
    // As the sixth migration left them.
    await old.query(async (db) => {
      await sql`DROP INDEX mesascope.jobs_named_configs`.execute(db);
      await sql`DROP INDEX mesascope.jobs_created`.execute(db);
      await sql`CREATE INDEX jobs_created ON mesascope.jobs (ledger_number, position, key)`.execute(db);
      await sql`ALTER TABLE mesascope.jobs DROP COLUMN heard_at, DROP COLUMN heard_attempt`.execute(db);
      await sql`DELETE FROM mesascope.migrations WHERE name >= '0007'`.execute(db);
    });

    const lab = await Lab.open({ store, code, database: await open() });
    const key = jobKey(trainSpec(1));
    const row = async () => (await lab.job(key))!.row;
    expect(await row()).toMatchObject({ state: "running", attempt: 1, silentFor: null });
    const progress = { share: 0.5, secondsLeft: 3, environmentSteps: 20, trainingReturn: 1, oracleShare: 0.5, stage: null };
    await old.query((db) =>
      sql`UPDATE mesascope.jobs SET progress = ${JSON.stringify(progress)}::jsonb WHERE key = ${key} AND attempt = 1`.execute(db),
    );
    expect(await row()).toMatchObject({ state: "running", progress, silentFor: null });
    await oldWorker.stop();
    const worker = startWorker(lab, { execute: untilStopped });
    await waitFor(lab, "running", 1);
    expect(await row()).toMatchObject({ attempt: 2, silentFor: expect.any(Number) });
    await worker.stop();
    await lab.close();
    await oldLab.close();
  });

  it("hold a configuration once, and none that no job has after they were made anew", async () => {
    const open = await databases.create();
    const database = await open();
    const lab = await Lab.open({ store: new MemoryStore(), code, database });
    const count = async () => (await database.query((db) => db.selectFrom("configs").select("id").execute())).length;
    await lab.accept({ sweep: "first", priority: 50, jobs: [trainSpec(1), trainSpec(2), auditSpec(1)] });
    const where = filterSql(parseRunFilter("config.objective.name:* config.seed:1"));
    expect((await lab.jobs({ where })).rows.map(({ kind }) => kind).sort()).toEqual(["audit", "train"]);
    expect(await count()).toBe(2);
    await database.query((db) => sql`INSERT INTO mesascope.configs (hash, value) VALUES ('', '{}')`.execute(db));
    await lab.rebuild();
    expect(await count()).toBe(2);
    expect((await lab.jobs({ where })).total).toBe(2);
    await lab.close();
  });
});
