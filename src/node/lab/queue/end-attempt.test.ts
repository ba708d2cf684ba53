import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { recordsPrefix } from "../../../lab/layout.ts";
import {
  type Databases,
  doneEnd,
  openTestLab,
  startDatabases,
  startWorker,
  type TestLab,
  trainSpec,
  waitFor,
} from "../lab.fixture.ts";
import type { ExecuteJob } from "../taken-job.ts";

let databases: Databases;
let at: TestLab;

beforeAll(async () => {
  databases = await startDatabases("pglite");
});
afterEach(() => at.close());
afterAll(() => databases.stop());

it("confirms no job of which a file is gone, and does it anew", async () => {
  at = await openTestLab(databases);
  const { lab, store } = at;
  await lab.accept({ sweep: "corners", priority: 50, jobs: [trainSpec(1)] });
  const losing: ExecuteJob = async ({ spec, attempt }) => {
    const ref = await store.putBlob(new Uint8Array([1, 2, 3]));
    if (attempt === 1) {
      expect(store.under(recordsPrefix)).toEqual([]);
      await store.deleteBlob(ref.sha256);
    }
    return { ...doneEnd(spec), files: { "agent.json": ref } } as Awaited<ReturnType<ExecuteJob>>;
  };
  const worker = startWorker(lab, { execute: losing });
  await waitFor(lab, "done", 1);
  await worker.stop();
  expect((await lab.jobs()).rows[0]).toMatchObject({ attempt: 2 });
  const returned = (await lab.events({ after: 0, limit: 100 })).filter(({ kind }) => kind === "returned");
  expect(returned).toMatchObject([{ data: { attempt: 1, reason: expect.stringMatching(/is no longer there/) } }]);
});
