import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Databases,
  openTestLab,
  specs,
  startDatabases,
  startWorker,
  type TestLab,
  until,
  type Worker,
} from "../lab.fixture.ts";
import type { ExecuteJob } from "../taken-job.ts";

describe("a worker", () => {
  let databases: Databases;
  let at: TestLab;
  const workers: Worker[] = [];
  const begin = async () => {
    at = await openTestLab(databases);
    return at;
  };
  const work = (...given: Parameters<typeof startWorker>) => {
    const worker = startWorker(...given);
    workers.push(worker);
    return worker;
  };
  beforeAll(async () => {
    databases = await startDatabases("postgres");
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await at.close();
  });
  afterAll(() => databases.stop());

  it("takes a job again and again ever more slowly where the store is in trouble", async () => {
    const { lab } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    let attempts = 0;
    const troubled: ExecuteJob = async () => {
      attempts++;
      return { kind: "failed", code: "file-system", message: "the mount is gone", isFinal: false };
    };
    work(lab, { execute: troubled, slots: 1 });
    await until(() => attempts > 0, "an attempt", { lab });
    await sleep(4000);
    // At 0, 1 and 3 seconds.
    expect(attempts).toBeLessThanOrEqual(3);
  });
});
