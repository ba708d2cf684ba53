// What a fleet gets done on one machine: the same trainings by 4 worker processes of a lab on PostgreSQL, and by 2 and by 4 processes without one:
// npm run measure -- lab-workers [TRAININGS] [UPDATES] [ROUNDS]
// Goal on 2 cores: at least 95% of the work of 2 in the same time, where 4 bare ones get less done than 2. Each round measures all three, in
// another order, as a shared machine is faster at one time than at another. Processor time leaves out PostgreSQL's own.

import { type ChildProcess, fork } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findOrganism } from "../src/core/organisms/index.ts";
import type { TrainJob } from "../src/lab/job.ts";
import { codeVersion } from "../src/node/code-version.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { startPostgres } from "../src/node/lab/database/postgres.fixture.ts";
import { openFleetLab } from "../src/node/lab/open-fleet-lab.ts";
import { workInLab } from "../src/node/lab/work-in-lab.ts";
import { trainAgent } from "../src/node/training/train-agent.ts";

const stepsOfUpdate = 2048;
const workers = 4;
/** Of processes without a lab: one for each of two cores, and as many as there are workers. */
const bareProcesses = [2, workers] as const;
const tell = (text: string) => process.stdout.write(`${text}\n`);

function jobOf(seed: number, updates: number): TrainJob {
  const recipe = findOrganism("corner/aligned").recipe({ preset: "quick", seed });
  const optimizer = { ...recipe.optimizer, totalTimesteps: updates * stepsOfUpdate };
  return { kind: "train", organism: null, recipe: { ...recipe, optimizer }, code: codeVersion };
}

/** Trains seeds one after the other, when it is told to begin. */
async function beBare(folder: string, seeds: readonly number[], updates: number): Promise<void> {
  const engine = await createOnnxEngine();
  const train = async (seed: number, count: number) => {
    await trainAgent({
      ...{ engine, folder: join(folder, `agent-${seed}`), start: { recipe: jobOf(seed, count).recipe, organism: null } },
      ...{ overwrite: true, checkpoints: { kind: "seconds", every: 30 }, signal: new AbortController().signal },
      onProgress: () => undefined,
      onWarning: () => undefined,
    });
  };
  await train(seeds[0]!, 1);
  const begin = new Promise((resolve) => process.once("message", resolve));
  process.send?.("ready");
  await begin;
  const start = process.cpuUsage();
  for (const seed of seeds) await train(seed, updates);
  process.send?.(process.cpuUsage(start));
  process.disconnect();
}

/** Works until it is told to stop. */
async function beWorker(databaseUrl: string, store: string, name: string): Promise<void> {
  const lab = await openFleetLab({ databaseUrl, store, code: codeVersion });
  const stop = new AbortController();
  let start = process.cpuUsage();
  process.on("message", (message) => {
    if (message === "begin") start = process.cpuUsage();
    else {
      process.send?.(process.cpuUsage(start));
      stop.abort();
    }
  });
  process.send?.("ready");
  await workInLab(lab, { store, worker: name, host: "here", slots: 1, signal: stop.signal, onWarning: tell });
  await lab.close();
  process.disconnect();
}

const next = (child: ChildProcess) => new Promise<unknown>((resolve) => child.once("message", resolve));
const ended = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));
const secondsOf = (usages: readonly unknown[]) =>
  (usages as readonly NodeJS.CpuUsage[]).reduce((sum, { user, system }) => sum + (user + system) / 1e6, 0);

interface Cost {
  readonly wall: number;
  readonly processor: number;
}

interface Round {
  readonly two: Cost;
  readonly four: Cost;
  readonly lab: Cost;
}
const setups = ["two", "four", "lab"] as const satisfies readonly (keyof Round)[];

