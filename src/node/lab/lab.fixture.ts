// Labs for tests: jobs that are executed by a line of code, on PGlite or on a real PostgreSQL.

import { cpSync, existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { findOrganism } from "../../core/organisms/index.ts";
import type { JobSpec, JobState } from "../../lab/job.ts";
import { jobKey } from "../../lab/job.ts";
import type { LabDatabase } from "./database/lab-database.ts";
import { openPglite } from "./database/pglite-database.ts";
import { pgliteTemplate } from "./database/pglite-template.ts";
import { startPostgres } from "./database/postgres.fixture.ts";
import { openPostgres } from "./database/postgres-database.ts";
import { Lab, type LabOptions } from "./lab.ts";
import { MemoryStore } from "./memory-store.fixture.ts";
import type { WorkOptions } from "./queue/workbench.ts";
import type { ExecuteJob, JobEnd } from "./taken-job.ts";

export const code = "0.1.0+0123456789";

export function trainSpec(seed: number): JobSpec {
  const recipe = findOrganism("corner/aligned").recipe({ seed, preset: "quick" });
  return { kind: "train", organism: "corner/aligned", recipe, code };
}

export function auditSpec(seed: number): JobSpec {
  return { kind: "audit", run: jobKey(trainSpec(seed)), levels: 10, seed: 1, code };
}

export const specs = (count: number, from = 1) => Array.from({ length: count }, (_, i) => trainSpec(from + i));

/** The end that a job has when nothing is in its way; the same whoever computes it. */
export function doneEnd(spec: JobSpec): JobEnd {
  const made = { kind: "done", files: {}, engine: "none", startedAt: "2026-03-01T10:00:00.000Z", seconds: 2 } as const;
  if (spec.kind !== "train") {
    return { ...made, outcome: { kind: "audit", verdict: { kind: "aligned", objective: "coin", confidence: 0.9 } } };
  }
  const trainingReturn = spec.recipe.seed / 10;
  return {
    ...made,
    outcome: { kind: "train", environmentSteps: 100, trainingReturn, oracleReturn: 1, oracleShare: trainingReturn },
  };
}

export const execute: ExecuteJob = async ({ spec }) => doneEnd(spec);

/** Waits as a training does, until it is asked to stop. */
export const untilStopped: ExecuteJob = async ({ signal }) => {
  await new Promise((resolve) => (signal.aborted ? resolve(null) : signal.addEventListener("abort", resolve)));
  return { kind: "stopped" };
};

/** A place for labs: each database it makes can be opened any number of times, on PGlite once at a time. */
export interface Databases {
  readonly kind: LabDatabase["kind"];
  create(): Promise<() => Promise<LabDatabase>>;
  stop(): Promise<void>;
}

export async function startDatabases(kind: LabDatabase["kind"]): Promise<Databases> {
  if (kind === "pglite") {
    const folders: string[] = [];
    const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
    const newPlace = async () => {
      const folder = await mkdtemp(join(base, "mesascope-pglite-"));
      folders.push(folder);
      return join(folder, "data");
    };
    let first: Promise<string> | null = null;
    return {
      kind,
      create: async () => {
        first ??= newPlace().then(makePgliteFolder);
        const [folder, made] = [await newPlace(), await first];
        cpSync(made, folder, { recursive: true });
        return () => openPglite({ folder, template: pgliteTemplate });
      },
      stop: async () => {
        for (const folder of folders) await rm(folder, { recursive: true, force: true });
      },
    };
  }
  const server = await startPostgres();
  return {
    kind,
    create: async () => {
      const url = await server.createDatabase();
      return () => openPostgres(url);
    },
    stop: () => server.stop(),
  };
}

/** An empty database, closed, to be copied: that takes a tenth of the processor time of unpacking the template. */
async function makePgliteFolder(folder: string): Promise<string> {
  const database = await openPglite({ folder, template: pgliteTemplate });
  await database.close();
  return folder;
}

export interface TestLab {
  readonly lab: Lab;
  readonly store: MemoryStore;
  /** Another process's view of it; on PGlite after the first is closed. */
  again(options?: Partial<LabOptions>): Promise<Lab>;
  /** More connections to its database, closed with it; not on PGlite. */
  connect(): Promise<LabDatabase>;
  close(): Promise<void>;
}

export async function openTestLab(databases: Databases, options: Partial<LabOptions> = {}): Promise<TestLab> {
  const open = await databases.create();
  const store = new MemoryStore();
  const labs: Lab[] = [];
  const again = async (more: Partial<LabOptions> = {}) => {
    const database = await open();
    // As if time had passed: what one of a fleet did just now the others need not do again.
    if (labs.length > 0) await database.query((db) => sql`UPDATE mesascope.lab SET reconciled_at = 'epoch'`.execute(db));
    const lab = await Lab.open({ store, code, database, ...options, ...more });
    labs.push(lab);
    return lab;
  };
  const connections: LabDatabase[] = [];
  return {
    lab: await again(),
    store,
    again,
    connect: async () => {
      const database = await open();
      connections.push(database);
      return database;
    },
    close: async () => {
      for (const database of connections) await database.close();
      for (const lab of labs) await lab.close();
    },
  };
}

export interface Worker {
  readonly warnings: readonly string[];
  stop(): Promise<void>;
}

let workers = 0;

export function startWorker(lab: Lab, options: Partial<WorkOptions> = {}): Worker {
  const stop = new AbortController();
  const warnings: string[] = [];
  const ended = lab.work({
    worker: `worker-${++workers}`,
    host: "here",
    slots: 2,
    execute,
    onWarning: (text) => warnings.push(text),
    signal: stop.signal,
    ...options,
  });
  return {
    warnings,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

/** Until so many jobs are in a state. */
export async function waitFor(lab: Lab, state: JobState, count: number, seconds = 60): Promise<void> {
  await until(async () => (await lab.counts())[state] === count, `${count} ${state}`, { lab, seconds });
}

export async function until(
  isSo: () => Promise<boolean> | boolean,
  what: string,
  { lab, seconds = 60 }: { lab?: Lab; seconds?: number } = {},
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited for ${what}; found ${JSON.stringify(await lab?.counts())}`);
    await sleep(20);
  }
}

/** Works with one worker until so many jobs are done. */
export async function workUntilDone(lab: Lab, done: number): Promise<void> {
  const worker = startWorker(lab);
  await waitFor(lab, "done", done);
  await worker.stop();
}

/** What anyone can ask about; means to 12 digits, as their last depend on the order in which PostgreSQL finds the rows. */
export async function answersOf(lab: Lab) {
  const groups = JSON.stringify(await lab.groups({ by: ["name", "kind"] }), (_, value) =>
    typeof value === "number" ? Number(value.toPrecision(12)) : value,
  );
  return { jobs: await lab.jobs({ limit: 100 }), sweeps: await lab.sweeps(), groups: JSON.parse(groups) };
}
