import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type JobSpec, type JobState, jobKey } from "../../lab/job.ts";
import type { Decision } from "../../lab/ledger.ts";
import {
  auditSpec,
  type Databases,
  doneEnd,
  execute,
  openTestLab,
  specs,
  startDatabases,
  startWorker,
  type TestLab,
  trainSpec,
  untilStopped,
  waitFor,
} from "./lab.fixture.ts";
import type { Lab } from "./lab.ts";
import type { ExecuteJob } from "./taken-job.ts";

let databases: Databases;
let at: TestLab;

beforeAll(async () => {
  databases = await startDatabases("pglite");
});
afterEach(() => at.close());
afterAll(() => databases.stop());

async function begin(): Promise<Lab> {
  at = await openTestLab(databases);
  return at.lab;
}

const accept = (lab: Lab, sweep: string, jobs: readonly JobSpec[], priority = 50) => lab.accept({ sweep, priority, jobs });
const decide = (lab: Lab, action: "pause" | "resume" | "cancel", sweep: string) =>
  lab.decide({ action, target: { kind: "sweep", sweep } });
const retry = (lab: Lab, target: Decision["target"]) => lab.decide({ action: "retry", target, reason: "once more" });

/** States by the seeds of runs. */
async function statesOf(lab: Lab): Promise<Readonly<Record<number, JobState>>> {
  const { rows } = await lab.jobs({ sort: "seed" });
  return Object.fromEntries(rows.filter(({ kind }) => kind === "train").map(({ seed, state }) => [seed, state]));
}

it("tells the time left as the least it takes while nothing is known of a kind of jobs that wait", async () => {
  const lab = await begin();
  await accept(lab, "corners", [trainSpec(1), auditSpec(1), trainSpec(2)]);
  const kept: ExecuteJob = async (job) =>
    job.spec.kind === "train" && job.spec.recipe.seed === 1 ? doneEnd(job.spec) : untilStopped(job);
  const worker = startWorker(lab, { execute: kept, slots: 1 });
  await waitFor(lab, "done", 1);
  await waitFor(lab, "running", 1);
  const [row] = await lab.sweeps();
  expect(row).toMatchObject({ secondsLeft: expect.any(Number), unpriced: 1 });
  await worker.stop();
});

describe("what waits for a run that failed", () => {
  const failing: ExecuteJob = async ({ spec }) =>
    spec.kind === "train" && spec.recipe.seed === 1
      ? { kind: "failed", code: "check-failed", message: "no organism", isFinal: true }
      : doneEnd(spec);

  it("is told apart from what will come, and is no part of the time left", async () => {
    const lab = await begin();
    await accept(lab, "corners", [trainSpec(1), auditSpec(1), trainSpec(2), auditSpec(2)]);
    expect(await lab.sweeps()).toMatchObject([{ counts: { queued: 2, blocked: 2 }, stuck: 0, unpriced: 4 }]);
    const worker = startWorker(lab, { execute: failing });
    await waitFor(lab, "done", 2);
    await waitFor(lab, "failed", 1);
    expect(await lab.sweeps()).toMatchObject([
      { counts: { done: 2, failed: 1, blocked: 1 }, stuck: 1, secondsLeft: 0, unpriced: 0 },
    ]);
    await worker.stop();
  });

  it("is done after a retry of a sweep that has no run of its own", async () => {
    const lab = await begin();
    await accept(lab, "runs", [trainSpec(1)]);
    await accept(lab, "audits", [auditSpec(1)]);
    const worker = startWorker(lab, { execute: failing });
    await waitFor(lab, "failed", 1);
    await worker.stop();
    expect(await retry(lab, { kind: "sweep", sweep: "audits" })).toEqual({ affected: 1 });
    const another = startWorker(lab);
    await waitFor(lab, "done", 2);
    await another.stop();
  });
});

