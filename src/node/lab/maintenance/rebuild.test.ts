import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobKey } from "../../../lab/job.ts";
import { ledgerPrefix, recordPath, recordsPrefix } from "../../../lab/layout.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import type { JobsTable } from "../database/schema.ts";
import {
  auditSpec,
  code,
  type Databases,
  execute,
  specs,
  startDatabases,
  startWorker,
  trainSpec,
  until,
  waitFor,
} from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import type { ExecuteJob } from "../taken-job.ts";
import type { RebuildProgress } from "./rebuild.ts";

/** What only the index knew of jobs that are not done, and what is another's name for the same. */
const ephemeral: readonly (keyof JobsTable)[] = ["attempt", "failures", "losses", "started_at", "worker", "progress"];
/** Of jobs that are running, and what is left of it when they are not. */
const onlyRunning: readonly (keyof JobsTable)[] = ["heard_at", "heard_attempt"];

async function rowsOf(database: LabDatabase) {
  const { rows: jobs } = await database.query((db) => sql<JobsTable>`SELECT * FROM mesascope.jobs ORDER BY key`.execute(db));
  const others = await database.query(async (db) => ({
    specs: await db.selectFrom("specs").selectAll().orderBy("key").execute(),
    sweeps: await db.selectFrom("sweeps").selectAll().orderBy("name").execute(),
    sweepJobs: await db.selectFrom("sweep_jobs").selectAll().orderBy("sweep").orderBy("job").execute(),
    applied: await db.selectFrom("applied").selectAll().orderBy("id").execute(),
  }));
  return {
    ...others,
    jobs: jobs.map((row) => {
      const isDone = row.state === "done" || row.state === "failed";
      const known = Object.entries(row).filter(([name]) => !onlyRunning.some((column) => column === name));
      const kept = known.filter(([name]) => isDone || !ephemeral.some((column) => column === name));
      // A ticket is a random name; whether there is one counts.
      return { ...Object.fromEntries(kept), ticket: row.ticket !== null, state: row.state === "running" ? "queued" : row.state };
    }),
  };
}

/** Means to 12 digits, as their last depend on the order in which PostgreSQL finds the rows. */
async function answersOf(lab: Lab) {
  const groups = JSON.stringify(await lab.groups({ by: ["sweep", "state"] }), (_, value) =>
    typeof value === "number" ? Number(value.toPrecision(12)) : value,
  );
  return { counts: await lab.counts(), groups: JSON.parse(groups), sweeps: await lab.sweeps() };
}

