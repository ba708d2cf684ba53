import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, expect, it } from "vitest";
import { columnsOf, keptRow, type Row, rowsOf, tableNames } from "../../../lab/export-tables.ts";
import { recordPath, recordsPrefix } from "../../../lab/layout.ts";
import { csvLine } from "./csv-format.ts";
import { exportLab } from "./export-lab.ts";
import { finishedAt, memoryStore, putTrained, smallLab, startedAt } from "./lab-records.fixture.ts";
import { readJobs, takeRecords } from "./read-jobs.ts";
import { readKept } from "./read-kept.ts";

const folder = await mkdtemp(join(tmpdir(), "mesascope-export-"));
afterAll(async () => await rm(folder, { recursive: true }));

const { store, runs, audit } = await smallLab();
const hasPython = spawnSync("python3", ["--version"]).status === 0;

async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(path);
  return await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
}

/** What the exports should say, by table. */
async function expectedRows(): Promise<Record<string, Row[]>> {
  const path = join(folder, `records-${Math.random()}`);
  const { config } = await takeRecords({ store, path, signal: undefined, onRecord: () => undefined });
  const found: Record<string, Row[]> = Object.fromEntries(tableNames.map((name) => [name, []]));
  for await (const job of readJobs({ store, path, signal: undefined, withVerdicts: true })) {
    for (const { table, rows } of rowsOf(job, config)) found[table]!.push(...rows);
  }
  for await (const file of readKept({ store, signal: undefined })) found.kept!.push(keptRow(file));
  return found;
}

it("every job is a row of its table, with curves, findings and points beside it", async () => {
  const rows = await expectedRows();
  expect(Object.fromEntries(tableNames.map((name) => [name, rows[name]!.length]))).toEqual({
    runs: 3,
    curves: 15,
    audits: 1,
    findings: 2,
    measurements: 6,
    kept: 2,
  });
  const run = rows.runs!.find(({ key }) => key === runs[0])!;
  expect(run).toMatchObject({ organism: "corner/aligned", world: "corner", network: "mlp", optimizer: "ppo", seed: 1 });
  expect(run).toMatchObject({ environment_steps: 4096, seconds: 98.5, started: startedAt, finished: finishedAt });
  expect(run).toMatchObject({ config_optimizer_gamma: 0.97, config_network_hidden: "[64,64]" });
  expect(rows.runs!.map((row) => row.config_world_parameters_odd_name_of_one).sort()).toEqual([2, null, null]);
  expect(rows.audits![0]).toMatchObject({ key: audit, run: runs[0], kind: "proxy", inner_failure: "shown", confidence: 0.9 });
  expect(rows.findings![0]).toMatchObject({ audit, statistic: 0.75, low: 0.5, null_value: 0.1, threshold: 0.5, passed: true });
  expect(rows.findings![1]).toMatchObject({ position: 1, statistic: null, low: null, null_name: null, passed: null });
  const axes = rows.measurements!.map(({ axis, value, position }) => ({ axis, value, position }));
  expect(axes[0]).toEqual({ axis: "distance", value: 1, position: 0 });
  expect(axes[5]).toEqual({ axis: null, value: null, position: 2 });
  expect(rows.kept).toEqual([
    expect.objectContaining({ kind: "league", name: "small", kept_at: startedAt, file: "league.json", content: '{"rank": 1}' }),
    expect.objectContaining({ file: "verdicts.jsonl", bytes: 9, content: null }),
  ]);
});

it("Parquet says the same to another reader, with the types that the columns promise", async () => {
  const note = await exportLab({ store, format: "parquet", folder: join(folder, "parquet") });
  const expected = await expectedRows();
  for (const { name, file, rows, columns } of note.tables) {
    const types = new Map(columns.map((column) => [column.name, column.type]));
    const read = await readParquet(join(folder, "parquet", file));
    const plain = read.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => {
          if (value === null || value === undefined) return [column, null];
          const type = types.get(column);
          if (type === "whole") expect(typeof value).toBe("bigint");
          if (type === "time") expect(value).toBeInstanceOf(Date);
          return [column, type === "whole" ? Number(value) : value instanceof Date ? value.toISOString() : value];
        }),
      ),
    );
    expect(plain).toEqual(expected[name]);
    expect(rows).toBe(expected[name]!.length);
  }
  expect((await readdir(join(folder, "parquet"))).sort()).toEqual(
    ["export.json", ...tableNames.map((name) => `${name}.parquet`)].sort(),
  );
});

