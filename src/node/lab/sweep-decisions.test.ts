import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type JobSpec, type JobState, jobKey } from "../../lab/job.ts";
import type { Decision } from "../../lab/ledger.ts";
import {
  auditSpec,
  type Databases,
  doneEnd,
  openTestLab,
  specs,
  startDatabases,
  startWorker,
  type TestLab,
  trainSpec,
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

describe("what waits for a run that failed", () => {
  const failing: ExecuteJob = async ({ spec }) =>
    spec.kind === "train" && spec.recipe.seed === 1
      ? { kind: "failed", code: "check-failed", message: "no organism", isFinal: true }
      : doneEnd(spec);

  it("is told apart from what will come, and is no part of the time left", async () => {
    const lab = await begin();
    await accept(lab, "corners", [trainSpec(1), auditSpec(1), trainSpec(2), auditSpec(2)]);
    expect(await lab.sweeps()).toMatchObject([{ counts: { queued: 2, blocked: 2 }, stuck: 0 }]);
    const worker = startWorker(lab, { execute: failing });
    await waitFor(lab, "done", 2);
    await waitFor(lab, "failed", 1);
    expect(await lab.sweeps()).toMatchObject([{ counts: { done: 2, failed: 1, blocked: 1 }, stuck: 1, secondsLeft: 0 }]);
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
