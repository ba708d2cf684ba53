// How many jobs a minute's worth of nothing goes through: npm run measure -- lab-queue [JOBS] [PROCESSES,…]
// First the queue alone (pg-boss: send, take, complete), then a lab's whole path (take, look for a record, compute nothing, put the record on
// disk, confirm) with 1, 2 and 4 worker processes, on a PostgreSQL of its own and a folder. Goal: at least 1,000 empty jobs a second in the queue.

import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { startPostgres } from "../src/node/lab/database/postgres.fixture.ts";
import { code, execute, specs } from "../src/node/lab/lab.fixture.ts";
import { openFleetLab } from "../src/node/lab/open-fleet-lab.ts";

const tell = (text: string) => process.stdout.write(`${text}\n`);
const slots = 16;

if (process.argv[2] === "--worker") await beWorker(process.argv[3]!, process.argv[4]!);
else await measure(Number(process.argv[2] ?? 4000), (process.argv[3] ?? "1,2,4").split(",").map(Number));

async function beWorker(databaseUrl: string, store: string): Promise<void> {
  const lab = await openFleetLab({ databaseUrl, store, code });
  const stop = new AbortController();
  process.on("message", () => stop.abort());
  process.send?.("ready");
  const worker = `worker-${process.pid}`;
  await lab.work({
    ...{ worker, host: "here", slots, execute, signal: stop.signal },
    onWarning: (text) => tell(`${worker}: ${text}`),
  });
  await lab.close();
  process.disconnect();
}

async function measure(jobs: number, processes: readonly number[]): Promise<void> {
  const server = await startPostgres();
  try {
    await measureQueue(await server.createDatabase(), jobs);
    for (const count of processes) await measureLab(await server.createDatabase(), { jobs, count });
  } finally {
    await server.stop();
  }
}

/** Nothing but tickets, in batches of a worker with as many slots, from four at once. */
async function measureQueue(databaseUrl: string, jobs: number): Promise<void> {
  const boss = new PgBoss({ connectionString: databaseUrl, schedule: false, supervise: false });
  boss.on("error", (error) => tell(String(error)));
  await boss.start();
  await boss.createQueue("empty");
  const start = performance.now();
  for (let from = 0; from < jobs; from += 1000) {
    await boss.insert(
      "empty",
      Array.from({ length: Math.min(1000, jobs - from) }, (_, i) => ({ data: { i: from + i } })),
    );
  }
  const sent = performance.now();
  const takers = Array.from({ length: 4 }, async () => {
    for (;;) {
      const taken = await boss.fetch("empty", { batchSize: slots });
      if (taken.length === 0) return;
      await boss.complete(
        "empty",
        taken.map(({ id }) => id),
      );
    }
  });
  await Promise.all(takers);
  const done = performance.now();
  tell(`queue alone   ${rate(jobs, sent - start)} sent, ${rate(jobs, done - sent)} taken and completed`);
  await boss.stop({ graceful: false });
}

async function measureLab(
  databaseUrl: string,
  { jobs, count }: { readonly jobs: number; readonly count: number },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mesascope-queue-"));
  const lab = await openFleetLab({ databaseUrl, store: folder, code });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const workers: ChildProcess[] = [];
  try {
    for (let i = 0; i < count; i++) workers.push(fork(import.meta.filename, ["--worker", databaseUrl, folder]));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("message", resolve))));
    await sleep(500);
    const before = await transactions(client);
    const begun = performance.now();
    await lab.accept({ sweep: "empty", priority: 50, jobs: specs(jobs) });
    const accepted = performance.now();
    while ((await lab.counts()).done < jobs) await sleep(50);
    const { rows } = await client.query<{ seconds: number }>(
      "SELECT extract(epoch FROM max(at) FILTER (WHERE kind = 'done') - min(at) FILTER (WHERE kind = 'started'))::float8 AS seconds FROM mesascope.events",
    );
    const milliseconds = rows[0]!.seconds * 1000;
    const perJob = ((await transactions(client)) - before) / jobs;
    tell(
      `${count} worker${count === 1 ? " " : "s"}     ${rate(jobs, milliseconds)} from the first start to the last confirmation, ` +
        `${perJob.toFixed(1)} transactions each; accepted ${rate(jobs, accepted - begun)}`,
    );
  } finally {
    const ended = workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    for (const worker of workers) worker.send("stop");
    await Promise.all(ended);
    await client.end();
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function transactions(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    "SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()",
  );
  return Number(rows[0]!.count);
}

function rate(count: number, milliseconds: number): string {
  return `${Math.round((count / milliseconds) * 1000)} jobs/s`.padStart(12);
}
