// A fleet as docs/fleet.md starts it: a server and workers over PostgreSQL and a bucket, stopped by SIGTERM, asked for jobs of another code, and
// made anew from its files when the database is lost.

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkpointsPrefix } from "../src/lab/layout.ts";
import { type PostgresServer, startPostgres } from "../src/node/lab/database/postgres.fixture.ts";
import { specs } from "../src/node/lab/lab.fixture.ts";
import { openFleetLab } from "../src/node/lab/open-fleet-lab.ts";
import { openStore } from "../src/node/lab/store/open-store.ts";
import { credentials, startBucket, type TestBucket } from "../src/node/lab/store/stores.fixture.ts";
import { cleanEnvironment, type Running, startProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-fleet-"));
const running = new Set<ChildProcess>();
let postgres: PostgresServer;
let bucket: TestBucket;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  postgres = await startPostgres();
  bucket = await startBucket();
  Object.assign(process.env, credentials);
  env = {
    ...cleanEnvironment(folder),
    MESASCOPE_DATABASE_URL: await postgres.createDatabase(),
    MESASCOPE_STORE: bucket.address("first"),
    MESASCOPE_TOKEN: "0123456789abcdef0123456789abcdef",
  };
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await bucket.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Running {
  const started = startProgram(args, { folder, env: { ...env, ...more } });
  running.add(started.child);
  void started.ended.then(() => running.delete(started.child));
  return started;
}

async function json(...args: readonly string[]) {
  const { code, out, err } = await start([...args, "--json"]).ended;
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

async function serve(more: NodeJS.ProcessEnv = {}): Promise<{ readonly server: Running; readonly url: string }> {
  const server = start(["serve", "--port", "0", "--json"], more);
  const said = await server.said(/"address": "http[^"]+"/);
  return { server, url: /"address": "([^"]+)"/.exec(said)![1]! };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 500));
}

const training = (name: string, totalTimesteps: number, seeds: readonly number[]) => ({
  schema: "mesascope/sweep@1",
  name,
  runs: [
    {
      ...{ organisms: ["A"], presets: ["quick"], verify: false, seeds },
      fields: { "optimizer.totalTimesteps": [totalTimesteps] },
    },
  ],
});

describe("a fleet", () => {
  it("stops a worker by SIGTERM as one Ctrl-C does: its job is saved, and another worker goes on with it", async () => {
    const { server, url } = await serve();
    writeFileSync(join(folder, "long.json"), JSON.stringify(training("long", 3_000_000, [1])));
    const first = start(["worker", "--slots", "1", "--name", "first"]);
    await first.said(/first: takes jobs of the code/);
    expect(await json("sweep", "long.json", "--detach", "--server", url)).toMatchObject({ added: 1 });
    const row = async () => (await json("runs", "--server", url)).rows[0];
    await until(async () => ((await row()).progress?.environmentSteps ?? 0) > 0);

    const stopped = await first.stop("SIGTERM");
    expect({ ...stopped, out: "" }).toMatchObject({ code: 0, err: expect.stringMatching(/first: stopped; what ran is saved/) });
    expect(await row()).toMatchObject({ state: "queued", attempt: 1 });
    const store = await openStore(env.MESASCOPE_STORE!);
    const updates: number[] = [];
    for await (const { path } of store.listDocuments(checkpointsPrefix)) updates.push(Number(/(\d+)\.json$/.exec(path)![1]));
    expect(Math.max(...updates)).toBeGreaterThan(0);

    const second = start(["worker", "--slots", "1", "--name", "second"]);
    await until(async () => ((await row()).progress?.environmentSteps ?? 0) > 0);
    expect(await row()).toMatchObject({ state: "running", attempt: 2, worker: "second" });
    await json("sweep", "cancel", "long", "--server", url);

    // Streams that are open do not keep a server from its end.
    const headers = { authorization: `Bearer ${env.MESASCOPE_TOKEN}`, accept: "text/event-stream" };
    const stream = await fetch(`${url}/api/v1/events`, { headers });
    expect(stream.status).toBe(200);
    expect(await server.stop("SIGTERM")).toMatchObject({ code: 0 });
    await stream.text();
    expect(await second.stop("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("leaves jobs of another code version to their workers, and says so", async () => {
    const lab = await openFleetLab({
      ...{ databaseUrl: env.MESASCOPE_DATABASE_URL!, store: env.MESASCOPE_STORE! },
      code: "0.0.1+0123456789",
    });
    const jobs = specs(2).map((spec) => ({ ...spec, code: lab.code }));
    await lab.accept({ sweep: "of-before", priority: 50, jobs });
    await lab.close();
    const worker = start(["worker", "--slots", "1", "--name", "new"]);
    await worker.said(/new: 2 jobs wait for a worker of the code 0\.0\.1\+0123456789, which this one is not/);
    const { server, url } = await serve();
    const { status } = await json("lab", "status", "--server", url);
    expect(status.waitingForOtherCode).toEqual({ "0.0.1+0123456789": 2 });
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${env.MESASCOPE_TOKEN}` } });
    expect(await metrics.text()).toMatch(/^mesascope_jobs_waiting_for_other_code\{code="0\.0\.1\+0123456789"\} 2$/m);
    expect((await json("runs", "sweep:of-before state:queued", "--server", url)).total).toBe(2);
    expect(await worker.stop("SIGTERM")).toMatchObject({ code: 0 });
    expect(await server.stop("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("gives the same answers from the bucket alone when the database is lost", async () => {
    const { server, url } = await serve();
    writeFileSync(join(folder, "short.json"), JSON.stringify(training("short", 8192, [1, 2])));
    await json("sweep", "short.json", "--detach", "--server", url);
    const worker = start(["worker", "--slots", "2", "--name", "third"]);
    await until(async () => (await json("runs", "sweep:short state:done", "--server", url)).total === 2);
    await worker.stop("SIGTERM");
    const asked = async (at: string) => ({
      runs: await json("runs", "--server", at),
      sweeps: await json("sweep", "list", "--server", at),
    });
    const before = await asked(url);
    await server.stop("SIGTERM");

    const database = { MESASCOPE_DATABASE_URL: await postgres.createDatabase() };
    const rebuilt = await start(["lab", "rebuild", "--json"], database).ended;
    expect(JSON.parse(rebuilt.out)).toMatchObject({ records: 2, warnings: [] });
    expect(await json("lab", "verify", env.MESASCOPE_STORE!)).toMatchObject({ problems: [] });
    const again = await serve(database);
    const after = await asked(again.url);
    // Attempts of jobs that are not done, and when they began, were only in the database.
    const settled = ({ rows, ...rest }: { rows: readonly { state: string; attempt: number }[] }) => ({
      ...rest,
      rows: rows.map((row) => (row.state === "done" ? row : { ...row, attempt: 0, startedAt: null })),
    });
    expect({ ...after, runs: settled(after.runs) }).toEqual({ ...before, runs: settled(before.runs) });
    await again.server.stop("SIGTERM");
  });
});
