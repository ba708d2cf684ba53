import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { indexDocument } from "../../lab/layout.ts";
import { code, type Databases, specs, startDatabases } from "./lab.fixture.ts";
import { Lab } from "./lab.ts";
import { initLab, openLab } from "./lab-folder.ts";
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
async function openShared(open: Awaited<ReturnType<Databases["create"]>>): Promise<Lab> {
  const database = await open();
  try {
    return await Lab.open({ store: await FolderStore.open(folder), database, code });
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

  it("may be a new database when the one before is lost, which is refused if it comes back", async () => {
    const first = await servers.create();
    const second = await servers.create();
    await (await openShared(first)).close();
    await (await openShared(second)).close();
    await (await openShared(second)).close();
    await expect(openShared(first)).rejects.toThrow(/another database than .* has become the index of the lab/);
  });
});
