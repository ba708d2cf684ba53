// A bucket that is full for a while, while a job runs.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStore } from "../store/open-store.ts";
import { credentials, startBucket, type TestBucket } from "../store/stores.fixture.ts";
import { JobThreads } from "./job-threads.ts";
import { taken, trainSpec } from "./worker.fixture.ts";

let bucket: TestBucket;
let threads: JobThreads;
const warnings: string[] = [];
const full = { kind: "status", status: 507, code: "QuotaExceeded" } as const;

beforeAll(async () => {
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
  bucket = await startBucket();
  const store = bucket.address("lab");
  threads = new JobThreads({ store, threads: 1, checkpointSeconds: 0.05, onWarning: (text) => warnings.push(text) });
});
afterAll(async () => {
  await threads.close();
  await bucket.stop();
  vi.unstubAllEnvs();
});

describe("a bucket that takes nothing for a while", () => {
  it("costs checkpoints, not the training: the job waits at its end, says so, and is done when there is room again", async () => {
    const stages = new Set<string | null>();
    const { job } = taken(trainSpec(1), {
      onReport: ({ stage }) => {
        if (stages.size === 0) bucket.fail(() => full);
        else if (stage !== null) bucket.fail(null);
        stages.add(stage);
      },
    });
    const end = await threads.execute(job);
    if (end.kind !== "done") throw new Error(JSON.stringify(end));
    expect([...stages]).toEqual([null, expect.stringMatching(/^waiting for the store: /)]);
    expect(warnings).toContainEqual(expect.stringMatching(/^a checkpoint could not be saved: .* Training goes on\.$/));
    expect(warnings).toContainEqual(expect.stringMatching(/^the job is waiting for the store: /));
    expect(warnings.at(-1)).toBe("the store answers again, and the job goes on.");
    const store = await openStore(bucket.address("lab"));
    expect((await store.getBlob(end.files["policy.onnx"]!)).length).toBe(end.files["policy.onnx"]!.bytes);
  });
});
