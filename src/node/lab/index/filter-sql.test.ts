import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { matchesFilter } from "../../../lab/match-filter.ts";
import { filters, runs } from "../../../lab/run-filter.fixture.ts";
import { parseRunFilter } from "../../../lab/run-filter.ts";
import { filterSql } from "./filter-sql.ts";
import { fillJobs, type JobTable, openJobTable } from "./job-table.fixture.ts";

/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;

let table: JobTable;

async function found(filter: string): Promise<readonly string[]> {
  const parsed = parseRunFilter(filter);
  const rows = await table.database.query((db) =>
    db.selectFrom("jobs").select("key").where(filterSql(parsed)).where("key", "not like", "f%").orderBy("position").execute(),
  );
  return rows.map(({ key }) => key);
}

describe.each(["pglite", "postgres"] as const)("a filter as SQL of %s", (kind) => {
  beforeAll(async () => {
    table = await openJobTable(kind);
  }, hookTimeout);
  afterAll(() => table.close(), hookTimeout);

  it("finds what the filter lets pass", async () => {
    let [some, none] = [0, 0];
    await fc.assert(
      fc.asyncProperty(runs, fc.array(filters, { minLength: 1, maxLength: 12 }), async (rows, texts) => {
        await fillJobs(table.database, rows);
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

  it("takes no part of a value for SQL", async () => {
    for (const text of ['name:"\'; drop table jobs; --"', "worker:%", 'name:"$1"', 'config.world.name:"\' or true --"']) {
      expect(await found(text), text).toEqual([]);
    }
  });
});
