import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkpointPath, checkpointsPrefix } from "../../../lab/layout.ts";
import {
  code,
  type Databases,
  openTestLab,
  specs,
  startDatabases,
  startWorker,
  until,
  untilStopped,
  type Worker,
  waitFor,
} from "../lab.fixture.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { TicketQueue } from "../queue/ticket-queue.ts";
import { releaseStranded } from "./release-stranded.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases("postgres");
});
afterAll(() => databases.stop());

/** Does something when checkpoints are first looked for. */
class InterruptedStore extends MemoryStore {
  onLook: () => Promise<void> = async () => undefined;

  override async *listDocuments(...given: Parameters<MemoryStore["listDocuments"]>) {
    const look = this.onLook;
    if (given[0].startsWith(checkpointsPrefix)) {
      this.onLook = async () => undefined;
      await look();
    }
    yield* super.listDocuments(...given);
  }
}

it("leaves a job alone that a worker of its engine takes meanwhile, and its checkpoints", async () => {
  const store = new InterruptedStore();
  const at = await openTestLab(databases, { store });
  const { lab } = at;
  await lab.accept({ sweep: "corners", priority: 50, jobs: specs(2) });
  const leaving = startWorker(lab, { engine: "wasm", execute: async () => ({ kind: "left", engine: "native" }) });
  const returned = async () => (await lab.events({ after: 0, limit: 100 })).filter(({ kind }) => kind === "returned");
  await until(async () => (await returned()).length === 2, "jobs that are left to another engine", { lab });
  await leaving.stop();

  const database = await at.connect();
  await database.query((db) => sql`UPDATE mesascope_queue.job SET start_after = now() - interval '2 hours'`.execute(db));
  for (const { key } of (await lab.jobs()).rows) await store.putDocument(checkpointPath(key, 7), {});
  let native: Worker | undefined;
  store.onLook = async () => {
    native = startWorker(lab, { engine: "native", slots: 1, execute: untilStopped, worker: "native" });
    await waitFor(lab, "running", 1);
  };
  const tickets = await TicketQueue.open({ database });
  await releaseStranded({ store, database, tickets, code, clock: () => new Date() });
  await tickets.close();

  const { rows } = await lab.jobs();
  const running = rows.find(({ state }) => state === "running");
  expect(running).toMatchObject({ worker: "native" });
  expect(store.under(checkpointsPrefix)).toEqual([checkpointPath(running!.key, 7)]);
  expect((await returned()).slice(2)).toMatchObject([
    { job: rows.find(({ state }) => state === "queued")?.key, data: { reason: expect.stringMatching(/no worker of native/) } },
  ]);
  await native?.stop();
  await at.close();
}, 60_000);
