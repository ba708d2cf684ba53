// What a PostgreSQL has to do for many workers: npm run measure -- lab-simulation [WORKERS,…] [SLOTS] [JOB SECONDS] [SECONDS]
// Default: 10,100,1000,3000,10000 workers of one slot, jobs of ten minutes, watched for ten seconds each. A real PostgreSQL gets what so many
// workers would send (signs of life, heartbeats of leases, progress with points of a curve, confirmations and claims), by the same code and at
// the same pace, but from few connections: what connections cost comes on top. Told are the server's processor time and how late statements are.

import { readdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { startPostgres } from "../src/node/lab/database/postgres.fixture.ts";
import { openPostgres } from "../src/node/lab/database/postgres-database.ts";
import { queueSchemaName } from "../src/node/lab/database/schema.ts";
import { showLife } from "../src/node/lab/index/workers.ts";
import { code, doneEnd, specs } from "../src/node/lab/lab.fixture.ts";
import { Lab } from "../src/node/lab/lab.ts";
import type { LabParts } from "../src/node/lab/lab-parts.ts";
import { reconcile } from "../src/node/lab/maintenance/reconcile.ts";
import { MemoryStore } from "../src/node/lab/memory-store.fixture.ts";
import { type Attempt, takeJobs, tellProgress } from "../src/node/lab/queue/attempts.ts";
import { confirm } from "../src/node/lab/queue/end-attempt.ts";
import { countWorkers, paceOf } from "../src/node/lab/queue/pace.ts";
import { TicketQueue } from "../src/node/lab/queue/ticket-queue.ts";
import type { JobEnd } from "../src/node/lab/taken-job.ts";

const [, , sizes = "10,100,1000,3000,10000", slotsGiven = "1", jobSecondsGiven = "600", secondsGiven = "10"] = process.argv;
const slots = Number(slotsGiven);
const jobSeconds = Number(jobSecondsGiven);
const seconds = Number(secondsGiven);
/** Databases opened by this process, each with eight connections. */
const pools = 4;
/** Of each of them: one looks for lost leases once at a time. */
const supervisors = 16;
/** Statements waiting at once: more means that the server does not keep up. */
const mostWaiting = 2000;
const tell = (text: string) => process.stdout.write(`${text}\n`);

const server = await startPostgres();
try {
  tell(
    `${slots} slot${slots === 1 ? "" : "s"} each, jobs of ${jobSeconds} s, ${seconds} s each; p50/p99 in ms from when it was due`,
  );
  for (const workers of sizes.split(",").map(Number)) await simulate(await server.createDatabase(), workers);
} finally {
  await server.stop();
}

interface Kind {
  readonly name: string;
  /** A second, of all workers together. */
  readonly rate: number;
  readonly act: (turn: number) => Promise<unknown>;
  due: number;
  turn: number;
  readonly times: number[];
}

async function simulate(databaseUrl: string, workers: number): Promise<void> {
  const store = new MemoryStore();
  const lab = await Lab.open({ store, code, database: await openPostgres(databaseUrl) });
  const all: LabParts[] = [];
  const bosses: PgBoss[] = [];
  for (let i = 0; i < pools; i++) {
    const database = await openPostgres(databaseUrl);
    const tickets = await TicketQueue.open({ database });
    await tickets.prepare([code]);
    all.push({ store, database, tickets, code, clock: () => new Date() });
    for (let j = 0; j < supervisors; j++) {
      const boss = new PgBoss({ db: database.queue, schema: queueSchemaName, supervise: false, schedule: false, migrate: false });
      boss.on("error", () => undefined);
      bosses.push(await boss.start());
    }
  }
  const parts = (turn: number) => all[turn % pools]!;
  const groups = await begin(lab, { parts, workers });
  const kinds = [
    ...load({ parts, workers, groups }),
    kindOf("lost leases", workers / 5, (turn) => bosses[turn % bosses.length]!.supervise()),
  ];
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const logBefore = (await client.query<{ at: string }>("SELECT pg_current_wal_lsn() AS at")).rows[0]!.at;
  const before = serverTicks(client);
  const start = performance.now();
  const own = process.cpuUsage();
  const { kept, failed } = await drive(kinds);
  const passed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(own);
  const ticks = serverTicks(client) - before;
  const { rows } = await client.query<{ bytes: string; log: string }>(
    "SELECT pg_database_size(current_database()) AS bytes, pg_wal_lsn_diff(pg_current_wal_lsn(), $1) AS log",
    [logBefore],
  );
  const { bytes, log } = rows[0]!;
  tell(
    `${String(workers).padStart(6)} workers: ${kept ? "keeps up" : "FALLS BEHIND"}, ${(ticks / 100 / passed).toFixed(2)} cores of the server ` +
      `(${((ticks * 10) / passed / workers).toFixed(2)} ms a second for each worker), load of the machine ${loadavg()[0]!.toFixed(0)}, ` +
      `${((user + system) / 1e6 / passed).toFixed(2)} of this process, database ${Math.round(Number(bytes) / 2 ** 20)} MiB, log ${(Number(log) / 2 ** 20 / passed).toFixed(2)} MiB/s${failed > 0 ? `, ${failed} failed` : ""}`,
  );
  for (const { name, rate, times } of kinds) {
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(0);
    tell(`         ${name.padEnd(12)} ${rate.toFixed(1).padStart(8)}/s  ${at(0.5).padStart(6)} / ${at(0.99)}`);
  }
  await client.end();
  for (const boss of bosses) await boss.stop({ graceful: false });
  for (const { tickets, database } of all) {
    await tickets.close();
    await database.close();
  }
  await lab.close();
}

interface Fleet {
  readonly parts: (turn: number) => LabParts;
  readonly workers: number;
}

/** Every worker is there and has its slots full; as many jobs wait as will end meanwhile. Returns what each worker runs. */
async function begin(lab: Lab, { parts, workers }: Fleet): Promise<Attempt[][]> {
  const jobs = Math.ceil(workers * slots * (1 + (2 * seconds) / jobSeconds)) + 100;
  const step = 5000;
  for (let from = 0; from < jobs; from += step) {
    await lab.accept({ sweep: `sweep-${from}`, priority: 50, jobs: specs(Math.min(step, jobs - from), 1 + from) });
  }
  const running: Attempt[] = [];
  while (running.length < workers * slots) {
    const count = Math.min(500, workers * slots - running.length);
    running.push(...(await takeJobs(parts(0), { worker: "worker", count })).attempts);
  }
  for (let from = 0; from < workers; from += 100) {
    const some = Array.from({ length: Math.min(100, workers - from) }, (_, i) => from + i);
    await Promise.all(
      some.map((worker) => showLife(parts(worker), { worker: `worker-${worker}`, host: "host", slots, trouble: null })),
    );
  }
  return Array.from({ length: workers }, (_, i) => running.slice(i * slots, (i + 1) * slots));
}

function load({ parts, workers, groups }: Fleet & { readonly groups: Attempt[][] }): readonly Kind[] {
  const progress = {
    share: 0.5,
    secondsLeft: 60,
    environmentSteps: 4096,
    trainingReturn: 0.5,
    oracleShare: 0.5,
    stage: "training",
  };
  const point = { environmentSteps: 4096, trainingReturn: 0.5, policyLoss: 0.1, valueLoss: 0.1 };
  const { tell: tellEvery } = paceOf(Math.min(workers, 3000));
  const told = new Map<string, number>();
  const group = (turn: number) => groups[turn % workers]!;
  return [
    kindOf("heartbeat", workers / 2.5, (turn) => parts(turn).tickets.keepAlive(group(turn).map(({ ticket }) => ticket))),
    kindOf("sign of life", workers / 5, (turn) =>
      showLife(parts(turn), { worker: `worker-${turn % workers}`, host: "host", slots, trouble: null }),
    ),
    kindOf("progress", workers / tellEvery, (turn) =>
      tellProgress(
        parts(turn),
        group(turn).map((attempt) => {
          const firstRow = told.get(attempt.key) ?? 0;
          told.set(attempt.key, firstRow + 1);
          return { attempt, progress, rows: [point], firstRow };
        }),
      ),
    ),
    kindOf("end, next", (workers * slots) / jobSeconds, async (turn) => {
      const attempts = group(turn);
      const attempt = attempts.shift();
      if (attempt === undefined) return;
      const end = doneEnd(attempt.spec) as Extract<JobEnd, { readonly kind: "done" }>;
      await confirm(parts(turn), { attempt, end });
      const next = await takeJobs(parts(turn), { worker: `worker-${turn % workers}`, count: 1 });
      attempts.push(...next.attempts);
    }),
    kindOf("upkeep", workers / 30, async (turn) => {
      await reconcile(parts(turn), { isOpening: false });
      await countWorkers(parts(turn).database);
    }),
  ];
}

function kindOf(name: string, rate: number, act: Kind["act"]): Kind {
  return { name, rate, act, due: 0, turn: 0, times: [] };
}

/** Acts when it is due, whether what was begun before has ended or not. */
async function drive(kinds: readonly Kind[]): Promise<{ readonly kept: boolean; readonly failed: number }> {
  const waiting = new Set<Promise<void>>();
  let failed = 0;
  let kept = true;
  const start = performance.now();
  for (const kind of kinds) kind.due = start + 1000 / kind.rate;
  while (kept && performance.now() - start < seconds * 1000) {
    for (const kind of kinds) {
      for (; kind.due <= performance.now() && kept; kind.due += 1000 / kind.rate) {
        const { due } = kind;
        const acted = kind.act(kind.turn++).then(
          () => void kind.times.push(performance.now() - due),
          () => void failed++,
        );
        waiting.add(acted);
        void acted.then(() => waiting.delete(acted));
        kept = waiting.size < mostWaiting;
      }
    }
    await sleep(5);
  }
  await Promise.all(waiting);
  return { kept, failed };
}

/** Hundredths of a second that the server's processes have computed; those of its sessions that ended are counted by it. */
function serverTicks(client: pg.Client): number {
  const session = "processID" in client ? Number(client.processID) : 0;
  const parentOf = (id: string) => statOf(id)?.[1];
  const postmaster = parentOf(String(session));
  const ids = readdirSync("/proc").filter((name) => name === postmaster || (/^\d+$/.test(name) && parentOf(name) === postmaster));
  const own = ids.reduce((sum, id) => sum + Number(statOf(id)?.[11] ?? 0) + Number(statOf(id)?.[12] ?? 0), 0);
  const ended = statOf(postmaster ?? "");
  return own + Number(ended?.[13] ?? 0) + Number(ended?.[14] ?? 0);
}

/** The fields of /proc/ID/stat from the state on. */
function statOf(id: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