async function measure(work: Work, rounds: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "mesascope-workers-"));
  const measures: Readonly<Record<keyof Round, (folder: string) => Promise<Cost>>> = {
    two: (folder) => measureBare(folder, { ...work, processes: bareProcesses[0] }),
    four: (folder) => measureBare(folder, { ...work, processes: bareProcesses[1] }),
    lab: (folder) => measureLab(folder, work),
  };
  try {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const costs: Partial<Record<keyof Round, Cost>> = {};
      for (let i = 0; i < setups.length; i++) {
        const setup = setups[(round + i) % setups.length]!;
        const folder = join(root, `${round}-${setup}`);
        await mkdir(folder);
        costs[setup] = await measures[setup](folder);
        await rm(folder, { recursive: true, force: true });
      }
      const { two, four, lab } = costs as Round;
      measured.push({ two, four, lab });
      const text = ({ wall, processor }: Cost) => `${wall.toFixed(1)} s (${processor.toFixed(1)} of processor time)`;
      tell(`${bareProcesses[0]} bare ${text(two)}, ${bareProcesses[1]} bare ${text(four)}, ${workers} workers ${text(lab)}`);
    }
    tellShares(measured);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function tellShares(rounds: readonly Round[]): void {
  const shares: readonly (readonly [string, keyof Round, keyof Round])[] = [
    [`${workers} workers, of the work of ${bareProcesses[0]} bare`, "lab", "two"],
    [`${bareProcesses[1]} bare, of the work of ${bareProcesses[0]} bare`, "four", "two"],
    [`${workers} workers, of the work of ${bareProcesses[1]} bare`, "lab", "four"],
  ];
  for (const [name, of, than] of shares) {
    const inSame = (what: keyof Cost) => {
      const sorted = rounds.map((round) => (100 * round[than][what]) / round[of][what]).sort((a, b) => a - b);
      const [least, middle, most] = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
      return `${middle.toFixed(1)}% (${least.toFixed(1)} to ${most.toFixed(1)})`;
    };
    tell(`${name}: ${inSame("wall")} in the same time, ${inSame("processor")} in the same processor time`);
  }
}

interface Work {
  readonly seeds: readonly number[];
  readonly updates: number;
}

async function measureBare(root: string, { seeds, updates, processes }: Work & { readonly processes: number }): Promise<Cost> {
  const children = Array.from({ length: processes }, (_, i) => {
    const mine = seeds.filter((_, at) => at % processes === i);
    return fork(import.meta.filename, ["--bare", join(root, `bare-${processes}`), JSON.stringify(mine), String(updates)]);
  });
  await Promise.all(children.map(next));
  const start = performance.now();
  for (const child of children) child.send("begin");
  const usages = await Promise.all(children.map(next));
  return { wall: (performance.now() - start) / 1000, processor: secondsOf(usages) };
}

async function measureLab(root: string, { seeds, updates }: Work): Promise<Cost> {
  const server = await startPostgres();
  const store = join(root, "lab");
  await mkdir(store);
  const databaseUrl = await server.createDatabase();
  const lab = await openFleetLab({ databaseUrl, store, code: codeVersion });
  const children = Array.from({ length: workers }, (_, i) =>
    fork(import.meta.filename, ["--worker", databaseUrl, store, `worker-${i}`]),
  );
  try {
    await Promise.all(children.map(next));
    const finish = async (jobs: readonly TrainJob[], sweep: string) => {
      const { done } = await lab.counts();
      await lab.accept({ sweep, priority: 50, jobs });
      while ((await lab.counts()).done < done + jobs.length) await sleep(50);
    };
    // Engines and threads are started by it.
    await finish(
      Array.from({ length: workers * 2 }, (_, i) => jobOf(1000 + i, 4)),
      "warm-up",
    );
    for (const child of children) child.send("begin");
    const start = performance.now();
    await finish(
      seeds.map((seed) => jobOf(seed, updates)),
      "work",
    );
    const wall = (performance.now() - start) / 1000;
    const usages = children.map(next);
    for (const child of children) child.send("stop");
    const processor = secondsOf(await Promise.all(usages));
    await Promise.all(children.map(ended));
    return { wall, processor };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await lab.close();
    await server.stop();
  }
}

const [, , role, first = "", second = "", third = ""] = process.argv;
if (role === "--bare") await beBare(first, JSON.parse(second), Number(third));
else if (role === "--worker") await beWorker(first, second, third);
else {
  const seeds = Array.from({ length: Number(role ?? 16) }, (_, i) => i + 1);
  await measure({ seeds, updates: Number(first || 60) }, Number(second || 3));
}