describe.each(["pglite", "postgres"] as const)("an index made anew on %s", (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await startDatabases(kind);
  });
  afterAll(() => databases.stop());

  it("gives the same answers, row by row, and goes on", async () => {
    const store = new MemoryStore();
    const open = await databases.create();
    const database = await open();
    const lab = await Lab.open({ store, database, code });
    const failing: ExecuteJob = async (job) =>
      job.key === jobKey(trainSpec(2))
        ? { kind: "failed", code: "check-failed", message: "no", isFinal: true }
        : await execute(job);
    await lab.accept({ sweep: "one", priority: 50, jobs: [...specs(4), auditSpec(1), auditSpec(2)] });
    const worker = startWorker(lab, { execute: failing });
    await waitFor(lab, "failed", 1);
    await waitFor(lab, "done", 4);
    await worker.stop();
    await lab.accept({ sweep: "two", priority: 20, jobs: [trainSpec(2), ...specs(6, 5), auditSpec(5), auditSpec(6)] });
    const jobs = (...seeds: number[]) => ({ kind: "jobs" as const, jobs: seeds.map((seed) => jobKey(trainSpec(seed))) });
    await lab.decide({ action: "prioritize", target: { kind: "sweep", sweep: "two" }, priority: 70 });
    await lab.decide({ action: "cancel", target: jobs(5, 6) });
    await lab.decide({ action: "retry", target: jobs(5), reason: "changed my mind" });
    await lab.decide({ action: "pause", target: jobs(7) });
    await lab.decide({ action: "pause", target: { kind: "sweep", sweep: "one" } });
    await lab.accept({ sweep: "one", priority: 30, jobs: [trainSpec(11)] });
    const before = await rowsOf(database);
    const answers = await answersOf(lab);
    expect(answers.counts).toMatchObject({ done: 4, failed: 1, cancelled: 1, held: 3, queued: 4, blocked: 2 });
    expect(await lab.rebuild()).toEqual({ entries: 9, records: 4, warnings: [] });
    expect(await rowsOf(database)).toEqual(before);
    expect(await answersOf(lab)).toEqual(answers);

    // The same in a database that never knew.
    const openOther = await databases.create();
    const other = await openOther();
    const elsewhere = await Lab.open({ store, database: other, code, takesOver: true });
    expect(await rowsOf(other)).toEqual(before);
    await lab.close();
    await elsewhere.accept({ sweep: "three", priority: 50, jobs: [trainSpec(12)] });
    expect(store.under(ledgerPrefix)).toHaveLength(10);
    const next = startWorker(elsewhere);
    await until(async () => (await elsewhere.counts()).queued === 0, "the rest", { lab: elsewhere });
    await next.stop();
    await elsewhere.close();
  });

  it("reads records that tell more than it knows, and says which are of jobs that it does not know", async () => {
    const store = new MemoryStore();
    const open = await databases.create();
    const lab = await Lab.open({ store, database: await open(), code });
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    const worker = startWorker(lab);
    await waitFor(lab, "done", 2);
    await worker.stop();
    const later = { later: { share: 0.5 } };
    const written = (seed: number) => JSON.parse(store.documents.get(recordPath(jobKey(trainSpec(seed))))!);
    const first = written(1);
    await store.putDocument(recordPath(first.job), {
      ...{ ...first, ...later, made: { ...first.made, ...later } },
      outcome: { ...first.outcome, ...later },
    });
    const second = written(2);
    await store.putDocument(recordPath(second.job), { ...second, spec: { ...second.spec, ...later } });
    const { records, warnings } = await lab.rebuild();
    expect(records).toBe(1);
    expect(warnings).toEqual([expect.stringMatching(/is a record that a newer Mesascope wrote; .* Update Mesascope\.$/)]);
    expect((await lab.job(first.job))?.row.outcome).toEqual({ ...first.outcome, ...later });
    expect((await lab.job(first.job))?.record?.outcome).toEqual({ ...first.outcome, ...later });
    await lab.close();
  });

  it("finds the finished jobs of a sweep that the ledger has lost, says so, and does not do them again", async () => {
    const store = new MemoryStore();
    const lab = await Lab.open({ store, database: await (await databases.create())(), code });
    const jobs = [...specs(2), auditSpec(1)];
    await lab.accept({ sweep: "one", priority: 50, jobs });
    const worker = startWorker(lab);
    await waitFor(lab, "done", 3);
    await worker.stop();
    const outcomes = async () => await Promise.all(jobs.map(async (spec) => (await lab.job(jobKey(spec)))?.row.outcome));
    const answered = await outcomes();
    store.documents.delete(store.under(ledgerPrefix)[0]!);
    const { entries, records, warnings } = await lab.rebuild();
    expect({ entries, records }).toEqual({ entries: 0, records: 3 });
    expect(warnings).toEqual([expect.stringMatching(/^3 finished jobs are of no sweep .* stand in the sweep "recovered"/)]);
    expect(await lab.counts()).toEqual(expect.objectContaining({ done: 3, queued: 0, blocked: 0 }));
    expect(await outcomes()).toEqual(answered);
    expect((await lab.accept({ sweep: "one", priority: 50, jobs })).added).toBe(0);
    const told: RebuildProgress[] = [];
    expect((await lab.rebuild((progress) => told.push(progress))).warnings).toEqual([]);
    expect(told).toEqual([
      { stage: "ledger", done: 1 },
      { stage: "records", done: 3 },
      { stage: "jobs", done: 0 },
    ]);
    expect((await lab.sweeps()).map(({ name }) => name)).toEqual(["one"]);
    await lab.close();
  });

  it("says what cannot be read, and goes without it", async () => {
    const store = new MemoryStore();
    const lab = await Lab.open({ store, database: await (await databases.create())(), code });
    await lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    await lab.accept({ sweep: "two", priority: 50, jobs: specs(2, 3) });
    const two = { kind: "sweep", sweep: "two" } as const;
    for (const action of ["pause", "resume", "pause"] as const) await lab.decide({ action, target: two });
    const worker = startWorker(lab);
    await waitFor(lab, "done", 2);
    await worker.stop();
    const [, second] = [...store.blobs.keys()];
    store.blobs.delete(second!);
    store.documents.set(store.under(recordsPrefix)[0]!, "{}");
    const { entries, records, warnings } = await lab.rebuild();
    expect({ entries, records }).toEqual({ entries: 1, records: 1 });
    expect(warnings).toEqual([
      expect.stringMatching(/^memory:ledger\/.*\.json.* is passed over: .*no blob/),
      expect.stringMatching(/^memory:ledger\/[^ ]*\.json and 2 more are passed over: unknown sweep "two"; known: one\./),
      expect.stringContaining("is no record"),
    ]);
    expect(await lab.counts()).toMatchObject({ done: 1, queued: 1 });
    await lab.close();
  });
});