describe("sweeps that share jobs", () => {
  const { queued, held, cancelled } = { queued: "queued", held: "held", cancelled: "cancelled" } as const;
  const beginBoth = async () => {
    const lab = await begin();
    await accept(lab, "low", specs(3));
    await accept(lab, "high", specs(3, 3));
    return lab;
  };

  it("are cancelled and paused each by itself", async () => {
    const lab = await beginBoth();
    await decide(lab, "cancel", "low");
    expect(await statesOf(lab)).toEqual({ 1: cancelled, 2: cancelled, 3: queued, 4: queued, 5: queued });
    await decide(lab, "pause", "high");
    expect(await statesOf(lab)).toEqual({ 1: cancelled, 2: cancelled, 3: held, 4: held, 5: held });
    await decide(lab, "resume", "high");
    await decide(lab, "cancel", "high");
    expect(Object.values(await statesOf(lab))).toEqual(Array(5).fill(cancelled));
  });

  it("leave what both have to one that is paused when the other is cancelled", async () => {
    const lab = await beginBoth();
    await decide(lab, "pause", "high");
    expect(await statesOf(lab)).toEqual({ 1: queued, 2: queued, 3: queued, 4: held, 5: held });
    await decide(lab, "cancel", "low");
    expect(await statesOf(lab)).toEqual({ 1: cancelled, 2: cancelled, 3: held, 4: held, 5: held });
    await decide(lab, "resume", "high");
    expect(await statesOf(lab)).toEqual({ 1: cancelled, 2: cancelled, 3: queued, 4: queued, 5: queued });
  });

  it("take up what another was cancelled with, but not what the same one was", async () => {
    const lab = await begin();
    await accept(lab, "first", specs(2));
    await decide(lab, "cancel", "first");
    await accept(lab, "first", specs(2));
    expect(await statesOf(lab)).toEqual({ 1: cancelled, 2: cancelled });
    expect(await accept(lab, "second", [...specs(1), trainSpec(3)])).toMatchObject({ jobs: 2, added: 1, revived: 1, done: 0 });
    expect(await statesOf(lab)).toEqual({ 1: queued, 2: cancelled, 3: queued });
    const [, last] = (await lab.events({ after: 0, limit: 100 })).filter(({ kind }) => kind === "sweep-accepted");
    expect(last!.data).toMatchObject({ added: 1, revived: 1 });
    const states = await statesOf(lab);
    await lab.rebuild();
    expect(await statesOf(lab)).toEqual(states);
    const worker = startWorker(lab);
    await waitFor(lab, "done", 2);
    await worker.stop();
  });

  it("stay paused when they are tried again, but for jobs that are named", async () => {
    const lab = await begin();
    await accept(lab, "first", specs(2));
    await decide(lab, "cancel", "first");
    await decide(lab, "pause", "first");
    await retry(lab, { kind: "sweep", sweep: "first" });
    expect(await statesOf(lab)).toEqual({ 1: held, 2: held });
    const jobs = [jobKey(trainSpec(1))];
    await lab.decide({ action: "cancel", target: { kind: "jobs", jobs } });
    await retry(lab, { kind: "jobs", jobs });
    expect(await statesOf(lab)).toEqual({ 1: queued, 2: held });
  });
});

describe("a sweep that is accepted with another priority", () => {
  it("has it for all of its jobs, and one that was decided stays when the same is accepted again", async () => {
    const lab = await begin();
    await accept(lab, "first", specs(2));
    await accept(lab, "second", specs(1, 3));
    await accept(lab, "first", specs(2), 60);
    const prioritiesOf = async () => (await lab.jobs({ sort: "seed" })).rows.map(({ priority }) => priority);
    expect(await prioritiesOf()).toEqual([60, 60, 50]);
    await accept(lab, "first", specs(1), 40);
    expect(await prioritiesOf()).toEqual([40, 40, 50]);
    await lab.decide({ action: "prioritize", priority: 90, target: { kind: "sweep", sweep: "first" } });
    await accept(lab, "first", specs(2), 40);
    expect(await prioritiesOf()).toEqual([90, 90, 50]);
    expect((await lab.sweeps()).map(({ priority }) => priority)).toEqual([90, 50]);
    const order: string[] = [];
    const noted: ExecuteJob = async (job) => {
      order.push(job.key);
      return await execute(job);
    };
    const worker = startWorker(lab, { execute: noted, slots: 1 });
    await waitFor(lab, "done", 3);
    await worker.stop();
    expect(order).toEqual(specs(3).map(jobKey));
  });
});
