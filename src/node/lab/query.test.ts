import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { recordsPrefix } from "../../lab/layout.ts";
import { recordSchema } from "../../lab/record.ts";
import { loadDuckdb } from "./duckdb.ts";
import { memoryStore, putTrained, smallLab } from "./export/lab-records.fixture.ts";
import { queryLab } from "./query.ts";

const folder = await mkdtemp(join(tmpdir(), "mesascope-query-"));
const cache = join(folder, "cache");
afterAll(async () => await rm(folder, { recursive: true }));

const { store, runs } = await smallLab();
const ask = async (sql: string, more: { mostRows?: number; seconds?: number } = {}) =>
  await queryLab({ store, cache, sql, ...more });

/** Where the tables of the small lab are. */
async function tablesFolder(): Promise<string> {
  const [lab] = await readdir(cache);
  const [state] = await readdir(join(cache, lab!));
  return join(cache, lab!, state!);
}

let tables = "";
beforeAll(async () => {
  await ask("select 1");
  tables = await tablesFolder();
});

it("answers are columns with types and rows, whole numbers as numbers where they are exact", async () => {
  const sql = "select key, seed, oracle_share, started, 9223372036854775807 as large, [1, 2] as list from runs where seed = 1";
  const { columns, rows, cut } = await ask(sql);
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "key VARCHAR",
    "seed BIGINT",
    "oracle_share DOUBLE",
    "started TIMESTAMP",
    "large BIGINT",
    "list INTEGER[]",
  ]);
  expect(rows).toEqual([[runs[0], 1, 1 - 1 / (1 + 4.096 + 1), "2026-03-01 10:00:00", "9223372036854775807", [1, 2]]]);
  expect(cut).toBeNull();
  expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
});

it.each([
  ["with best as (select * from runs where seed > 1) select count(*) from best", 2],
  ["from runs select count(*)", 3],
  ["-- how many\n/* points */ (select count(*) from curves);", 15],
  ["select count(*) from audits join runs on audits.run = runs.key", 1],
  ["select count(*) from findings where passed", 1],
  ["select sum(mean)::int from measurements where axis = 'distance' and objective = 'coin'", 1],
  ["select count(*) from kept where kind = 'league' and (content->>'rank') = '1'", 1],
  ["pivot (select kind from audits) on kind in ('proxy') using count(*)", 1],
  ["select sum(i)::int from range(4) t(i)", 6],
  ["select count(*) from (describe runs) where column_name = 'oracle_share'", 1],
])("%s", async (sql, expected) => {
  expect((await ask(sql)).rows).toEqual([[expected]]);
});

it.each([
  "describe runs",
  "show tables",
  "summarize curves",
  "explain select * from runs",
  "explain analyze select 1",
  "values (1)",
])("%s is allowed", async (sql) => {
  expect((await ask(sql)).rows.length).toBeGreaterThan(0);
});

