import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { indexDocument } from "../../lab/layout.ts";
import { code, type Databases, specs, startDatabases, startWorker, until, waitFor } from "./lab.fixture.ts";
import { Lab, type LabOptions } from "./lab.ts";
import { initLab, openLab } from "./lab-folder.ts";
import { LabService } from "./lab-service.ts";
import { MemoryStore } from "./memory-store.fixture.ts";
import { FolderStore } from "./store/folder-store.ts";

let servers: Databases;
let base: string;
let folder: string;

beforeAll(async () => {
  servers = await startDatabases("postgres");
}, 60_000);
afterAll(() => servers.stop());
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "mesascope-identify-"));
  folder = join(base, "lab");
  await initLab(folder);
});
afterEach(() => rm(base, { recursive: true, force: true }));

const options = { code, command: "a test" };

/** Opens the lab in the folder with an index in PostgreSQL. */
async function openShared(open: Awaited<ReturnType<Databases["create"]>>, how: Pick<LabOptions, "takesOver"> = {}): Promise<Lab> {
  const database = await open();
  try {
    return await Lab.open({ store: await FolderStore.open(folder), database, code, ...how });
  } catch (error) {
    await database.close();
    throw error;
  }
}

describe("the index of a lab", () => {
  it("is not made a second time in the folder of a lab that several machines share", async () => {
    const database = await servers.create();
    await (await openShared(database)).close();
    await expect(openLab(folder, options)).rejects.toThrow(/has its index in a PostgreSQL that several machines share/);
    expect(existsSync(join(folder, "index"))).toBe(false);
    await (await openShared(database)).close();
  });

  it("is not made a second time in PostgreSQL where it is in the folder, until that is given up", async () => {
    const own = await openLab(folder, options);
    await own.lab.accept({ sweep: "corners", priority: 50, jobs: specs(2) });
    await own.close();
    const database = await servers.create();
    await expect(openShared(database)).rejects.toThrow(/has its index in its own folder, not in/);
    await rm(join(folder, indexDocument));
    const shared = await openShared(database);
    expect(await shared.counts()).toMatchObject({ queued: 2 });
    await shared.close();
  });

  it("is not taken over by an empty database, until that is asked for; the one before is refused then", async () => {
    const first = await servers.create();
    const second = await servers.create();
    await (await openShared(first)).close();
    const refusal =
      /has its index in another database than .*, which is empty.*make this one the index by "mesascope lab rebuild"/;
    await expect(openShared(second)).rejects.toThrow(refusal);
    await expect(openShared(second)).rejects.toThrow(refusal);
    await (await openShared(second, { takesOver: true })).close();
    await (await openShared(second)).close();
    await expect(openShared(first)).rejects.toThrow(/another database than .* has become the index of the lab/);
    await (await openShared(first, { takesOver: true })).close();
    await (await openShared(first)).close();
  });

  it("that was taken over while it is open accepts nothing more and gives out no jobs, and says why", async () => {
    const lab = await openShared(await servers.create());
    await lab.accept({ sweep: "corners", priority: 50, jobs: specs(2) });
    const other = await openShared(await servers.create(), { takesOver: true });
    const why = /another database than .* has become the index of the lab .*: by this one no jobs are given out/;
    await expect(lab.accept({ sweep: "more", priority: 50, jobs: specs(3) })).rejects.toThrow(why);
    await expect(lab.decide({ action: "pause", target: { kind: "sweep", sweep: "corners" } })).rejects.toThrow(why);
    expect(await new LabService(lab).trouble()).toMatch(why);
    expect(await new LabService(other).trouble()).toBeNull();
    const worker = startWorker(lab);
    await until(() => worker.warnings.length > 0, "a warning", { lab });
    expect(worker.warnings).toEqual([expect.stringMatching(why)]);
    const next = startWorker(other);
    await waitFor(other, "done", 2);
    expect(await lab.counts()).toMatchObject({ queued: 2, done: 0 });
    await worker.stop();
    await next.stop();
    await lab.close();
    await other.close();
  });

  it("is told from a copy of its database, such as a restored dump, once that is made the index", async () => {
    const [first, second] = [await servers.create(), await servers.create()];
    const lab = await openShared(first);
    await (await openShared(second, { takesOver: true })).close();
    const [original, copy] = [await first(), await second()];
    const row = await original.query((db) => db.selectFrom("lab").select("database_id").executeTakeFirstOrThrow());
    await copy.query((db) => db.updateTable("lab").set(row).execute());
    const restored = await openShared(second, { takesOver: true });
    await restored.accept({ sweep: "restored", priority: 50, jobs: specs(1) });
    const why = /another database than .* has become the index of the lab/;
    await expect(lab.accept({ sweep: "original", priority: 50, jobs: specs(1, 2) })).rejects.toThrow(why);
    // And the other way round.
    const back = await openShared(first, { takesOver: true });
    await expect(restored.accept({ sweep: "more", priority: 50, jobs: specs(1, 3) })).rejects.toThrow(why);
    await lab.accept({ sweep: "original", priority: 50, jobs: specs(1, 2) });
    for (const each of [lab, restored, back, original, copy]) await each.close();
  });

  it("can be opened again when the first opening was killed before or after the file that names it", async () => {
    for (const when of ["before", "after"] as const) {
      const open = await servers.create();
      const store = new MemoryStore();
      store.onPut = (path, at) => {
        if (path === indexDocument && at === when) throw new Error("killed");
      };
      const database = await open();
      await expect(Lab.open({ store, database, code })).rejects.toThrow("killed");
      await database.close();
      store.onPut = () => undefined;
      await (await Lab.open({ store, database: await open(), code })).close();
      const other = await (await servers.create())();
      await expect(Lab.open({ store, database: other, code })).rejects.toThrow(/has its index in another database/);
      await other.close();
    }
  });
});