const asText = (rows: readonly Row[], columns: readonly { readonly name: string }[]) =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] === null ? "" : String(row[name])])));

it("CSV says the same to Python's reader, quotes and line breaks in texts included", async ({ skip }) => {
  skip(!hasPython, "no python3 on this machine (apt-get install python3)");
  const note = await exportLab({ store, format: "csv", folder: join(folder, "csv") });
  const expected = await expectedRows();
  const script = "import csv,json,sys;print(json.dumps(list(csv.DictReader(open(sys.argv[1],newline=''),strict=True))))";
  for (const { name, file, columns } of note.tables) {
    const read = JSON.parse(execFileSync("python3", ["-c", script, join(folder, "csv", file)], { encoding: "utf8" }));
    expect(read).toEqual(asText(expected[name]!, columns));
  }
});

it("CSV says the same to DuckDB's reader", async () => {
  await exportLab({ store, format: "csv", folder: join(folder, "csv-for-duckdb") });
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const expected = await expectedRows();
  for (const name of tableNames) {
    const path = join(folder, "csv-for-duckdb", `${name}.csv`);
    const read = await connection.runAndReadAll(
      `SELECT * FROM read_csv('${path}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`,
    );
    const rows = read.getRowObjects().map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v ?? ""])));
    const columns = read.columnNames().map((column) => ({ name: column }));
    expect(rows).toEqual(asText(expected[name]!, columns));
  }
  connection.closeSync();
});

it("fields of CSV are quoted where they have to be: null is nothing, an empty text is not", () => {
  expect(csvLine(["a", null, "", 'say "b"', "c,d", "e\nf", 1.5, true])).toBe('a,,"","say ""b""","c,d","e\nf",1.5,true\r\n');
});

it("the same lab gives the same CSV, byte for byte", async () => {
  for (const name of ["once", "again"]) await exportLab({ store, format: "csv", folder: join(folder, name) });
  for (const name of tableNames) {
    const [once, again] = await Promise.all(["once", "again"].map((part) => readFile(join(folder, part, `${name}.csv`))));
    expect(once!.equals(again!)).toBe(true);
  }
});

