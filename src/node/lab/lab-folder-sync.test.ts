import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { code } from "./lab.fixture.ts";
import { initLab, openLab } from "./lab-folder.ts";

const opened = vi.hoisted(() => new Set<unknown>());
vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof import("node:fs/promises")>();
  const open: typeof actual.open = async (path, ...how) => {
    opened.add(path);
    return await actual.open(path, ...how);
  };
  return { ...actual, open };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-sync-"));
  await rm(folder, { recursive: true });
  await initLab(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = { code, command: "a test" };

/** Whether a file of the index was synced at the end of a session that did not write it. */
async function isSyncedByNextSession(): Promise<boolean> {
  const index = join(folder, "index");
  const file = join(index, "pglite", "PG_VERSION");
  const old = new Date(Date.now() - 3_600_000);
  for (const name of await readdir(index, { recursive: true })) await utimes(join(index, name), old, old);
  opened.clear();
  await (await openLab(folder, options)).close();
  return opened.has(file);
}

it("what a killed session wrote is made to survive power loss by the next that is closed, and only then", async () => {
  await (await openLab(folder, options)).close();
  expect(await isSyncedByNextSession()).toBe(false);
  const path = join(folder, "index", "state.json");
  const state = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...state, isSynced: false }));
  expect(await isSyncedByNextSession()).toBe(true);
  expect(await isSyncedByNextSession()).toBe(false);
});
