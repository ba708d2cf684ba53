import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../database/postgres.fixture.ts";
import { openPostgres } from "../database/postgres-database.ts";
import { auditSpec, code, specs, startWorker, waitFor } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { verifyLab } from "./verify.ts";

/** Programs of a PostgreSQL that is installed: the packages of the tests bring none that dump. */
const installed = "/usr/lib/postgresql";
const bin = (existsSync(installed) ? readdirSync(installed) : [])
  .map((version) => join(installed, version, "bin"))
  .find((folder) => ["initdb", "postgres", "pg_dump", "pg_restore"].every((name) => existsSync(join(folder, name))));

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

async function openLab(server: PostgresServer, { url, store }: { url?: string; store: MemoryStore }) {
  const at = url ?? (await server.createDatabase());
  const lab = await Lab.open({ store, code, database: await openPostgres(at), takesOver: url === undefined });
  undo.push(() => lab.close());
  return { lab, url: at };
}

async function started(bin?: string): Promise<PostgresServer> {
  const server = await startPostgres(bin);
  undo.push(() => server.stop());
  return server;
}

async function doAll(lab: Lab, done: number): Promise<void> {
  const worker = startWorker(lab);
  await waitFor(lab, "done", done);
  await worker.stop();
}

/** What anyone can ask about; means to 12 digits, as their last depend on the order in which PostgreSQL finds the rows. */
async function answers(lab: Lab) {
  const groups = JSON.stringify(await lab.groups({ by: ["name", "kind"] }), (_, value) =>
    typeof value === "number" ? Number(value.toPrecision(12)) : value,
  );
  return { jobs: await lab.jobs({ limit: 100 }), sweeps: await lab.sweeps(), groups: JSON.parse(groups) };
}

describe("a lab whose database is lost", () => {
  it("gives the same answers from its files alone, in an empty database, and goes on", async () => {
    const server = await started();
    const store = new MemoryStore();
    const { lab } = await openLab(server, { store });
    await lab.accept({ sweep: "first", priority: 50, jobs: [...specs(5), auditSpec(1)] });
    await doAll(lab, 6);
    await lab.accept({ sweep: "second", priority: 70, jobs: specs(8) });
    await lab.decide({ action: "pause", target: { kind: "sweep", sweep: "second" } });
    const before = await answers(lab);
    const { lab: again } = await openLab(server, { store });
    expect(again.rebuilt).toMatchObject({ entries: 3, records: 6, warnings: [] });
    expect(await answers(again)).toEqual(before);
    const done = (await again.jobs({ limit: 100 })).rows.filter(({ state }) => state === "done").map(({ key }) => key);
    expect((await verifyLab(store, { doneJobs: done })).problems).toEqual([]);
    await again.decide({ action: "resume", target: { kind: "sweep", sweep: "second" } });
    await doAll(again, 9);
  });

  it.skipIf(bin === undefined)(
    "gives the same answers from an older dump and a rebuild, though work went on after the dump",
    async () => {
      const server = await started(bin);
      const store = new MemoryStore();
      const { lab, url } = await openLab(server, { store });
      await lab.accept({ sweep: "first", priority: 50, jobs: [...specs(5), auditSpec(1)] });
      await doAll(lab, 6);
      const folder = mkdtempSync(join(tmpdir(), "mesascope-dump-"));
      undo.push(async () => rmSync(folder, { recursive: true }));
      const file = join(folder, "lab.dump");
      run("pg_dump", "--format=custom", `--file=${file}`, url);
      await lab.accept({ sweep: "second", priority: 70, jobs: specs(8) });
      await doAll(lab, 9);
      const before = await answers(lab);
      const restored = await server.createDatabase();
      run("pg_restore", "--no-owner", "--exit-on-error", `--dbname=${restored}`, file);
      const { lab: again } = await openLab(server, { url: restored, store });
      // Entries of the ledger that the dump does not have are applied on opening; of records, those that are asked for.
      expect((await again.sweeps()).map(({ name }) => name)).toEqual(["first", "second"]);
      // As `mesascope lab rebuild` does.
      const index = await Lab.open({ store, code, database: await openPostgres(restored), takesOver: true });
      undo.push(() => index.close());
      expect(await index.rebuild()).toMatchObject({ entries: 2, records: 9, warnings: [] });
      expect(await answers(again)).toEqual(before);
      await expect(lab.accept({ sweep: "lost", priority: 50, jobs: specs(1, 20) })).rejects.toThrow(/has become the index/);
      await again.accept({ sweep: "third", priority: 50, jobs: specs(10) });
      await doAll(again, 11);
      const done = (await again.jobs({ limit: 100 })).rows.map(({ key }) => key);
      expect((await verifyLab(store, { doneJobs: done, entries: await again.entries() })).problems).toEqual([]);
    },
  );
});

function run(name: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(bin!, name), args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
}
