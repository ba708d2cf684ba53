import fc from "fast-check";
import { type SqlBool, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConfigField } from "../../../lab/config-path.ts";
import type { GroupField } from "../../../lab/job-fields.ts";
import { matchesFilter } from "../../../lab/match-filter.ts";
import { filters, runs } from "../../../lab/run-filter.fixture.ts";
import { type FilterableRun, parseRunFilter } from "../../../lab/run-filter.ts";
import { fieldOf } from "../../../lab/sweep/recipe-fields.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { openPglite } from "../database/pglite-database.ts";
import { type PostgresServer, startPostgres } from "../database/postgres.fixture.ts";
import { openPostgres } from "../database/postgres-database.ts";
import { addConfigs } from "./configs.ts";
import { filterSql } from "./filter-sql.ts";
import { groupJobs } from "./group-jobs.ts";

/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;

let database: LabDatabase;
let server: PostgresServer | null = null;

async function open(kind: LabDatabase["kind"]): Promise<void> {
  if (kind === "postgres") {
    server = await startPostgres();
    database = await openPostgres(await server.createDatabase());
  } else database = await openPglite({ folder: null, template: async () => null });
  await database.query(async (db) => {
    for (const name of ["first", "second-sweep", "third"]) {
      await db
        .insertInto("sweeps")
        .values({ name, priority: 50, is_paused: false, ledger_number: 1, accepted_at: new Date(0) })
        .execute();
    }
  });
}

/** The table with these rows, each run of an audit or measurement a row of its own that is filtered away. */
async function fill(rows: readonly FilterableRun[]): Promise<void> {
  await database.transaction(async (db) => {
    await sql`truncate jobs, configs, sweep_jobs`.execute(db);
    for (const [position, row] of rows.entries()) {
      const { recipe, sweep, return: trainingReturn, share, steps, run, ...own } = row;
      const [ids] = await addConfigs(db, [recipe]);
      const common = { ...own, ...ids!, attempt: 0, failures: 0, losses: 0, ledger_number: 1, position, created_at: new Date(0) };
      const made = { training_return: trainingReturn, oracle_share: share, environment_steps: steps, ticket: null };
      const others = {
        started_at: null,
        finished_at: null,
        progress: null,
        outcome: null,
        error_code: null,
        error_message: null,
      };
      if (run !== null)
        await db
          .insertInto("jobs")
          .values({ ...common, ...made, ...others, key: run, kind: "train", run: null })
          .execute();
      await db
        .insertInto("jobs")
        .values({ ...common, ...made, ...others, run })
        .execute();
      for (const name of sweep) await db.insertInto("sweep_jobs").values({ sweep: name, job: row.key, position }).execute();
    }
  });
}

async function found(filter: string): Promise<readonly string[]> {
  const parsed = parseRunFilter(filter);
  const rows = await database.query((db) =>
    db.selectFrom("jobs").select("key").where(filterSql(parsed)).where("key", "not like", "f%").orderBy("position").execute(),
  );
  return rows.map(({ key }) => key);
}

/** The value that a group of the row has. */
function groupedBy(row: FilterableRun, field: GroupField): unknown {
  const value = isConfigField(field) ? fieldOf(row.recipe, field.slice("config.".length)) : row[field];
  return Array.isArray(value) ? JSON.stringify(value) : (value ?? null);
}

describe.each(["pglite", "postgres"] as const)("a filter as SQL of %s", (kind) => {
  beforeAll(() => open(kind), hookTimeout);
  afterAll(async () => {
    await database.close();
    await server?.stop();
    server = null;
  }, hookTimeout);

  it("finds what the filter lets pass", async () => {
    let [some, none] = [0, 0];
    await fc.assert(
      fc.asyncProperty(runs, fc.array(filters, { minLength: 1, maxLength: 12 }), async (rows, texts) => {
        await fill(rows);
        for (const text of texts) {
          const filter = parseRunFilter(text);
          const expected = rows.filter((row) => matchesFilter(row, filter)).map(({ key }) => key);
          expect(await found(text), text).toEqual(expected);
          if (expected.length > 0 && expected.length < rows.length) some++;
          if (expected.length === 0) none++;
        }
      }),
      { numRuns: 60 },
    );
    // Filters that find everything or nothing would agree by accident.
    expect(some).toBeGreaterThan(60);
    expect(none).toBeGreaterThan(20);
  });

  it("groups by the same fields, one value of each for a job", async () => {
    const fields = fc.constantFrom<GroupField>(
      ...(["kind", "organism", "seed", "objective", "priority", "steps", "run", "config.optimizer.learningRate"] as const),
      ...(["config.network.hidden", "config.network.hidden.0", "config.optimizer.timeLimit", "config.nothing.here"] as const),
      ...(["config.distribution.kind", "config.distribution.point.size", "config.seed", "config.seed.more"] as const),
    );
    let many = 0;
    await fc.assert(
      fc.asyncProperty(runs, fc.uniqueArray(fields, { minLength: 1, maxLength: 4 }), async (rows, by) => {
        await fill(rows);
        const groups = await groupJobs(database, { by, where: sql<SqlBool>`(jobs.key NOT LIKE 'f%')` });
        const expected = Map.groupBy(rows, (row) => JSON.stringify(by.map((field) => groupedBy(row, field))));
        expect(new Map(groups.map(({ values, jobs }) => [JSON.stringify(by.map((field) => values[field])), jobs]))).toEqual(
          new Map([...expected].map(([values, own]) => [values, own.length])),
        );
        if (groups.length > 1) many++;
      }),
      { numRuns: 60 },
    );
    expect(many).toBeGreaterThan(20);
  });

  it("refuses to group by what is no single value, and names the field", async () => {
    await fill(fc.sample(runs, { numRuns: 1, seed: 1 })[0]!);
    for (const field of ["config.optimizer", "config.objective.cases", "config.distribution"] as const) {
      await expect(groupJobs(database, { by: ["kind", field] })).rejects.toThrow(`${field} given to group by`);
    }
  });

  it("takes no part of a value for SQL", async () => {
    for (const text of ['name:"\'; drop table jobs; --"', "worker:%", 'name:"$1"', 'config.world.name:"\' or true --"']) {
      expect(await found(text), text).toEqual([]);
    }
  });
});
