import { afterAll, beforeAll, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { type Databases, openTestLab, specs, startDatabases, type TestLab } from "../lab/lab.fixture.ts";
import { LabService } from "../lab/lab-service.ts";
import { labMetrics } from "./lab-metrics.ts";

let databases: Databases;
let at: TestLab;
beforeAll(async () => {
  databases = await startDatabases("pglite");
  at = await openTestLab(databases);
});
afterAll(async () => {
  await at.close();
  await databases.stop();
});

it("metrics and the status are told also while the store is down", async () => {
  const { lab, store } = at;
  await lab.accept({ sweep: "corners", priority: 50, jobs: specs(2) });
  const service = new LabService(lab);
  expect(await service.status()).toMatchObject({ kept: { card: 0, league: 0 } });
  store.listDocuments = () => {
    throw new MesascopeError("file-system", "the bucket is gone");
  };
  expect(await labMetrics(service).text()).toContain('mesascope_jobs{state="queued"} 2');
  expect(await service.status()).toMatchObject({ counts: { queued: 2 }, kept: null });
});
