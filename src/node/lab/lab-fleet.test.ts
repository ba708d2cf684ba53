import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jobKey } from "../../lab/job.ts";
import { indexDocument, ledgerPrefix, recordPath, recordsPrefix } from "../../lab/layout.ts";
import { lockLedger } from "./append-to-ledger.ts";
import { type PostgresServer, startPostgres } from "./database/postgres.fixture.ts";
import { openPostgres } from "./database/postgres-database.ts";
import {
  auditSpec,
  code,
  doneEnd,
  execute,
  specs,
  startWorker,
  trainSpec,
  until,
  untilStopped,
  type Worker,
  waitFor,
} from "./lab.fixture.ts";
import { Lab } from "./lab.ts";
import type { LabParts } from "./lab-parts.ts";
import { MemoryStore } from "./memory-store.fixture.ts";
import { takeJobs, tellProgress } from "./queue/attempts.ts";
import { confirm, failAttempt, giveBack } from "./queue/end-attempt.ts";
import { TicketQueue } from "./queue/ticket-queue.ts";
import type { ExecuteJob, JobEnd } from "./taken-job.ts";

/** What several processes do to each other over one PostgreSQL. */
describe("a fleet", () => {
  let server: PostgresServer;
  let store: MemoryStore;
  let url: string;
  const labs: Lab[] = [];
  const workers: Worker[] = [];
  const openLab = async (at = url, on = store) => {
    const lab = await Lab.open({ store: on, code, database: await openPostgres(at) });
    labs.push(lab);
    return lab;
  };
  const work = (...given: Parameters<typeof startWorker>) => {
    const worker = startWorker(...given);
    workers.push(worker);
    return worker;
  };

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  const begin = async () => {
    url = await server.createDatabase();
    store = new MemoryStore();
    return await openLab();
  };
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    for (const lab of labs.splice(0)) await lab.close();
  });
  afterAll(() => server.stop());

  it("does each of 200 jobs once, though two labs race for them, with events without gaps in the order of commits", async () => {
    const first = await begin();
    const second = await openLab();
    await Promise.all([
      first.accept({ sweep: "left", priority: 50, jobs: [...specs(90), auditSpec(1)] }),
      second.accept({ sweep: "right", priority: 50, jobs: specs(120, 81) }),
    ]);
    const done = new Map<string, number>();
    const counted: ExecuteJob = async (job) => {
      done.set(job.key, (done.get(job.key) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      return await execute(job);
    };
    const heard: number[] = [];
    second.onEvent(({ number }) => heard.push(number));
    for (const lab of [first, second, first, second]) work(lab, { execute: counted, slots: 4 });
    await waitFor(first, "done", 201);
    expect([...done.values()].every((times) => times === 1)).toBe(true);
    expect(store.under(recordsPrefix)).toHaveLength(201);
    const events = await first.events({ after: 0, limit: 10_000 });
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    await until(() => heard.length === events.length, "all events");
    expect(heard).toEqual(events.map(({ number }) => number));
    expect(events.filter(({ kind }) => kind === "done")).toHaveLength(201);
    // What is about a run starts after it was done.
    const place = (kind: string, key: string) => events.findIndex((event) => event.kind === kind && event.job === key);
    expect(place("started", jobKey(auditSpec(1)))).toBeGreaterThan(place("done", jobKey(trainSpec(1))));
  });

  it("lets an attempt that is no longer the job's change nothing", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: [trainSpec(1), auditSpec(1)] });
    const database = await openPostgres(url);
    const tickets = await TicketQueue.open({ database });
    await tickets.prepare([code]);
    const parts: LabParts = { store, database, tickets, code, clock: () => new Date() };
    const key = jobKey(trainSpec(1));
    const [stale] = (await takeJobs(parts, { worker: "stale", count: 5 })).attempts;
    expect(stale).toMatchObject({ key, attempt: 1 });
    await lab.decide({ action: "cancel", target: { kind: "jobs", jobs: [key] } });
    await lab.decide({ action: "retry", target: { kind: "jobs", jobs: [key] }, reason: "again" });
    const [current] = (await takeJobs(parts, { worker: "current", count: 5 })).attempts;
    expect(current).toMatchObject({ key, attempt: 2 });
    const end = doneEnd(trainSpec(1)) as Extract<JobEnd, { kind: "done" }>;
    const failed = { kind: "failed", code: null, message: "no", isFinal: true } as const;
    const progress = { share: 1, secondsLeft: 0, environmentSteps: 1, trainingReturn: 1, oracleShare: 1, stage: null };
    // Silence grows by itself; when something was heard last does not.
    const seen = async () => ({
      listed: (await lab.jobs()).rows.map(({ silentFor: _, ...row }) => row),
      heard: await database.query((db) => db.selectFrom("jobs").select(["key", "heard_at"]).orderBy("key").execute()),
    });
    const before = await seen();
    expect(await confirm(parts, { attempt: stale!, end })).toBe(false);
    expect(await failAttempt(parts, { attempt: stale!, end: failed })).toBe("void");
    expect(await giveBack(parts, { attempt: stale!, reason: "stopped" })).toBe(false);
    const told = await tellProgress(parts, [{ attempt: stale!, progress, rows: [{ environmentSteps: 1 }], firstRow: 0 }]);
    expect(told.size).toBe(0);
    expect(await seen()).toEqual(before);
    expect(await lab.curve(key)).toEqual([]);
    expect(store.under(recordsPrefix)).toEqual([]);
    expect(store.under(ledgerPrefix)).toHaveLength(3);
    expect(await confirm(parts, { attempt: current!, end })).toBe(true);
    expect(await confirm(parts, { attempt: current!, end })).toBe(false);
    expect(store.under(recordsPrefix)).toEqual([recordPath(key)]);
    expect(await lab.counts()).toMatchObject({ done: 1, queued: 1 });
    await tickets.close();
    await database.close();
  });

  it("gives the job of a worker that fell silent to another within 30 seconds", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: [trainSpec(1)] });
    const database = await openPostgres(url);
    const tickets = await TicketQueue.open({ database });
    await tickets.prepare([code]);
    // Takes the job and is never heard of again, as one that was killed.
    await takeJobs({ store, database, tickets, code, clock: () => new Date() }, { worker: "dead", count: 1 });
    await tickets.close();
    await database.close();
    const start = performance.now();
    work(lab);
    await waitFor(lab, "done", 1);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect((await lab.jobs()).rows[0]).toMatchObject({ attempt: 2 });
    const events = await lab.events({ after: 0, limit: 100 });
    expect(events.find(({ kind }) => kind === "returned")).toMatchObject({ data: { attempt: 1, reason: "lease-lost" } });
  });

  it("goes on where it was when the database was away", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(3) });
    const finish = Promise.withResolvers<void>();
    const waiting: ExecuteJob = async (job) => {
      await finish.promise;
      return await execute(job);
    };
    const worker = work(lab, { execute: waiting });
    await waitFor(lab, "running", 2);
    await server.kill();
    finish.resolve();
    await until(() => worker.warnings.length > 0, "a warning");
    expect(worker.warnings[0]).toMatch(/the lab's database .* failed/);
    await expect(lab.counts()).rejects.toMatchObject({ code: "database" });
    await server.start();
    await until(async () => (await lab.counts()).done === 3, "three done");
    expect(store.under(recordsPrefix)).toHaveLength(3);
  });

  it("outlives a database that goes away between two statements of a transaction", async () => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on("uncaughtException", note);
    const database = await openPostgres(await server.createDatabase());
    try {
      const transaction = database.transaction(async (trx) => {
        await sql`SELECT 1`.execute(trx);
        await server.kill();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await sql`SELECT 1`.execute(trx);
      });
      await expect(transaction).rejects.toMatchObject({ code: "database" });
      expect(uncaught).toEqual([]);
    } finally {
      process.off("uncaughtException", note);
      await server.start();
      await database.close();
    }
  });

  it("does a transaction again that the server ended because its process had been silent", async () => {
    const database = await openPostgres(await server.createDatabase(), { silence: 1 });
    let tries = 0;
    const result = await database.transaction(async (trx) => {
      await sql`SELECT 1`.execute(trx);
      if (++tries === 1) await new Promise((resolve) => setTimeout(resolve, 2000));
      return await sql`SELECT 1 AS one`.execute(trx);
    });
    expect({ tries, rows: result.rows }).toEqual({ tries: 2, rows: [{ one: 1 }] });
    await database.close();
  });

  it("refuses a database that is the index of another lab, or that a newer Mesascope has changed", async () => {
    await begin();
    await expect(openLab(url, new MemoryStore())).rejects.toThrow(/holds no lab, but the database .* is the index of one/);
    const other = new MemoryStore();
    await openLab(await server.createDatabase(), other);
    await expect(openLab(url, other)).rejects.toThrow(/is the index of another lab/);
    const database = await openPostgres(url);
    await database.query((db) =>
      sql`INSERT INTO mesascope.migrations (name, timestamp) VALUES ('9999-later', 'now')`.execute(db),
    );
    await database.close();
    await expect(openLab()).rejects.toMatchObject({
      code: "unsupported-version",
      message: expect.stringContaining("9999-later"),
    });
    await expect(openPostgres("mysql://x")).rejects.toMatchObject({ code: "usage" });
  });

  it("is opened by many at once, as one lab", async () => {
    store = new MemoryStore();
    url = await server.createDatabase();
    const opened = await Promise.all(Array.from({ length: 6 }, () => openLab()));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    await Promise.all(opened.map((lab, i) => lab.accept({ sweep: `sweep-${i}`, priority: 50, jobs: specs(2) })));
    expect(await opened[0]!.counts()).toMatchObject({ queued: 2 });
    expect(store.under(ledgerPrefix)).toHaveLength(6);
  });

  it("makes the tickets anew that a restored queue lacks", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const database = await openPostgres(url);
    await database.query((db) => sql`DELETE FROM mesascope_queue.job`.execute(db));
    await database.query((db) => sql`UPDATE mesascope.lab SET reconciled_at = 'epoch'`.execute(db));
    await database.close();
    const again = await openLab();
    work(again);
    await waitFor(again, "done", 2);
  });

  it("tells a worker that stands still that its job is another's", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: [trainSpec(1)] });
    const reasons: unknown[] = [];
    const noted: ExecuteJob = async (job) => {
      const end = await untilStopped(job);
      reasons.push(job.signal.reason);
      return end;
    };
    work(lab, { execute: noted });
    await waitFor(lab, "running", 1);
    const database = await openPostgres(url);
    await database.query((db) =>
      sql`UPDATE mesascope.jobs SET attempt = attempt + 1, ticket = gen_random_uuid() WHERE state = 'running'`.execute(db),
    );
    await database.query((db) => sql`DELETE FROM mesascope_queue.job`.execute(db));
    await database.close();
    await until(() => reasons.length > 0, "a stop");
    expect(reasons).toEqual(["lease-lost"]);
  });

  it("goes on when a process is frozen in the middle of a transaction", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const frozen = await openPostgres(url, { silence: 1 });
    const thawed = Promise.withResolvers<void>();
    const isFrozen = Promise.withResolvers<void>();
    const transaction = frozen.transaction(async (trx) => {
      await lockLedger(trx);
      await sql`UPDATE mesascope.event_head SET number = number`.execute(trx);
      isFrozen.resolve();
      await thawed.promise;
      await sql`SELECT 1`.execute(trx);
    });
    await isFrozen.promise;
    await lab.decide({ action: "prioritize", target: { kind: "sweep", sweep: "one" }, priority: 60 });
    work(lab);
    await waitFor(lab, "done", 2);
    thawed.resolve();
    // The server ended it; it is done again.
    await transaction;
    await frozen.close();
  });

  it("lets one change the tables for longer than others may be silent", async () => {
    await begin();
    const slow = await openPostgres(url, { silence: 8 });
    const order: string[] = [];
    const begun = Promise.withResolvers<void>();
    const first = slow.alone(async () => {
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 9000));
      order.push("slow");
    });
    await begun.promise;
    const other = await openPostgres(url);
    order.push("other");
    await first;
    expect(order).toEqual(["slow", "other"]);
    await slow.close();
    await other.close();
  });

  it("lets others read the old index while it is made anew", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(3) });
    const other = await openLab();
    const read = store.getDocument.bind(store);
    const seen: unknown[] = [];
    store.getDocument = async (path) => {
      seen.push((await other.counts()).queued, (await other.sweeps()).length, (await other.jobs()).total);
      return await read(path);
    };
    expect(await lab.rebuild()).toMatchObject({ entries: 1 });
    expect(seen).toEqual([3, 1, 3]);
    store.getDocument = read;
    work(other);
    await waitFor(lab, "done", 3);
  });

  it("goes through all files once, however many of its processes start at once", async () => {
    await begin();
    let listings = 0;
    const list = store.listDocuments.bind(store);
    store.listDocuments = (prefix) => {
      if (prefix === ledgerPrefix) listings++;
      return list(prefix);
    };
    await Promise.all(Array.from({ length: 4 }, () => openLab()));
    expect(listings).toBe(0);
  });

  it("goes on after what its database lost the last commits of", async () => {
    const lab = await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    const database = await openPostgres(await server.createDatabase());
    const index = await store.getDocument(indexDocument);
    const other = await Lab.open({ store, code, database, takesOver: true });
    labs.push(other);
    await other.accept({ sweep: "two", priority: 50, jobs: specs(1, 2) });
    // The first database knows nothing of that, as if it had been told and had lost it.
    await store.putDocument(indexDocument, index);
    await lab.accept({ sweep: "three", priority: 50, jobs: specs(1, 3) });
    expect((await lab.sweeps()).map(({ name }) => name).sort()).toEqual(["one", "three", "two"]);
    expect(store.under(ledgerPrefix).map((path) => Number.parseInt(path.slice(ledgerPrefix.length), 10))).toEqual([1, 2, 3]);
  });
});
