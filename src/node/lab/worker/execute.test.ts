// Real jobs in real threads and in this one, on a folder store.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MesascopeError } from "../../../core/base/errors.ts";
import { Prng } from "../../../core/base/prng.ts";
import type { Engine } from "../../../core/engine/engine.ts";
import type { JobProgress } from "../../../lab/api.ts";
import { auditResultSchema } from "../../../lab/audit-result.ts";
import { type AuditJob, type JobSpec, jobKey, type MeasureJob, type TrainJob } from "../../../lab/job.ts";
import { checkpointsPrefix } from "../../../lab/layout.ts";
import { measurementsSchema } from "../../../lab/measurements.ts";
import { type AuditedPoint, auditedPoint, momentsOf, overTrainingJobs } from "../../../lab/over-training.ts";
import { snapshotsAmong } from "../../../lab/snapshots.ts";
import { toldPosterior } from "../../../lab/told-posterior.ts";
import { auditAgents } from "../../audit/audit-agents.ts";
import { auditOverTraining } from "../../audit/audit-over-training.ts";
import { codeVersion } from "../../code-version.ts";
import { createOnnxEngine } from "../../engine/onnx-engine.ts";
import { trainAgent } from "../../training/train-agent.ts";
import type { JobEnd } from "../taken-job.ts";
import { AuditorShelf } from "./auditor-shelf.ts";
import { JobThreads } from "./job-threads.ts";
import type { JobTools } from "./job-tools.ts";
import { trainJob } from "./train-job.ts";
import { damageBlob, makeTestStore, putRecord, sha256, smallRecipe, type TestStore, taken, trainSpec } from "./worker.fixture.ts";

let engine: Engine;
let lab: TestStore;
let threads: JobThreads;
const warnings: string[] = [];

const startThreads = (checkpointSeconds = 30): JobThreads =>
  new JobThreads({ store: lab.folder, threads: 1, checkpointSeconds, onWarning: (text) => warnings.push(text) });

beforeAll(async () => {
  engine = await createOnnxEngine();
  lab = await makeTestStore();
  threads = startThreads();
});
afterAll(async () => {
  await threads.close();
  await lab.remove();
});

/** The agent that `mesascope train` makes of the recipe, by file. */
async function trainPlainly(seed: number): Promise<{ readonly folder: string; readonly files: Record<string, Uint8Array> }> {
  const folder = lab.beside(`agent-${seed}`);
  await trainAgent({
    ...{ engine, folder, start: { recipe: smallRecipe(seed), organism: null }, overwrite: true },
    ...{ checkpoints: { kind: "seconds", every: 1000 }, signal: new AbortController().signal },
    onProgress: () => {},
    onWarning: () => {},
  });
  const names = await readdir(folder);
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
  return { folder, files };
}

function done(end: JobEnd) {
  if (end.kind !== "done") throw new Error(`the job ended as ${JSON.stringify(end)}`);
  return end;
}

async function fileOf(end: JobEnd, name: string): Promise<Uint8Array> {
  return lab.store.getBlob(done(end).files[name]!);
}

const jsonOf = async (end: JobEnd, name: string): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await fileOf(end, name)));

const withoutSeconds = (manifest: Uint8Array) => new TextDecoder().decode(manifest).replace(/"seconds": [\d.e-]+/, "");

async function checkpointsOf(spec: JobSpec): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of lab.store.listDocuments(`${checkpointsPrefix}${jobKey(spec)}/`)) paths.push(path);
  return paths;
}

/** One sitting at a train job in this thread; stops after `updates` of its updates. */
async function sit(
  spec: TrainJob,
  updates = Number.POSITIVE_INFINITY,
  by = engine,
): Promise<{ readonly end: JobEnd | null; readonly told: string[] }> {
  const controller = new AbortController();
  const told: string[] = [];
  let reports = -1;
  const tools: JobTools = {
    ...{
      key: jobKey(spec),
      engine: by,
      store: lab.store,
      auditors: new AuditorShelf(),
      checkpointSeconds: 0.02,
      signal: controller.signal,
    },
    throwIfStopped: () => controller.signal.throwIfAborted(),
    report: ({ share }) => {
      if (share !== undefined && ++reports === updates) controller.abort(new MesascopeError("interrupted", "stop"));
    },
    warn: (text) => told.push(text),
  };
  const end = await trainJob(spec, tools).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "interrupted") return null;
    throw error;
  });
  return { end, told };
}

