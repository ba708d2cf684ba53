// What a server hands out of a job's files: the bytes that its record names, and nothing else that lies in the lab or beside it.

import { afterAll, beforeAll, expect, it } from "vitest";
import { apiPrefix } from "../../lab/api-prefix.ts";
import { jobKey } from "../../lab/job.ts";
import { doneEnd, startWorker, trainSpec, until } from "../lab/lab.fixture.ts";
import { type ServedLab, serveTestLab, token } from "./served-lab.fixture.ts";

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
const done = jobKey(trainSpec(1));
const waiting = jobKey(trainSpec(2));
let served: ServedLab;
beforeAll(async () => {
  served = await serveTestLab();
  const { lab } = served.open;
  const blob = await lab.store.putBlob(bytes);
  await lab.accept({ sweep: "trained", priority: 50, jobs: [trainSpec(1)] });
  const worker = startWorker(lab, {
    execute: async ({ spec }) => {
      const end = doneEnd(spec);
      return end.kind === "done" ? { ...end, files: { "policy.onnx": blob, "manifest.json": blob } } : end;
    },
  });
  await until(async () => (await lab.counts()).done === 1, "the job", { lab });
  await worker.stop();
  await lab.accept({ sweep: "trained later", priority: 50, jobs: [trainSpec(2)] });
}, 120_000);
afterAll(() => served?.remove(), 120_000);

it("gives a file's bytes as they are, over TCP and over the socket", async () => {
  for (const client of [served.tcp, served.socket]) {
    const file = await client.jobs.file({ key: done, name: "policy.onnx" });
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect((await client.jobs.file({ key: done, name: "manifest.json" })).size).toBe(bytes.length);
  }
});

it("says what there is where a name is none of the record's, whatever it looks like", async () => {
  for (const name of ["curve.csv", "../lab.json", "/etc/passwd", "constructor", "__proto__", "lab.json", "%2e%2e%2flab.json"]) {
    await expect(served.tcp.jobs.file({ key: done, name })).rejects.toThrow(/left no file .*; its files: .*policy\.onnx/);
  }
  await expect(served.tcp.jobs.file({ key: waiting, name: "policy.onnx" })).rejects.toThrow(
    /is queued, not done: it has no files/,
  );
  await expect(served.tcp.jobs.file({ key: "0".repeat(64), name: "policy.onnx" })).rejects.toThrow(/no job 0{64} in this lab/);
});

it("answers paths that lead elsewhere, and callers without the token, with none of the lab's bytes", async () => {
  const headers = { authorization: `Bearer ${token}` };
  const status = async (path: string, given: HeadersInit = headers) =>
    (await fetch(`${served.server.address}${apiPrefix}/jobs/${path}`, { headers: given })).status;
  expect(await status(`${done}/files/policy.onnx`)).toBe(200);
  expect(await status(`${done}/files/policy.onnx`, {})).toBe(401);
  expect(await status(`${done}/files/..%2f..%2flab.json`)).toBe(404);
  expect(await status(`..%2f..%2flab.json/files/policy.onnx`)).toBe(400);
  expect(await status(`${done}/files/`)).toBe(404);
});
