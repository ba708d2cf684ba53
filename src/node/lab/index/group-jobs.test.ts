import fc from "fast-check";
import { type SqlBool, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConfigField } from "../../../lab/config-path.ts";
import type { GroupField } from "../../../lab/job-fields.ts";
import { runs } from "../../../lab/run-filter.fixture.ts";
import type { FilterableRun } from "../../../lab/run-filter.ts";
import { fieldOf } from "../../../lab/sweep/recipe-fields.ts";
import { groupJobs } from "./group-jobs.ts";
import { fillJobs, type JobTable, openJobTable } from "./job-table.fixture.ts";

/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;

let table: JobTable;

/** The value that a group of the row has. */
function groupedBy(row: FilterableRun, field: GroupField): unknown {
  const value = isConfigField(field) ? fieldOf(row.recipe, field.slice("config.".length)) : row[field];
  return Array.isArray(value) ? JSON.stringify(value) : (value ?? null);
}

describe.each(["pglite", "postgres"] as const)("groups of jobs on %s", (kind) => {
  beforeAll(async () => {
    table = await openJobTable(kind);
  }, hookTimeout);
  afterAll(() => table.close(), hookTimeout);

  it("are by the fields of filters, one value of each for a job", async () => {
    const fields = fc.constantFrom<GroupField>(
      ...(["kind", "organism", "seed", "objective", "priority", "steps", "run", "config.optimizer.learningRate"] as const),
      ...(["config.network.hidden", "config.network.hidden.0", "config.optimizer.timeLimit", "config.nothing.here"] as const),
      ...(["config.distribution.kind", "config.distribution.point.size", "config.seed", "config.seed.more"] as const),
    );
    let many = 0;
    await fc.assert(
      fc.asyncProperty(runs, fc.uniqueArray(fields, { minLength: 1, maxLength: 4 }), async (rows, by) => {
        await fillJobs(table.database, rows);
        const groups = await groupJobs(table.database, { by, where: sql<SqlBool>`(jobs.key NOT LIKE 'f%')` });
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

  it("are by no part of a recipe that has fields of its own, which is named", async () => {
    await fillJobs(table.database, fc.sample(runs, { numRuns: 1, seed: 1 })[0]!);
    for (const field of ["config.optimizer", "config.objective.cases", "config.distribution"] as const) {
      await expect(groupJobs(table.database, { by: ["kind", field] })).rejects.toThrow(`${field} given to group by`);
    }
  });

  it("are ten thousand at most", async () => {
    await fillJobs(table.database, fc.sample(runs, { numRuns: 1, seed: 1 })[0]!.slice(0, 1));
    const { database } = table;
    const copy = (count: number) =>
      database.transaction(async (trx) => {
        await sql`CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT * FROM jobs LIMIT 1`.execute(trx);
        await sql`TRUNCATE jobs`.execute(trx);
        await sql`
          INSERT INTO jobs SELECT (json_populate_record(copied, json_build_object('key', 'k' || place, 'seed', place))).*
          FROM copied, generate_series(1, ${count}::int) AS place
        `.execute(trx);
      });
    await copy(10_000);
    expect(await groupJobs(database, { by: ["seed"] })).toHaveLength(10_000);
    await copy(10_001);
    expect(await groupJobs(database, { by: ["kind"] })).toHaveLength(1);
    await expect(groupJobs(database, { by: ["kind", "seed"] })).rejects.toThrow(
      "more than 10,000 groups by kind, seed; expected fewer. Group by less, or narrow the filter.",
    );
  });
});