describe("a train job", () => {
  it("writes the files that training into a folder writes, the manifest's seconds aside", async () => {
    const { files } = await trainPlainly(1);
    const { job, heard } = taken(trainSpec(1));
    const end = done(await threads.execute(job));
    expect(Object.keys(end.files).sort()).toEqual(Object.keys(files).sort());
    expect(snapshotsAmong(Object.keys(files))).toEqual([1, 2, 3, 5, 7, 10, 14].map((update) => update * 2048));
    for (const name of Object.keys(files).filter((name) => name !== "manifest.json"))
      expect(end.files[name]!.sha256, name).toBe(sha256(files[name]!));
    expect(withoutSeconds(await fileOf(end, "manifest.json"))).toBe(withoutSeconds(files["manifest.json"]!));
    const rows = new TextDecoder().decode(files["curve.csv"]!).trim().split("\n").slice(1);
    expect(heard.rows.map((row) => Object.values(row).join(","))).toEqual(rows);
    expect(heard.progress.at(-1)).toMatchObject({ share: 1, secondsLeft: 0, environmentSteps: 20 * 2048 });
    expect(end.outcome).toMatchObject({ kind: "train", environmentSteps: 20 * 2048 });
    await putRecord(lab.store, { job, end });
  });

  it("interrupted at random updates and resumed gives the same policy bit for bit", async () => {
    const { files } = await trainPlainly(2);
    const prng = Prng.fromSeed(5);
    const spec = trainSpec(2);
    let end: JobEnd | null = null;
    let sittings = 0;
    for (; end === null; sittings++) ({ end } = await sit(spec, 1 + prng.integer(6)));
    expect(sittings).toBeGreaterThan(3);
    expect(sha256(await fileOf(end, "policy.onnx"))).toBe(sha256(files["policy.onnx"]!));
    for (const name of Object.keys(files).filter((name) => name !== "manifest.json"))
      expect(done(end).files[name]?.sha256, name).toBe(sha256(files[name]!));
    expect((await checkpointsOf(spec)).length).toBeGreaterThan(0);
  });

  it("begun by another engine is left to that one, with its checkpoints", async () => {
    const spec = trainSpec(12);
    expect((await sit(spec, 8)).end).toBeNull();
    const checkpoints = await checkpointsOf(spec);
    expect(checkpoints.length).toBeGreaterThan(0);
    const { end } = await sit(spec, 1000, { ...engine, name: "another engine" });
    expect(end).toEqual({ kind: "left", engine: engine.name });
    expect(await checkpointsOf(spec)).toEqual(checkpoints);
  });

  it("goes on from the checkpoint before, where the newest is damaged, to the same bits, and says so", async () => {
    const { files } = await trainPlainly(3);
    const spec = trainSpec(3);
    await sit(spec, 8);
    const paths = await checkpointsOf(spec);
    expect(paths).toHaveLength(2);
    const newest = (await lab.store.getDocument(paths[1]!)) as { blob: { sha256: string } };
    await damageBlob(lab.store, newest.blob.sha256);
    const { end, told } = await sit(spec);
    expect(told).toEqual([expect.stringMatching(/is not used/)]);
    expect(sha256(await fileOf(end!, "policy.onnx"))).toBe(sha256(files["policy.onnx"]!));
  });

  it("stopped in one thread continues in another, and tells its whole curve again", async () => {
    const { files } = await trainPlainly(4);
    const controller = new AbortController();
    const spec = trainSpec(4);
    const first = taken(spec, { signal: controller.signal, onReport: () => controller.abort("held") });
    expect(await threads.execute(first.job)).toEqual({ kind: "stopped" });
    const paths = await checkpointsOf(spec);
    expect(paths).toHaveLength(1);
    const other = startThreads();
    try {
      const { job, heard } = taken(spec);
      const end = done(await other.execute(job));
      expect(sha256(await fileOf(end, "policy.onnx"))).toBe(sha256(files["policy.onnx"]!));
      expect(heard.rows.map((row) => row.environmentSteps)).toEqual([0, 4, 8, 12, 16, 20].map((update) => update * 2048));
      const { startedAt } = (await lab.store.getDocument(paths[0]!)) as { startedAt: string };
      expect(end.startedAt).toBe(startedAt);
    } finally {
      await other.close();
    }
  });

  it("killed in the middle is not failed for good, and the next attempt continues from the last checkpoint", async () => {
    const { files } = await trainPlainly(5);
    const spec = trainSpec(5);
    const doomed = startThreads(0.01);
    const { job } = taken(spec);
    const ending = doomed.execute(job);
    let isOver = false;
    void ending.then(() => {
      isOver = true;
    });
    while (!isOver && (await checkpointsOf(spec)).length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    await doomed.close();
    expect(await ending).toMatchObject({ kind: "failed", code: "worker-lost", isFinal: false });
    const { job: again, heard } = taken(spec);
    const end = done(await threads.execute(again));
    expect(heard.progress[0]!.environmentSteps === null || heard.progress[0]!.environmentSteps > 0).toBe(true);
    expect(heard.progress.find(({ environmentSteps }) => environmentSteps !== null)!.environmentSteps).toBeGreaterThan(2048);
    expect(sha256(await fileOf(end, "policy.onnx"))).toBe(sha256(files["policy.onnx"]!));
  });

  it("of an organism that is not what its recipe says is failed for good", async () => {
    const end = await threads.execute(taken({ ...trainSpec(6), organism: "A" }).job);
    expect(end).toMatchObject({ kind: "failed", code: "check-failed", isFinal: true });
  });

  it("of other code is refused, and may be tried by a worker of that code", async () => {
    const end = await threads.execute(taken({ ...trainSpec(7), code: "0.0.1+0" }).job);
    expect(end).toMatchObject({ kind: "failed", code: "unsupported-version", isFinal: false });
  });
});

describe("a thread that cannot open what it needs", () => {
  it("fails the job, which may be tried again: it is not the job's fault", async () => {
    const nowhere = new JobThreads({ store: "ftp://nowhere", threads: 1, onWarning: () => {} });
    try {
      expect(await nowhere.execute(taken(trainSpec(9)).job)).toMatchObject({ kind: "failed", code: "usage", isFinal: false });
    } finally {
      await nowhere.close();
    }
  });
});

describe("an audit job", () => {
  const auditSpec = (seed: number): AuditJob => ({
    kind: "audit",
    run: jobKey(trainSpec(1)),
    levels: 10,
    seed,
    code: codeVersion,
  });

  it("files the document of the plain audit, its seconds aside, whether the levels were solved before or not", async () => {
    const results: unknown[] = [];
    await auditAgents({
      ...{ engine, folders: [lab.beside("agent-1")], levels: 10, seed: 3 },
      onProgress: () => {},
      onResult: ({ result }) => results.push(result),
    });
    const timeless = (result: unknown) => JSON.stringify(result).replace(/"seconds":[\d.e-]+/g, "");
    const first = taken(auditSpec(3));
    const solved = taken(auditSpec(3));
    for (const { job, heard } of [first, solved]) {
      const end = done(await threads.execute(job));
      const told = await jsonOf(end, "result.json");
      const result = auditResultSchema.parse(told);
      expect(timeless(told) === timeless(results[0])).toBe(true);
      expect(await jsonOf(end, "verdict.json")).toEqual(result.document);
      const { kind, objective, confidence } = result.document.verdict;
      expect(end.outcome).toEqual({
        kind: "audit",
        verdict: { kind, objective, confidence },
        posterior: toldPosterior(result.document.verdict),
      });
      expect(heard.progress.at(-1)).toMatchObject({ share: 1, secondsLeft: 0 });
    }
    const stages = ({ heard }: typeof first) => heard.progress.map(({ stage }: JobProgress) => stage);
    expect(stages(first)).toContain("solving levels");
    expect(stages(solved)).not.toContain("solving levels");
  });

  it("of a snapshot, and one of the end, find what audits over the training of a folder find", async () => {
    const told = await auditOverTraining({ engine, folder: lab.beside("agent-1"), levels: 10, seed: 3, onProgress: () => {} });
    const end = 20 * 2048;
    expect(told.points.map(({ environmentSteps }) => environmentSteps)).toEqual([
      ...[1, 2, 3, 5, 7, 10, 14].map((update) => update * 2048),
      end,
    ]);
    const points: AuditedPoint[] = [];
    for (const spec of overTrainingJobs({ ...auditSpec(3), places: [7, 8] })) {
      const { outcome } = done(await threads.execute(taken(spec).job));
      points.push(auditedPoint(outcome, end)!);
    }
    expect(momentsOf(points)).toEqual(told.points.slice(-3));
  });

  it("of a snapshot of a run that kept none fails for good", async () => {
    const { job } = taken(trainSpec(10));
    const end = done(await threads.execute(job));
    const files = Object.fromEntries(Object.entries(end.files).filter(([name]) => !name.startsWith("snapshot-")));
    await putRecord(lab.store, { job, end: { ...end, files } });
    const ended = await threads.execute(taken({ ...auditSpec(3), run: job.key, snapshot: 2 }).job);
    expect(ended).toMatchObject({
      kind: "failed",
      code: "usage",
      isFinal: true,
      message: expect.stringMatching(/kept no snapshots/),
    });
  });

  it("stops while levels are being solved", async () => {
    const controller = new AbortController();
    const { job } = taken(
      { ...auditSpec(4), levels: 400 },
      { signal: controller.signal, onReport: () => controller.abort("cancelled") },
    );
    expect(await threads.execute(job)).toEqual({ kind: "stopped" });
  });

  it("of an agent that is not there, or not whole, fails, and may be tried again", async () => {
    const missing = { ...auditSpec(3), run: "0".repeat(64) };
    expect(await threads.execute(taken(missing).job)).toMatchObject({ code: "damaged-artifact", isFinal: false });
    const { job, heard: _ } = taken(trainSpec(8));
    const end = done(await threads.execute(job));
    await putRecord(lab.store, { job, end });
    await damageBlob(lab.store, end.files["policy.onnx"]!.sha256);
    const damaged = { ...auditSpec(3), run: job.key };
    expect(await threads.execute(taken(damaged).job)).toMatchObject({ code: "damaged-artifact", isFinal: false });
  });
});

describe("a measure job", () => {
  const spec: MeasureJob = {
    ...{
      kind: "measure",
      run: jobKey(trainSpec(1)),
      points: [{}, { placement: "apart" }],
      levels: 24,
      seed: 2,
      code: codeVersion,
    },
  };

  it("files returns by objective at each point, the same each time", async () => {
    const end = done(await threads.execute(taken(spec).job));
    const file = measurementsSchema.parse(await jsonOf(end, "measurements.json"));
    expect(file.points.map(({ point }) => point)).toEqual(spec.points);
    expect(end.outcome).toEqual({ kind: "measure", points: file.points.map(({ point, returns }) => ({ point, returns })) });
    for (const { returns } of file.points)
      for (const { mean, low, high } of Object.values(returns)) expect(low <= mean && mean <= high).toBe(true);
    expect(done(await threads.execute(taken(spec).job)).files).toEqual(end.files);
  });

  it("at a point that the world does not have fails for good", async () => {
    const end = await threads.execute(taken({ ...spec, points: [{ nowhere: 1 }] }).job);
    expect(end).toMatchObject({ kind: "failed", code: "usage", isFinal: true });
  });
});