it("more rows than are told are cut with a word", async () => {
  const { rows, cut } = await ask("select * from range(100000)", { mostRows: 10 });
  expect(rows.map(([first]) => first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(cut).toContain("only the first 10 rows");
  expect((await ask("select * from range(10)", { mostRows: 10 })).cut).toBeNull();
});

const outside = join(folder, "outside.csv");
await writeFile(outside, "secret\n42\n");

it.each([
  `select * from read_csv('${outside}')`,
  `select * from '${outside}'`,
  `select content from read_text('${outside}')`,
  `select * from read_blob('${outside}')`,
  `select * from read_json('${outside}')`,
  `select * from read_parquet('${outside}')`,
  `select * from glob('${folder}/*')`,
  `select * from sniff_csv('${outside}')`,
  `select * from query('select * from read_csv(''${outside}'')')`,
  `select * from query_table('${outside}')`,
  `select * from read_csv('/proc/self/environ')`,
  "select getenv('HOME')",
  "select * from read_csv('http://127.0.0.1:9/x.csv')",
  `describe select * from read_csv('${outside}')`,
  `explain analyze select * from read_csv('${outside}')`,
  `with a as (from read_csv('${outside}')) select * from a`,
])("nothing outside can be read: %s", async (sql) => {
  const error = await ask(sql).then(
    ({ rows }) => new Error(`it answered ${JSON.stringify(rows)}`),
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(MesascopeError);
  expect(error).toMatchObject({ code: "usage" });
  expect(String(error)).not.toContain("42");
});

it.each([
  `attach '${join(folder, "new.db")}' as other`,
  `copy runs to '${join(folder, "new.csv")}'`,
  `copy (select 1) to '${join(folder, "new.csv")}'`,
  `export database '${join(folder, "new")}'`,
  `import database '${folder}'`,
  "install httpfs",
  "load httpfs",
  "force install httpfs",
  "pragma database_list",
  "pragma enable_profiling",
  "call pragma_version()",
  "set threads = 1",
  "set enable_external_access = true",
  "reset lock_configuration",
  "create table x (i int)",
  "create temp table x as select 1",
  "create secret s (type s3)",
  "insert into runs values (1)",
  "update runs set seed = 1",
  "delete from runs",
  "drop view runs",
  "alter view runs rename to walks",
  "vacuum",
  "checkpoint",
  "begin",
  "commit",
  "use memory",
  "prepare p as select 1",
  "execute p",
  "detach memory",
  "comment on view runs is 'x'",
  "select 1; select 2",
  "select 1; drop view runs",
  "explain analyze create table x as select 1",
  "explain explain select 1",
  "/* x */ explain analyze create table x as select 1",
  "explain /* /* */ select 1 -- */ create table x (i int)",
  "/* /* */ select 1 -- */ create table x (i int)",
  "with a as (select 1) insert into runs from a",
  "explain analyze with a as (select 1) insert into runs from a",
  "",
  "  -- nothing",
  ";",
])("what does more than read is refused: %s", async (sql) => {
  await expect(ask(sql)).rejects.toMatchObject({ code: "usage" });
});

it("the tables themselves cannot be written over, though the database may read them", async () => {
  const file = join(tables, "runs.parquet");
  const before = await readFile(file);
  const copy = `copy (select 1 as a) to '${file}' (format parquet, use_tmp_file false)`;
  for (const sql of [copy, `explain analyze ${copy}`, `explain (analyze) ${copy}`, `explain (analyze, format json) ${copy}`]) {
    await expect(ask(sql)).rejects.toMatchObject({ code: "usage" });
  }
  expect((await readFile(file)).equals(before)).toBe(true);
});

it.each([
  ["enable_logging", "select * from enable_logging(storage := 'stdout', level := 'trace')"],
  ["enable_logging", `select * from SYSTEM.main."Enable_Logging"(storage := 'file', storage_path := '${join(folder, "logs")}')`],
  [
    "enable_logging",
    "with a as materialized (from enable_logging()) select count(*) from runs where (select count(*) from a) = 0",
  ],
  [
    "enable_profiling",
    `describe select * from enable_profiling(format := 'json', save_location := '${join(folder, "profile.json")}')`,
  ],
  ["enable_profiling", "explain analyze select * from (summarize (from enable_profiling()))"],
  ["query", "select * from query/**/('select * from enable_log' || 'ging()')"],
  ["json_execute_serialized_sql", "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))"],
  ["force_checkpoint", "select * from force_checkpoint()"],
  ["write_log", "select seed, write_log('x') from runs"],
])("a function that does more than compute is not called: %s", async (name, sql) => {
  await expect(ask(sql)).rejects.toMatchObject({ code: "usage", message: expect.stringContaining(`which calls ${name};`) });
  expect((await readdir(folder)).sort()).toEqual(["cache", "outside.csv"]);
});

it("an error shows where in the SQL it is, and the columns of the tables that it names, or which tables there are", async () => {
  const error = await ask("select key,\n  shar from runs").catch(String);
  expect(error).toContain('Referenced column "shar" not found');
  expect(error).toMatch(/LINE 2: {3}shar from runs\n {9,}\^/);
  expect(error).not.toContain("What filters call");
  const asFilters = await ask("select steps from runs").catch(String);
  expect(asFilters).toMatch(/\nWhat filters call steps is environment_steps here\.$/);
  expect(error).toMatch(/\nColumns of runs: key, organism, world.*config_optimizer_gamma/);
  expect(error).not.toContain("findings");
  await expect(ask("select key from run")).rejects.toThrow(/\nTables: runs, curves, .*"describe runs" tells/);
  // A table of DuckDB's own, which may not be read.
  expect(await ask("select * from setting").catch(String)).not.toContain("Did you mean");
  expect(await ask("select * from finding").catch(String)).toContain('Did you mean "findings"?');
  await expect(ask("selec 1")).rejects.toThrow(/"selec 1" given, which begins with SELEC/);
  await expect(ask("select from where")).rejects.toThrow(/syntax error at or near/);
});

const endless = "select count(*) from range(100000000) a, range(100000000) b where hash(a.range + b.range) = 1";

it("a query that takes too long is stopped and says so", async () => {
  await expect(ask(endless, { seconds: 0.2 })).rejects.toThrow("the query took more than 0.2 s and was stopped");
});

it("an aborted query ends with what it was aborted with", async () => {
  const controller = new AbortController();
  const waiting = queryLab({ store, cache, sql: endless, signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 200);
  await expect(waiting).rejects.toThrow("enough");
});

it("tables are made once for the same records, anew when there are more, and again where a file is not whole", async () => {
  const growing = memoryStore("growing");
  await putTrained(growing, { seed: 1 });
  const made: number[] = [];
  const count = async () => {
    let jobs = 0;
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === "writing") jobs++;
    };
    const { rows } = await queryLab({
      store: growing,
      cache: join(folder, "cache"),
      sql: "select count(*) from runs",
      onProgress,
    });
    made.push(jobs);
    return rows[0]![0];
  };
  expect([await count(), await count()]).toEqual([1, 1]);
  await putTrained(growing, { seed: 2 });
  expect([await count(), await count()]).toEqual([2, 2]);
  // One that was done anew, and says another thing in as many bytes.
  const { path } = (await growing.listDocuments(recordsPrefix)[Symbol.asyncIterator]().next()).value!;
  const record = recordSchema.parse(await growing.getDocument(path));
  await growing.putDocument(path, { ...record, made: { ...record.made, seconds: 12.5 } });
  expect([await count(), await count()]).toEqual([2, 2]);
  expect(made).toEqual([1, 0, 2, 0, 2, 0]);
});

it("two that make the same tables at once both get their answer", async () => {
  const shared = memoryStore("shared");
  await putTrained(shared, { seed: 1 });
  const asking = [1, 2].map(async () => await queryLab({ store: shared, cache, sql: "select count(*) from runs" }));
  for (const { rows } of await Promise.all(asking)) expect(rows).toEqual([[1]]);
});

it("a table that was cut short is made anew", async () => {
  await truncate(join(tables, "curves.parquet"), 10);
  expect((await ask("select count(*) from curves")).rows).toEqual([[15]]);
});

it("where DuckDB is not installed the error says how to install it", async () => {
  const missing = loadDuckdb("a query", async () => Promise.reject(new Error("Cannot find package")));
  await expect(missing).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("npm install @duckdb/node-api"),
  });
});
