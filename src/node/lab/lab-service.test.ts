import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { labDocument } from "../../lab/layout.ts";
import { type Databases, openTestLab, startDatabases, type TestLab } from "./lab.fixture.ts";
import { LabService } from "./lab-service.ts";

let databases: Databases;
let at: TestLab;

beforeAll(async () => {
  databases = await startDatabases("pglite");
});
afterEach(() => at.close());
afterAll(() => databases.stop());

it("looks for trouble once, however many ask, and again a while later", async () => {
  at = await openTestLab(databases);
  const counts = vi.spyOn(at.lab, "counts");
  const service = new LabService(at.lab);
  expect(await Promise.all([service.trouble(), service.trouble()])).toEqual([null, null]);
  expect(await service.trouble()).toBeNull();
  expect(counts).toHaveBeenCalledTimes(1);
  const began = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => began + 60_000);
  at.store.documents.delete(labDocument);
  expect(await service.trouble()).toMatch(/lab.json is missing/);
  expect(counts).toHaveBeenCalledTimes(2);
  vi.restoreAllMocks();
});
