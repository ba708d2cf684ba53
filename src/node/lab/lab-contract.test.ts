import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { jobKey, jobSpecSchema } from "../../lab/job.ts";
import { checkpointPath, ledgerPath, ledgerPrefix, recordPath, recordsPrefix } from "../../lab/layout.ts";
import { ledgerDocumentSchema } from "../../lab/ledger.ts";
import {
  auditSpec,
  code,
  type Databases,
  doneEnd,
  execute,
  openTestLab,
  specs,
  startDatabases,
  startWorker,
  type TestLab,
  trainSpec,
  until,
  untilStopped,
  type Worker,
  waitFor,
} from "./lab.fixture.ts";
import type { ExecuteJob, JobEnd, StopReason } from "./taken-job.ts";

/** What a lab does, whichever database its index is in. */
describe.each(["pglite", "postgres"] as const)("a lab on %s", (kind) => {
  let databases: Databases;
  let at: TestLab;
  const workers: Worker[] = [];
  const work = (...given: Parameters<typeof startWorker>) => {
    const worker = startWorker(...given);
    workers.push(worker);
    return worker;
  };
  const begin = async (...given: Parameters<typeof openTestLab> extends [Databases, ...infer Rest] ? Rest : never) => {
    at = await openTestLab(databases, ...given);
    return at;
  };

  beforeAll(async () => {
    databases = await startDatabases(kind);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await at.close();
  });
  afterAll(() => databases.stop());

  const sweep = { sweep: "corners", priority: 50 } as const;

  it("accepts a sweep once, however often it is asked, and only what is new of a larger one", async () => {
    const { lab, store } = await begin();
    const jobs = [trainSpec(1), auditSpec(1), trainSpec(1)];
    expect(await lab.accept({ ...sweep, jobs })).toEqual({ sweep: "corners", jobs: 2, added: 2, revived: 0, done: 0 });
    expect(await lab.accept({ ...sweep, jobs })).toEqual({ sweep: "corners", jobs: 2, added: 0, revived: 0, done: 0 });
    expect(store.under(ledgerPrefix)).toHaveLength(1);
    expect(await lab.accept({ ...sweep, jobs: [...jobs, trainSpec(2)] })).toMatchObject({ jobs: 3, added: 1 });
    expect(await lab.accept({ sweep: "other", priority: 10, jobs })).toMatchObject({ added: 0 });
    const { rows, total } = await lab.jobs();
    expect(total).toBe(3);
    expect(rows.map(({ kind: kindOf, state, sweeps }) => ({ kindOf, state, sweeps }))).toEqual([
      { kindOf: "train", state: "queued", sweeps: ["corners", "other"] },
      { kindOf: "audit", state: "blocked", sweeps: ["corners", "other"] },
      { kindOf: "train", state: "queued", sweeps: ["corners"] },
    ]);
    expect((await lab.job(jobKey(jobs[1]!)))?.spec).toEqual(jobs[1]);
  });

  it("has written down what it accepts before it says so, and nothing of what it refuses", async () => {
    const { lab, store } = await begin();
    store.onPut = (path, when) => {
      if (path.startsWith(ledgerPrefix) && when === "before") throw new MesascopeError("file-system", "the disk is full");
    };
    await expect(lab.accept({ ...sweep, jobs: specs(2) })).rejects.toThrow("the disk is full");
    expect((await lab.jobs()).total).toBe(0);
    store.onPut = () => undefined;
    await expect(lab.accept({ ...sweep, jobs: [auditSpec(7)] })).rejects.toThrow(/job 1 of the sweep \(audit\) is about the run/);
    await expect(lab.decide({ action: "pause", target: { kind: "sweep", sweep: "corner" } })).rejects.toThrow(
      'unknown sweep "corner"',
    );
    const target = { kind: "jobs" as const, jobs: [jobKey(trainSpec(9))] };
    await expect(lab.decide({ action: "cancel", target })).rejects.toThrow(/the lab has no job/);
    expect(store.under(ledgerPrefix)).toEqual([]);
    await lab.accept({ ...sweep, jobs: specs(2) });
    expect(ledgerDocumentSchema.parse(await store.getDocument(store.under(ledgerPrefix)[0]!)).entry).toMatchObject(sweep);
  });

  it("does every job once, writes its record, and then what waited for it, once", async () => {
    const { lab, store } = await begin();
    const done: string[] = [];
    await lab.accept({ ...sweep, jobs: [auditSpec(1), ...specs(3)].reverse() });
    const checkpoint = checkpointPath(jobKey(trainSpec(1)), 4);
    store.documents.set(checkpoint, "{}");
    const counted: ExecuteJob = async (job) => {
      done.push(job.key);
      return await execute(job);
    };
    work(lab, { execute: counted, slots: 3 });
    await waitFor(lab, "done", 4);
    expect(done.sort()).toEqual([auditSpec(1), ...specs(3)].map(jobKey).sort());
    expect(done.indexOf(jobKey(auditSpec(1)))).toBeGreaterThanOrEqual(0);
    expect(store.under(recordsPrefix)).toEqual(done.map(recordPath).sort());
    await until(() => !store.documents.has(checkpoint), "no checkpoint");
    const found = await lab.job(jobKey(trainSpec(2)));
    expect(found).toMatchObject({
      row: { state: "done", attempt: 1, seconds: 2, outcome: { trainingReturn: 0.2 }, progress: null },
      record: { job: jobKey(trainSpec(2)), made: { attempt: 1, engine: "none" } },
    });
    expect(await lab.accept({ ...sweep, jobs: specs(3) })).toMatchObject({ added: 0, done: 3 });
    const events = await lab.events({ after: 0, limit: 100 });
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ kind: what }) => what === "done")).toHaveLength(4);
  });

  it("takes jobs by priority, then by age, also when the priority changed", async () => {
    const { lab } = await begin();
    const [low, middle, high, raised] = [specs(2, 1), specs(2, 3), specs(2, 5), specs(1, 7)];
    await lab.accept({ sweep: "low", priority: 10, jobs: [...low, ...raised] });
    await lab.accept({ sweep: "middle", priority: 50, jobs: middle });
    await lab.accept({ sweep: "high", priority: 60, jobs: high });
    await lab.decide({ action: "prioritize", target: { kind: "sweep", sweep: "high" }, priority: 90 });
    await lab.decide({ action: "prioritize", target: { kind: "jobs", jobs: raised.map(jobKey) }, priority: 100 });
    const order: string[] = [];
    const noted: ExecuteJob = async (job) => {
      order.push(job.key);
      return await execute(job);
    };
    work(lab, { execute: noted, slots: 1 });
    await waitFor(lab, "done", 7);
    expect(order).toEqual([...raised, ...high, ...middle, ...low].map(jobKey));
  });

  it("tells what is under way: progress, curve, events, workers", async () => {
    const { lab } = await begin();
    await lab.accept({ ...sweep, jobs: [trainSpec(1)] });
    const finish = Promise.withResolvers<void>();
    const progress = { share: 0.5, secondsLeft: 3, environmentSteps: 20, trainingReturn: 1, oracleShare: 0.5, stage: null };
    const telling: ExecuteJob = async (job) => {
      job.report({ ...progress, share: 0.1 }, [{ environmentSteps: 0, trainingReturn: 0 }]);
      job.report(progress, [{ environmentSteps: 10, trainingReturn: 1 }]);
      await finish.promise;
      return await execute(job);
    };
    const heard: string[] = [];
    const unlisten = lab.onEvent((event) => heard.push(`${event.number} ${event.kind}`));
    work(lab, { execute: telling, worker: "anna" });
    const key = jobKey(trainSpec(1));
    await until(async () => (await lab.job(key))?.row.progress?.share === 0.5, "progress", { lab });
    expect(await lab.curve(key)).toEqual([
      { environmentSteps: 0, trainingReturn: 0 },
      { environmentSteps: 10, trainingReturn: 1 },
    ]);
    expect(await lab.workers()).toMatchObject([{ name: "anna", slots: 2, code, running: [key], trouble: null }]);
    const silences = async () => [(await lab.job(key))?.row.silentFor, (await lab.jobs()).rows[0]!.silentFor];
    for (const silence of await silences()) expect(silence).toEqual(expect.any(Number));
    finish.resolve();
    await waitFor(lab, "done", 1);
    await until(() => heard.length === 5, "five events", { lab });
    expect(heard).toEqual(["1 sweep-accepted", "2 worker-joined", "3 started", "4 progress", "5 done"]);
    unlisten();
    expect(await silences()).toEqual([null, null]);
    expect(await lab.curve(key)).toEqual([]);
    expect(await lab.status()).toMatchObject({ database: kind, workers: 1, lastEvent: 5, counts: { done: 1, queued: 0 } });
  });

  it("stops what runs within two seconds when it is cancelled or paused, says why, and keeps no result of it", async () => {
    const { lab, store } = await begin();
    await lab.accept({ ...sweep, jobs: specs(3) });
    const reasons = new Map<string, StopReason>();
    const ends: JobEnd[] = [];
    const stubborn: ExecuteJob = async (job) => {
      await untilStopped(job);
      reasons.set(job.key, job.signal.reason);
      // It says that it is done all the same: that counts for nothing.
      ends.push(doneEnd(job.spec));
      return ends.at(-1)!;
    };
    work(lab, { execute: stubborn, slots: 3 });
    await waitFor(lab, "running", 3);
    const [cancelled, held, running] = specs(3).map(jobKey);
    const start = performance.now();
    expect(await lab.decide({ action: "cancel", target: { kind: "jobs", jobs: [cancelled!] } })).toEqual({ affected: 1 });
    await lab.decide({ action: "pause", target: { kind: "jobs", jobs: [held!] } });
    await until(() => reasons.size === 2, "two stops", { lab });
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(Object.fromEntries(reasons)).toEqual({ [cancelled!]: "cancelled", [held!]: "held" });
    expect(await lab.counts()).toMatchObject({ cancelled: 1, held: 1, running: 1, done: 0 });
    expect((await lab.job(running!))?.row.state).toBe("running");
    await workers.pop()!.stop();
    // The third was told to stop as the worker went, and was done at that moment: its result counts.
    expect(reasons.get(running!)).toBe("stopping");
    expect(store.under(recordsPrefix)).toEqual([recordPath(running!)]);
    expect(await lab.counts()).toMatchObject({ cancelled: 1, held: 1, done: 1 });
  });

  it("pauses a sweep with all that comes to it, and resumes it", async () => {
    const { lab } = await begin();
    const target = { kind: "sweep", sweep: "corners" } as const;
    await lab.accept({ ...sweep, jobs: [trainSpec(1), auditSpec(1)] });
    expect(await lab.decide({ action: "pause", target })).toEqual({ affected: 2 });
    await lab.accept({ ...sweep, jobs: [trainSpec(2)] });
    expect(await lab.counts()).toMatchObject({ held: 3 });
    work(lab);
    expect(await lab.decide({ action: "pause", target })).toEqual({ affected: 0 });
    expect(await lab.decide({ action: "resume", target })).toEqual({ affected: 3 });
    await waitFor(lab, "done", 3);
  });

  it("retries what was cancelled or has failed, and what is about it after it", async () => {
    const { lab } = await begin();
    const target = { kind: "sweep", sweep: "corners" } as const;
    await lab.accept({ ...sweep, jobs: [trainSpec(1), auditSpec(1)] });
    expect(await lab.decide({ action: "cancel", target })).toEqual({ affected: 2 });
    expect(await lab.counts()).toMatchObject({ cancelled: 2 });
    expect(await lab.decide({ action: "retry", target, reason: "a mistake" })).toEqual({ affected: 2 });
    expect(await lab.counts()).toMatchObject({ queued: 1, blocked: 1 });
    work(lab);
    await waitFor(lab, "done", 2);
    expect(await lab.decide({ action: "retry", target, reason: "again" })).toEqual({ affected: 0 });
    expect(await lab.decide({ action: "cancel", target })).toEqual({ affected: 0 });
  });

  it("tries a job that fails three times, then keeps the failure in the ledger; one that would fail alike only once", async () => {
    const { lab, store } = await begin();
    await lab.accept({ ...sweep, jobs: specs(3) });
    const [first, second, third] = specs(3).map(jobKey);
    const tries = new Map<string, number>();
    const failing: ExecuteJob = async ({ key, spec, attempt }) => {
      tries.set(key, attempt);
      if (key === first) throw new MesascopeError("engine", "out of memory");
      if (key === second) return { kind: "failed", code: "check-failed", message: "no organism", isFinal: true };
      return attempt < 3 ? { kind: "failed", code: null, message: "chance", isFinal: false } : doneEnd(spec);
    };
    work(lab, { execute: failing, slots: 3 });
    await waitFor(lab, "failed", 2);
    await waitFor(lab, "done", 1);
    expect(Object.fromEntries(tries)).toEqual({ [first!]: 3, [second!]: 1, [third!]: 3 });
    expect((await lab.job(first!))?.row).toMatchObject({
      state: "failed",
      attempt: 3,
      error: { code: "engine", message: "out of memory" },
    });
    const entries = await Promise.all(
      store.under(ledgerPrefix).map(async (path) => ledgerDocumentSchema.parse(await store.getDocument(path)).entry),
    );
    expect(entries.slice(1)).toEqual([
      { kind: "failure", job: second, attempt: 1, code: "check-failed", message: "no organism" },
      { kind: "failure", job: first, attempt: 3, code: "engine", message: "out of memory" },
    ]);
    const returned = (await lab.events({ after: 0, limit: 100 })).filter((event) => event.kind === "returned");
    expect(returned).toHaveLength(4);
    await lab.decide({ action: "retry", target: { kind: "jobs", jobs: [first!] }, reason: "more memory" });
    await until(() => tries.get(first!)! > 3, "another try", { lab });
  });

  it("waits for a store that fails, says so, and loses nothing of what was computed", async () => {
    const { lab, store } = await begin();
    await lab.accept({ ...sweep, jobs: specs(2) });
    let isFull = true;
    let executed = 0;
    store.onPut = (path, when) => {
      if (isFull && when === "before" && path.startsWith(recordsPrefix))
        throw new MesascopeError("file-system", "the disk is full");
    };
    const counted: ExecuteJob = async (job) => {
      executed++;
      return await execute(job);
    };
    const worker = work(lab, { execute: counted });
    await until(() => worker.warnings.length > 0, "a warning", { lab });
    expect(worker.warnings).toContain("the disk is full");
    await sleep(100);
    expect(await lab.counts()).toMatchObject({ running: 2, done: 0 });
    isFull = false;
    await waitFor(lab, "done", 2);
    expect(executed).toBe(2);
  });

  it("gives a job back whose surroundings failed, and counts no failure", async () => {
    const { lab } = await begin();
    await lab.accept({ ...sweep, jobs: specs(1) });
    const troubled: ExecuteJob = async ({ attempt, spec }) =>
      attempt < 4 ? { kind: "failed", code: "file-system", message: "no space", isFinal: false } : doneEnd(spec);
    const worker = work(lab, { execute: troubled });
    await waitFor(lab, "done", 1);
    expect(worker.warnings).toEqual(["no space"]);
    expect((await lab.jobs()).rows[0]).toMatchObject({ attempt: 4 });
  });

  it("gives jobs back when a worker goes, to be taken first by the next", async () => {
    const { lab } = await begin();
    await lab.accept({ ...sweep, jobs: specs(3) });
    const worker = work(lab, { execute: untilStopped, slots: 1 });
    await waitFor(lab, "running", 1);
    await worker.stop();
    expect(await lab.counts()).toMatchObject({ queued: 3, running: 0 });
    expect(await lab.workers()).toEqual([]);
    const order: string[] = [];
    const noted: ExecuteJob = async (job) => {
      order.push(job.key);
      return await execute(job);
    };
    work(lab, { execute: noted, slots: 1 });
    await waitFor(lab, "done", 3);
    expect(order).toEqual(specs(3).map(jobKey));
    expect((await lab.job(order[0]!))?.row.attempt).toBe(2);
  });

  it("does not take jobs of another code version, and says that they wait", async () => {
    const { lab } = await begin();
    const other = jobSpecSchema.parse({ ...trainSpec(1), code: "0.2.0+ffffffffff" });
    await lab.accept({ ...sweep, jobs: [other, trainSpec(2)] });
    work(lab);
    await waitFor(lab, "done", 1);
    expect((await lab.status()).waitingForOtherCode).toEqual({ "0.2.0+ffffffffff": 1 });
    expect(await lab.counts()).toMatchObject({ queued: 1 });
  });

  it("tells code versions apart that differ in a mark only", async () => {
    const { lab } = await begin();
    const other = jobSpecSchema.parse({ ...trainSpec(1), code: code.replace("+", "_") });
    await lab.accept({ ...sweep, jobs: [other, trainSpec(2)] });
    work(lab);
    await waitFor(lab, "done", 1);
    await sleep(200);
    expect((await lab.job(jobKey(other)))?.row).toMatchObject({ state: "queued", attempt: 0 });
    expect(() => jobSpecSchema.parse({ ...trainSpec(1), code: "x".repeat(65) })).toThrow(/at most 64/);
  });

  it("heals on opening what was cut short between the record and the commit, and between an entry and its commit", async () => {
    const { lab, store, again } = await begin();
    await lab.accept({ ...sweep, jobs: [trainSpec(1), auditSpec(1)] });
    store.onPut = (path, when) => {
      if (when === "after") throw new MesascopeError("database", `cut after ${path}`);
    };
    const worker = work(lab, { slots: 1 });
    await until(() => worker.warnings.some((text) => text.includes("records/")), "the cut", { lab });
    await worker.stop();
    await expect(lab.accept({ ...sweep, jobs: [trainSpec(2)] })).rejects.toThrow("cut after ledger/");
    expect(await lab.counts()).toMatchObject({ running: 1, blocked: 1, queued: 0, done: 0 });
    store.onPut = () => undefined;
    // Another entry overtakes the one that was cut short, which the disk shows only then.
    const late = store.under(ledgerPrefix)[1]!;
    const document = store.documents.get(late)!;
    store.documents.delete(late);
    await lab.accept({ sweep: "later", priority: 50, jobs: [trainSpec(3)] });
    store.documents.set(late, document);
    if (kind === "pglite") await lab.close();
    const healed = await again();
    expect(await healed.counts()).toMatchObject({ running: 0, blocked: 0, queued: 3, done: 1 });
    const entries = store.under(ledgerPrefix).map((path) => ledgerDocumentSchema.parse(JSON.parse(store.documents.get(path)!)));
    expect(entries.map(({ number, entry }) => [number, entry.kind === "sweep" && entry.sweep])).toEqual([
      [1, "corners"],
      [3, "later"],
      [4, "corners"],
    ]);
    // What verifying looks for.
    expect((await healed.entries()).map(ledgerPath)).toEqual(store.under(ledgerPrefix));
    const answers = await healed.jobs();
    await healed.rebuild();
    expect(await healed.jobs()).toEqual(answers);
    work(healed);
    await waitFor(healed, "done", 4);
  });
});
