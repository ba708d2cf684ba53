// A fleet's database dumped, worked on, lost and restored by PostgreSQL's own programs, then by the commands that docs/fleet.md tells the operator:
// the files have what the dump has not. Needs a PostgreSQL that is installed: the packages of the tests bring none that dumps.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../src/node/lab/database/postgres.fixture.ts";
import { openPostgres } from "../src/node/lab/database/postgres-database.ts";
import { answersOf, auditSpec, code, specs, workUntilDone } from "../src/node/lab/lab.fixture.ts";
import { Lab } from "../src/node/lab/lab.ts";
import { openStore } from "../src/node/lab/store/open-store.ts";
import { cleanEnvironment, runProgram } from "./program.ts";

const debian = "/usr/lib/postgresql";
const places = [
  ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : []),
  ...(process.env.PATH ?? "").split(delimiter),
];
const bin = places.find((folder) =>
  ["initdb", "postgres", "pg_dump", "pg_restore"].every((name) => existsSync(join(folder, name))),
);
// Continuous integration sets the variable, so that the test cannot be left out there without a word.
const isNeeded = process.env.MESASCOPE_REQUIRE_PG_DUMP === "1";
const missing = "no PostgreSQL with pg_dump on this machine (apt-get install postgresql)";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

async function openLab(store: string, { url, takesOver }: { readonly url: string; readonly takesOver: boolean }): Promise<Lab> {
  const lab = await Lab.open({ store: await openStore(store), code, database: await openPostgres(url), takesOver });
  undo.push(() => lab.close());
  return lab;
}

function postgresProgram(name: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(bin!, name), args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

async function started(): Promise<PostgresServer> {
  const server = await startPostgres(bin);
  undo.push(() => server.stop());
  return server;
}

it("a restored dump gives the same answers after lab rebuild, though work went on after the dump, and lab verify finds all", async ({
  skip,
}) => {
  if (bin === undefined && isNeeded) throw new Error(`MESASCOPE_REQUIRE_PG_DUMP=1 is set, but there is ${missing}.`);
  skip(bin === undefined, missing);
  const folder = mkdtempSync(join(tmpdir(), "mesascope-dump-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  const store = join(folder, "store");
  mkdirSync(store);
  const server = await started();
  const url = await server.createDatabase();
  const lab = await openLab(store, { url, takesOver: true });
  await lab.accept({ sweep: "first", priority: 50, jobs: [...specs(5), auditSpec(1)] });
  await workUntilDone(lab, 6);
  const dump = join(folder, "lab.dump");
  postgresProgram("pg_dump", "--format=custom", `--file=${dump}`, url);
  await lab.accept({ sweep: "second", priority: 70, jobs: specs(8) });
  await workUntilDone(lab, 9);
  const before = await answersOf(lab);

  const restored = await server.createDatabase();
  postgresProgram("pg_restore", "--no-owner", "--exit-on-error", `--dbname=${restored}`, dump);
  const again = await openLab(store, { url: restored, takesOver: false });
  // Entries of the ledger that the dump does not have are applied on opening; of records, those that are asked for.
  expect((await again.sweeps()).map(({ name }) => name)).toEqual(["first", "second"]);
  const surroundings = { folder, env: cleanEnvironment(folder) };
  const rebuilt = runProgram(["lab", "rebuild", "--database-url", restored, "--store", store, "--json"], surroundings);
  expect(rebuilt.code, rebuilt.err).toBe(0);
  expect(JSON.parse(rebuilt.out)).toMatchObject({ entries: 2, records: 9, warnings: [] });
  expect(await answersOf(again)).toEqual(before);
  await expect(lab.accept({ sweep: "lost", priority: 50, jobs: specs(1, 20) })).rejects.toThrow(/has become the index/);
  await again.accept({ sweep: "third", priority: 50, jobs: specs(10) });
  await workUntilDone(again, 11);

  const verified = runProgram(["lab", "verify", store, "--database-url", restored, "--json"], surroundings);
  expect(verified.code, verified.err).toBe(0);
  expect(JSON.parse(verified.out)).toMatchObject({ problems: [] });
  // Not only of what lies there: the index knows of one that is gone.
  const [record] = readdirSync(join(store, "records"));
  rmSync(join(store, "records", record!));
  const robbed = runProgram(["lab", "verify", store, "--database-url", restored, "--json"], surroundings);
  expect([robbed.code, JSON.parse(robbed.out).problems.length]).toEqual([1, 1]);
});
