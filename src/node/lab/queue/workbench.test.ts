import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jobKey } from "../../../lab/job.ts";
import { checkpointPath, checkpointsPrefix, recordsPrefix } from "../../../lab/layout.ts";
import {
  type Databases,
  doneEnd,
  execute,
  openTestLab,
  specs,
  startDatabases,
  startWorker,
  type TestLab,
  until,
  untilStopped,
  type Worker,
  waitFor,
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
  }, 60_000);
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

  it("takes jobs again as soon as the trouble is over", async () => {
    const { lab } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(7) });
    const [last] = specs(1, 7).map((spec) => jobKey(spec));
    const failed = Promise.withResolvers<void>();
    let failures = 0;
    const troubled: ExecuteJob = async ({ key, spec, attempt }) => {
      if (key === last) await failed.promise;
      else if (attempt <= 2 && ++failures)
        return { kind: "failed", code: "file-system", message: "the mount is gone", isFinal: false };
      return doneEnd(spec);
    };
    work(lab, { execute: troubled, slots: 7 });
    // Each of the six doubles what is waited for, half a minute in the end.
    await until(() => failures === 12, "the second failures", { lab });
    await waitFor(lab, "queued", 6);
    await sleep(500);
    failed.resolve();
    await waitFor(lab, "done", 7, 15);
  });

  it("waits for a database that fails just when the worker begins, and works when it answers", async () => {
    const { lab, connect } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    const aside = await connect();
    await aside.query((db) => sql`ALTER TABLE mesascope.workers RENAME TO workers_away`.execute(db));
    const warnings: string[] = [];
    work(lab, { execute, onWarning: (text) => warnings.push(text) });
    await until(() => warnings.length > 0, "a warning", { lab });
    expect(warnings[0]).toMatch(/"mesascope.workers" does not exist.*This worker waits, and tries again every few seconds\.$/);
    await aside.query((db) => sql`ALTER TABLE mesascope.workers_away RENAME TO workers`.execute(db));
    await waitFor(lab, "done", 1);
    expect(warnings.slice(1)).toEqual(["the lab's database answers again."]);
  });

  it("ends a job whose message or result cannot be kept as it is, and tells why", async () => {
    const { lab } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(3) });
    const [first, second, third] = specs(3).map((spec) => jobKey(spec));
    const odd: ExecuteJob = async ({ key, spec }) => {
      if (key === first)
        return { kind: "failed", code: "check-failed", message: `no\0 \ud800${"!".repeat(20_000)}`, isFinal: true };
      const end = doneEnd(spec);
      if (end.kind !== "done" || end.outcome.kind !== "train") return end;
      return key === second
        ? { ...end, outcome: { ...end.outcome, trainingReturn: Number.NaN } }
        : {
            ...end,
            engine: "an engine",
            outcome: { kind: "audit", verdict: { kind: "aligned", objective: "a\0b", confidence: 1 } },
          };
    };
    work(lab, { execute: odd, slots: 3 });
    await waitFor(lab, "failed", 3);
    const errors = await Promise.all([first, second, third].map(async (key) => (await lab.job(key!))?.row.error));
    expect(errors[0]?.message).toMatch(/^no \ufffd!{9000,}$/);
    expect(errors[1]).toMatchObject({ code: "bug", message: expect.stringContaining("trainingReturn") });
    expect(errors[2]).toMatchObject({ code: "bug", message: expect.stringContaining("zero characters") });
  });

  it("ends the silence of a job by what it tells of it", async () => {
    const { lab, connect } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    const [key] = specs(1).map((spec) => jobKey(spec));
    const [tell, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const progress = { share: 0.5, secondsLeft: 3, environmentSteps: 20, trainingReturn: 1, oracleShare: 0.5, stage: null };
    const slow: ExecuteJob = async (job) => {
      await tell.promise;
      job.report(progress, []);
      await finish.promise;
      return doneEnd(job.spec);
    };
    work(lab, { execute: slow });
    await waitFor(lab, "running", 1);
    const silence = async () => (await lab.job(key!))!.row.silentFor;
    expect(await silence()).toBeLessThan(3600);
    const aside = await connect();
    await aside.query((db) => sql`UPDATE mesascope.jobs SET heard_at = heard_at - interval '1 hour'`.execute(db));
    expect(await silence()).toBeGreaterThanOrEqual(3600);
    tell.resolve();
    await until(async () => (await silence())! < 3600, "a sign of life", { lab });
    finish.resolve();
    await waitFor(lab, "done", 1);
    expect(await silence()).toBeNull();
  });

  it("tells a curve of any length", async () => {
    const { lab } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    const rows = Array.from({ length: 200_000 }, (_, environmentSteps) => ({ environmentSteps }));
    const progress = { share: 1, secondsLeft: 0, environmentSteps: 1, trainingReturn: 1, oracleShare: 1, stage: null };
    const long: ExecuteJob = async (job) => {
      job.report(progress, rows);
      return doneEnd(job.spec);
    };
    work(lab, { execute: long, slots: 1 });
    await waitFor(lab, "done", 1);
  });

  it("keeps its leases while the store does not answer, and confirms all when it does again", async () => {
    const { lab, store, again } = await begin();
    // With connections of its own: those of the workers all wait for the store.
    const watcher = await again();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(12) });
    const answers = Promise.withResolvers<void>();
    store.onPut = (path, when) => (when === "before" && path.startsWith(recordsPrefix) ? answers.promise : undefined);
    let executed = 0;
    const counted: ExecuteJob = async (job) => {
      executed++;
      return await execute(job);
    };
    const [first, second] = [work(lab, { execute: counted, slots: 12 }), work(lab, { execute: counted, slots: 12 })];
    await until(() => first.warnings.length + second.warnings.length > 0, "a warning", { lab });
    expect([...first.warnings, ...second.warnings].join()).toContain("did not take a record");
    // Longer than leases are.
    await sleep(12_000);
    expect((await watcher.workers()).length).toBe(2);
    answers.resolve();
    await waitFor(watcher, "done", 12);
    expect((await watcher.events({ after: 0, limit: 1000 })).filter(({ kind }) => kind === "returned")).toEqual([]);
    expect(executed).toBe(12);
  });

  it("counts lost leases in a row: not those before a checkpoint, or before it was given back", async () => {
    const { lab, store, connect } = await begin();
    const database = await connect();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const losses = async () => {
      const { rows } = await database.query((db) => sql<{ losses: number }>`SELECT losses FROM mesascope.jobs`.execute(db));
      return rows.map((row) => row.losses).sort();
    };
    await database.query((db) => sql`UPDATE mesascope.jobs SET losses = 7`.execute(db));
    const [first] = specs(2).map((spec) => jobKey(spec));
    const worker = work(lab, { execute: untilStopped, slots: 2 });
    await waitFor(lab, "running", 2);
    expect(await losses()).toEqual([7, 7]);
    await store.putDocument(checkpointPath(first!, 20), {});
    await until(async () => (await losses())[0] === 0, "no losses", { lab });
    expect(await losses()).toEqual([0, 7]);
    await worker.stop();
    expect(await losses()).toEqual([0, 0]);
  });

  describe("of another engine than the one by which a job was begun", () => {
    /** As a training does: `native` began it. */
    const byEngine =
      (own: string, done: string[]): ExecuteJob =>
      async ({ key, spec }) => {
        for await (const { path } of at.store.listDocuments(`${checkpointsPrefix}${key}/`))
          if (own !== "native") return path ? { kind: "left", engine: "native" } : { kind: "stopped" };
        done.push(own);
        return doneEnd(spec);
      };
    const returned = async () => (await at.lab.events({ after: 0, limit: 100 })).filter(({ kind }) => kind === "returned");
    const isLeft = async () => (await returned()).length === 1;
    const accept = async () => {
      const { lab, store } = await begin();
      const jobs = specs(1);
      await store.putDocument(checkpointPath(jobKey(jobs[0]!), 20), { checkpoint: "of native", blob: null });
      await lab.accept({ sweep: "one", priority: 50, jobs });
      return lab;
    };

    it("leaves it to a worker of that engine, takes others meanwhile, and says so", async () => {
      const lab = await accept();
      const done: string[] = [];
      const other = work(lab, { execute: byEngine("wasm", done), engine: "wasm" });
      await until(isLeft, "the job left", { lab });
      await lab.accept({ sweep: "two", priority: 50, jobs: specs(2, 5) });
      await waitFor(lab, "done", 2);
      expect(await lab.counts()).toMatchObject({ queued: 1, done: 2 });
      expect(other.warnings).toEqual([
        expect.stringMatching(/was begun by native, and this worker computes by wasm, to other bits/),
      ]);
      expect(await returned()).toMatchObject([{ data: { reason: expect.stringMatching(/left to a worker of that engine/) } }]);
      work(lab, { execute: byEngine("native", done), engine: "native" });
      await waitFor(lab, "done", 3);
      expect(done).toEqual(["wasm", "wasm", "native"]);
      expect(await returned()).toHaveLength(1);
    });

    it("begins it anew when none of that engine took it for an hour", async () => {
      const lab = await accept();
      const done: string[] = [];
      const worker = work(lab, { execute: byEngine("wasm", done), engine: "wasm" });
      await until(isLeft, "the job left", { lab });
      await worker.stop();
      const database = await at.connect();
      await database.query((db) =>
        sql`UPDATE mesascope_queue.job SET start_after = start_after - interval '59 minutes'`.execute(db),
      );
      expect((await (await at.again()).events({ after: 0, limit: 100 })).filter(({ kind }) => kind === "returned")).toHaveLength(
        1,
      );
      expect(at.store.under(checkpointsPrefix)).toHaveLength(1);
      await database.query((db) =>
        sql`UPDATE mesascope_queue.job SET start_after = start_after - interval '2 minutes'`.execute(db),
      );
      await at.again();
      expect(at.store.under(checkpointsPrefix)).toEqual([]);
      work(lab, { execute: byEngine("wasm", done), engine: "wasm" });
      await waitFor(lab, "done", 1);
      expect((await returned()).at(-1)).toMatchObject({ data: { reason: expect.stringMatching(/it begins anew/) } });
    });

    it("has no say in it when it is cancelled", async () => {
      const lab = await accept();
      work(lab, { execute: byEngine("wasm", []), engine: "wasm" });
      await until(isLeft, "the job left", { lab });
      await lab.decide({ action: "cancel", target: { kind: "sweep", sweep: "one" } });
      const database = await at.connect();
      const { rows } = await database.query((db) => sql`SELECT id FROM mesascope_queue.job`.execute(db));
      expect(rows).toEqual([]);
    });
  });

  it("does no more at once than its machine has seats, with others of the lab, and takes what one of them leaves", async () => {
    const { lab } = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(12) });
    let [running, most] = [0, 0];
    const together: ExecuteJob = async ({ spec }) => {
      most = Math.max(most, ++running);
      await sleep(50);
      running--;
      return doneEnd(spec);
    };
    const seats = { lab: lab.id, count: 2 };
    const first = work(lab, { execute: together, slots: 2, seats });
    work(lab, { execute: together, slots: 2, seats });
    await waitFor(lab, "done", 6);
    await first.stop();
    await waitFor(lab, "done", 12);
    expect(most).toBe(2);
  });
});
