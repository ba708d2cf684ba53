import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { jobKey } from "../../lab/job.ts";
import { indexDocument, ledgerPath, ledgerPrefix, recordsPrefix } from "../../lab/layout.ts";
import { ledgerSchemaId } from "../../lab/ledger.ts";
import type { LabDatabase } from "./database/lab-database.ts";
import { auditSpec, code, type Databases, doneEnd, specs, startDatabases } from "./lab.fixture.ts";
import { Lab } from "./lab.ts";
import type { LabParts } from "./lab-parts.ts";
import { reconcile } from "./maintenance/reconcile.ts";
import { MemoryStore } from "./memory-store.fixture.ts";
import { takeJobs } from "./queue/attempts.ts";
import { confirm, failAttempt } from "./queue/end-attempt.ts";
import { TicketQueue } from "./queue/ticket-queue.ts";
import { damaged } from "./store/store-content.ts";
import type { JobEnd } from "./taken-job.ts";

/** What is put right when something ended between two steps, was lost, or came late. */
describe.each(["pglite", "postgres"] as const)("a lab that is healed on %s", (kind) => {
  let databases: Databases;
  let store: MemoryStore;
  let database: LabDatabase;
  let lab: Lab;
  let parts: LabParts;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    databases = await startDatabases(kind);
  }, 60_000);
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(() => databases.stop());

  const openLab = async (on: MemoryStore) => {
    const opened = await (await databases.create())();
    const made = await Lab.open({ store: on, database: opened, code, takesOver: true });
    ends.push(() => made.close());
    return { lab: made, database: opened };
  };
  const begin = async () => {
    store = new MemoryStore();
    ({ lab, database } = await openLab(store));
    const tickets = await TicketQueue.open({ database });
    ends.push(() => tickets.close());
    parts = { store, database, tickets, code, clock: () => new Date() };
  };
  const heal = async () => {
    await database.query((db) => sql`UPDATE mesascope.lab SET reconciled_at = 'epoch'`.execute(db));
    return await reconcile(parts, { isOpening: false });
  };
  const sweep = { kind: "sweep", sweep: "one" } as const;

  it("answers rightly and writes one entry when its transaction is tried again after the entry was put", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(5) });
    let failures = 0;
    store.onPut = (path, when) => {
      if (path.startsWith(ledgerPrefix) && when === "after" && failures-- > 0) {
        throw Object.assign(new Error("canceling statement due to lock timeout"), { code: "55P03" });
      }
    };
    failures = 2;
    expect(await lab.decide({ action: "cancel", target: sweep })).toEqual({ affected: 5 });
    failures = 1;
    expect(await lab.accept({ sweep: "two", priority: 50, jobs: specs(3, 50) })).toMatchObject({ added: 3 });
    expect(store.under(ledgerPrefix)).toHaveLength(3);
    expect((await lab.entries()).map(ledgerPath)).toEqual(store.under(ledgerPrefix));
    expect(await heal()).toEqual([]);
    expect((await lab.events({ after: 0, limit: 100 })).map(({ kind }) => kind)).toEqual([
      "sweep-accepted",
      "decided",
      "sweep-accepted",
    ]);
  });

  it("does not hold others up for a store that does not take an entry, which comes into force when it arrives late", {
    timeout: 60_000,
  }, async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const arrives = Promise.withResolvers<void>();
    store.onPut = (path, when) => (path.startsWith(ledgerPrefix) && when === "before" ? arrives.promise : undefined);
    const refused = expect(lab.decide({ action: "cancel", target: sweep })).rejects.toThrow(
      /memory did not take an entry of the ledger within \d+ s/,
    );
    await refused;
    expect(await lab.counts()).toMatchObject({ queued: 2 });
    store.onPut = () => undefined;
    arrives.resolve();
    await lab.accept({ sweep: "two", priority: 50, jobs: specs(1, 3) });
    expect(await lab.counts()).toMatchObject({ cancelled: 2, queued: 1 });
  });

  /** As if the last process had been killed before the commit, and somebody had removed the blob. */
  const putUnreadable = async (id: string) => {
    const number = (await lab.entries()).at(-1)!.number + 1;
    const jobs = { sha256: "a".repeat(64), bytes: 10 };
    const entry = { kind: "sweep", sweep: "lost", priority: 50, jobs, count: 3 };
    const document = { schema: ledgerSchemaId, number, id, at: "2026-03-01T10:00:00.000Z", entry };
    await store.putDocument(ledgerPath(document), document);
  };

  it("tells of an entry that it cannot read when something is written after it, and when another process is opened", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const told: string[] = [];
    const open = await databases.create();
    const other = await Lab.open({ store, database: await open(), code, takesOver: true, onWarning: (text) => told.push(text) });
    ends.push(() => other.close());
    lab = other;
    await putUnreadable("00000000000000aa");
    await other.decide({ action: "prioritize", target: sweep, priority: 60 });
    expect(told).toEqual([expect.stringContaining("a".repeat(64))]);
    expect(other.warnings).toEqual([]);
    if (kind === "pglite") return;
    await putUnreadable("00000000000000bb");
    const third = await Lab.open({ store, database: await open(), code });
    ends.push(() => third.close());
    expect(third.warnings).toEqual([expect.stringContaining("a".repeat(64))]);
  });

  it("applies an entry later that could not be read for a moment", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const document = {
      ...{ schema: ledgerSchemaId, number: 2, id: "00000000000000aa", at: "2026-03-01T10:00:00.000Z" },
      entry: { kind: "decision", decision: { action: "cancel", target: sweep } },
    };
    await store.putDocument(ledgerPath(document), document);
    const read = store.getDocument.bind(store);
    store.getDocument = async (path) => {
      if (path !== ledgerPath(document)) return await read(path);
      throw damaged(path, "the disk cannot read it (EIO)", "EIO");
    };
    expect(await heal()).toEqual([expect.stringContaining("the disk cannot read it")]);
    expect(await lab.counts()).toMatchObject({ queued: 2 });
    store.getDocument = read;
    expect(await heal()).toEqual([]);
    expect(await lab.counts()).toMatchObject({ cancelled: 2 });
  });

  it("opens and goes on without an entry of the ledger that is gone or damaged, and what was about it", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    await lab.decide({ action: "prioritize", target: sweep, priority: 60 });
    await lab.accept({ sweep: "two", priority: 50, jobs: specs(2, 3) });
    const [first, , third] = store.under(ledgerPrefix);
    store.documents.delete(first!);
    const { lab: without } = await openLab(store);
    expect(without.rebuilt).toMatchObject({ entries: 1, warnings: [expect.stringContaining('unknown sweep "one"')] });
    expect(await without.counts()).toMatchObject({ queued: 2 });
    expect((await without.rebuild()).entries).toBe(1);

    const read = store.getDocument.bind(store);
    store.getDocument = async (path) => {
      if (path === third) throw new MesascopeError("damaged-artifact", `${path} is damaged`);
      return await read(path);
    };
    const { lab: less } = await openLab(store);
    expect(less.rebuilt).toMatchObject({
      entries: 0,
      warnings: [expect.anything(), expect.stringContaining(`${third} is damaged`)],
    });
    await less.accept({ sweep: "three", priority: 50, jobs: specs(2, 5) });
    expect(await less.counts()).toMatchObject({ queued: 2 });
  });

  it("passes over entries that cannot be applied when it brings the index together with the ledger, and does the rest", async () => {
    await begin();
    const index = await store.getDocument(indexDocument);
    const { lab: other } = await openLab(store);
    await other.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    await other.decide({ action: "pause", target: sweep });
    await other.accept({ sweep: "two", priority: 50, jobs: specs(2, 3) });
    await store.putDocument(indexDocument, index);
    store.blobs.delete([...store.blobs.keys()][0]!);
    expect(await heal()).toEqual([expect.stringContaining("no blob"), expect.stringContaining('unknown sweep "one"')]);
    expect(await lab.counts()).toMatchObject({ queued: 2 });
    // What comes later under that name is not paused by what was about another.
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1, 9) });
    expect(await heal()).toEqual([]);
    expect(await lab.counts()).toMatchObject({ queued: 3, held: 0 });
  });

  it("lets a decision that was not confirmed come into force before later ones, or not at all", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    store.onPut = (path, when) => {
      if (when === "after" && path.startsWith(ledgerPrefix)) throw new MesascopeError("file-system", "no answer came");
    };
    await expect(lab.decide({ action: "pause", target: sweep })).rejects.toThrow("no answer came");
    store.onPut = () => undefined;
    expect(await lab.counts()).toMatchObject({ queued: 2, held: 0 });
    await lab.decide({ action: "resume", target: sweep });
    expect(await lab.counts()).toMatchObject({ queued: 2, held: 0 });
    expect(await heal()).toEqual([]);
    expect(await lab.counts()).toMatchObject({ queued: 2, held: 0 });
    expect(store.under(ledgerPrefix).map((path) => Number(path.slice(ledgerPrefix.length).split("-")[0]))).toEqual([1, 2, 3]);
    await lab.rebuild();
    expect(await lab.counts()).toMatchObject({ queued: 2, held: 0 });
  });

  it("drops a failure that comes late, when its job has been taken again", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(1) });
    const failed = { kind: "failed", code: null, message: "no", isFinal: true } as const;
    const [attempt] = (await takeJobs(parts, { worker: "first", count: 1 })).attempts;
    store.onPut = (path, when) => {
      if (when === "after" && path.startsWith(ledgerPrefix)) throw new MesascopeError("database", "the connection is lost");
    };
    await expect(failAttempt(parts, { attempt: attempt!, end: failed })).rejects.toThrow("the connection is lost");
    store.onPut = () => undefined;
    await database.query((db) => sql`UPDATE mesascope.jobs SET attempt = attempt + 1`.execute(db));
    await heal();
    expect(await lab.counts()).toMatchObject({ running: 1, failed: 0 });
    expect(store.under(ledgerPrefix)).toHaveLength(1);
  });

  it("hands out jobs, and misses workers, also when the clock of the database went back", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    await takeJobs(parts, { worker: "gone", count: 1 });
    await database.query((db) =>
      sql`
        UPDATE mesascope_queue.job SET start_after = start_after + interval '1 hour', heartbeat_on = heartbeat_on + interval '1 hour'
      `.execute(db),
    );
    await database.query((db) => sql`UPDATE mesascope_queue.queue SET monitor_claim_on = now() + interval '1 hour'`.execute(db));
    expect((await takeJobs(parts, { worker: "here", count: 2 })).attempts).toHaveLength(0);
    await heal();
    expect((await takeJobs(parts, { worker: "here", count: 2 })).attempts).toHaveLength(1);
    const { rows } = await database.query((db) =>
      sql<{ late: number }>`SELECT count(*)::int AS late FROM mesascope_queue.job WHERE heartbeat_on > now()`.execute(db),
    );
    expect(rows).toEqual([{ late: 0 }]);
  });

  it("counts a job as done of which there is a record, also when it was cancelled or paused before the index knew", async () => {
    await begin();
    await lab.accept({ sweep: "one", priority: 50, jobs: [...specs(2), auditSpec(1)] });
    store.onPut = (path, when) => {
      if (when === "after" && path.startsWith(recordsPrefix)) throw new MesascopeError("file-system", "no answer came");
    };
    for (const attempt of (await takeJobs(parts, { worker: "first", count: 2 })).attempts) {
      const end = doneEnd(attempt.spec) as Extract<JobEnd, { kind: "done" }>;
      await expect(confirm(parts, { attempt, end })).rejects.toThrow("no answer came");
    }
    store.onPut = () => undefined;
    const [first, second] = specs(2).map((spec) => jobKey(spec));
    await lab.decide({ action: "cancel", target: { kind: "jobs", jobs: [first!] } });
    await lab.decide({ action: "pause", target: { kind: "jobs", jobs: [second!] } });
    expect(await lab.counts()).toMatchObject({ cancelled: 1, held: 1, done: 0 });
    await heal();
    const counts = await lab.counts();
    expect(counts).toMatchObject({ cancelled: 0, held: 0, done: 2 });
    await lab.rebuild();
    expect(await lab.counts()).toEqual(counts);
  });
});