it("a lab without finished jobs gives tables without rows, which still have their columns", async () => {
  const note = await exportLab({ store: memoryStore(), format: "parquet", folder: join(folder, "empty") });
  expect(note.tables.map(({ rows }) => rows)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(note.tables[0]!.columns.map(({ name }) => name)).toEqual(columnsOf("runs", []).map(({ name }) => name));
  expect(await readParquet(join(folder, "empty", "runs.parquet"))).toEqual([]);
});

it("a curve longer than what is written at once is whole, in order", async () => {
  const long = memoryStore();
  const points = 5000;
  await putTrained(long, { seed: 1, points });
  await exportLab({ store: long, format: "parquet", folder: join(folder, "long") });
  await exportLab({ store: long, format: "csv", folder: join(folder, "long-csv") });
  const steps = Array.from({ length: points }, (_, i) => i * 1024);
  expect((await readParquet(join(folder, "long", "curves.parquet"))).map(({ step }) => Number(step))).toEqual(steps);
  const [header, ...lines] = (await readFile(join(folder, "long-csv", "curves.csv"), "utf8")).trimEnd().split("\r\n");
  expect(header).toBe("key,step,training_return,oracle_return,oracle_share,other_returns");
  expect(lines.map((line) => Number(line.split(",")[1]))).toEqual(steps);
});

it("returns by other objectives are in tables and among scalars, and missing where they were not measured", async () => {
  const mixed = memoryStore();
  await putTrained(mixed, { seed: 1, points: 1 });
  await putTrained(mixed, { seed: 2, points: 1, others: { corner: 0.5, "../odd name": 2 } });
  await exportLab({ store: mixed, format: "parquet", folder: join(folder, "mixed") });
  const rows = await readParquet(join(folder, "mixed", "curves.parquet"));
  const told = rows.map(({ other_returns }) => (other_returns === null ? null : JSON.parse(String(other_returns))));
  expect(new Set(told)).toEqual(new Set([null, { corner: 0.5, "../odd name": 2 }]));
  await exportLab({ store: mixed, format: "mlflow", folder: join(folder, "mixed-mlflow") });
  const files = await readdir(join(folder, "mixed-mlflow"), { recursive: true });
  const named = files.map((path) => path.split(sep).at(-1)!).filter((name) => name.startsWith("return_by"));
  expect(named.sort()).toEqual(["return_by__odd_name", "return_by_corner"]);
});

it("nothing but an export is overwritten, and that only when asked", async () => {
  const target = join(folder, "taken");
  await mkdir(target);
  await writeFile(join(target, "thesis.txt"), "mine");
  const options = { store, format: "csv", folder: target } as const;
  await expect(exportLab({ ...options, overwrite: true })).rejects.toMatchObject({ code: "usage" });
  expect(await readdir(target)).toEqual(["thesis.txt"]);

  const own = join(folder, "own");
  await exportLab({ ...options, folder: own });
  await expect(exportLab({ ...options, folder: own })).rejects.toMatchObject({ code: "usage" });
  const note = await exportLab({ ...options, format: "tensorboard", folder: own, overwrite: true });
  expect(note.format).toBe("tensorboard");
  expect(await readdir(own)).not.toContain("runs.csv");
});

it("a folder with a note that is no export's counts as other files", async () => {
  const target = join(folder, "pretending");
  await mkdir(target);
  await writeFile(join(target, "export.json"), "{}");
  await expect(exportLab({ store, format: "csv", folder: target, overwrite: true })).rejects.toMatchObject({ code: "usage" });
});

it.each(["parquet", "csv", "tensorboard", "mlflow"] as const)(
  "an export as %s that fails or is stopped leaves nothing",
  async (format) => {
    const parent = join(folder, `failing-${format}`);
    await mkdir(parent);
    const target = join(parent, "out");
    const failing = { ...store, getBlob: async () => Promise.reject(new Error("gone")) };
    await expect(exportLab({ store: failing, format, folder: target })).rejects.toThrow("gone");

    const controller = new AbortController();
    const onProgress = ({ done, stage }: { done: number; stage: string }) => {
      if (stage === "writing" && done === 2) controller.abort(new Error("stop"));
    };
    await expect(exportLab({ store, format, folder: target, signal: controller.signal, onProgress })).rejects.toThrow("stop");
    expect(await readdir(parent)).toEqual([]);
  },
);

it("an overwrite that fails leaves the export that was there", async () => {
  const target = join(folder, "kept");
  await exportLab({ store, format: "csv", folder: target });
  const before = await readFile(join(target, "runs.csv"), "utf8");
  const failing = { ...store, getBlob: async () => Promise.reject(new Error("gone")) };
  await expect(exportLab({ store: failing, format: "csv", folder: target, overwrite: true })).rejects.toThrow("gone");
  expect(await readFile(join(target, "runs.csv"), "utf8")).toBe(before);
});

it("progress counts records as they are read, then jobs as they are written", async () => {
  const told: string[] = [];
  const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number | null }) => {
    told.push(`${stage} ${done}/${total ?? "?"}`);
  };
  await exportLab({ store, format: "csv", folder: join(folder, "progress"), onProgress });
  expect(told).toEqual([1, 2, 3, 4, 5].map((n) => `reading ${n}/?`).concat([1, 2, 3, 4, 5].map((n) => `writing ${n}/5`)));
});

it("a record that is none is an error that names it, and so is a curve with other columns", async () => {
  const odd = memoryStore("odd");
  const key = await putTrained(odd, { seed: 1 });
  const record = await odd.getDocument(recordPath(key));
  if (typeof record !== "object" || record === null) throw new Error("the fixture has no record");
  const path = recordPath("f".repeat(64));
  await odd.putDocument(path, { ...record, outcome: null });
  const options = { store: odd, format: "csv", folder: join(folder, "odd") } as const;
  await expect(exportLab(options)).rejects.toThrow(`odd/${path} is no record of a finished job (outcome:`);
  await odd.deleteDocument(path);

  const curve = await odd.putBlob(new TextEncoder().encode("step,loss\n1,2\n"));
  await odd.putDocument(recordPath(key), { ...record, files: { "curve.csv": curve } });
  await expect(exportLab(options)).rejects.toThrow(`the training curve of job ${key}`);
  for await (const { path: left } of odd.listDocuments(recordsPrefix)) expect(left).toBe(recordPath(key));
});
