// What a server tells of a run over its training: its snapshots, and which of them were audited by which budget.

import { afterAll, beforeAll, expect, it } from "vitest";
import { type AuditJob, jobKey } from "../../lab/job.ts";
import { overTrainingJobs } from "../../lab/over-training.ts";
import { allPlaces, snapshotFile } from "../../lab/snapshots.ts";
import { auditSpec, code, doneEnd, startWorker, trainSpec, until } from "../lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "./served-lab.fixture.ts";

const run = jobKey(trainSpec(1));
/** Steps of the whole training, and of the two snapshots that its runs kept: the first four places come to one, the next four to the other. */
const end = 250_000;
const [early, late] = [end / 8, end / 2];
const trainOutcome = { kind: "train", trainingReturn: 1, oracleReturn: 1, oracleShare: 1 } as const;
const audits = overTrainingJobs({ run, levels: 10, seed: 1, code, places: allPlaces });
/** It waits for what no worker does. */
const waiting: AuditJob = { kind: "audit", run, snapshot: 3, levels: 30, seed: 2, code };
const laterCode = "0.1.0+9876543210";
/** The same budget as of \`audits\`, by a code that no worker here has. */
const later: AuditJob = { ...audits[0]!, code: laterCode };
let served: ServedLab;
beforeAll(async () => {
  served = await serveTestLab();
  const { lab } = served.open;
  const blob = await lab.store.putBlob(new Uint8Array([1]));
  await lab.accept({ sweep: "one", priority: 50, jobs: [trainSpec(1), ...audits, trainSpec(2), auditSpec(2)] });
  const worker = startWorker(lab, {
    execute: async ({ spec }) => {
      const done = doneEnd(spec);
      if (done.kind !== "done" || spec.kind === "measure") return done;
      if (spec.kind === "train") {
        const files = { [snapshotFile(early)]: blob, [snapshotFile(late)]: blob };
        return { ...done, files, outcome: { ...trainOutcome, environmentSteps: end } };
      }
      const { snapshot } = spec;
      const outcome = {
        kind: "audit",
        verdict: { kind: "proxy", objective: "corner", confidence: 0.9 },
        posterior: { corner: 1 },
      } as const;
      const environmentSteps = snapshot === undefined ? undefined : snapshot < 4 ? early : snapshot < 8 ? late : end;
      return { ...done, outcome: environmentSteps === undefined ? outcome : { ...outcome, environmentSteps } };
    },
  });
  await until(async () => (await lab.counts()).done === audits.length + 3, "all jobs", { lab });
  await worker.stop();
  await lab.accept({ sweep: "two", priority: 50, jobs: [waiting, later, trainSpec(3)] });
}, 120_000);
afterAll(() => served?.remove(), 120_000);

it("tells the audits of each budget in the order of training, the end last, with what they found", async () => {
  const { snapshots, places, audited } = await served.tcp.jobs.overTraining({ key: run });
  expect(snapshots).toBe(2);
  expect(places).toEqual([0, 4]);
  expect(audited.map(({ levels, seed, code }) => [levels, seed, code])).toEqual([
    [10, 1, code],
    [30, 2, code],
    [10, 1, laterCode],
  ]);
  expect(audited[0]!.audits.map(({ snapshot }) => snapshot)).toEqual([...Array(audits.length - 1).keys(), null]);
  expect(audited[0]!.audits.map(({ job }) => job)).toEqual(audits.map(jobKey));
  expect(audited[0]!.audits.map(({ point }) => point?.environmentSteps)).toEqual([
    ...[early, early, early, early, late, late, late, late],
    ...[end, end],
  ]);
  expect(audited[0]!.audits.at(-1)!.point).toEqual({
    environmentSteps: end,
    verdict: { kind: "proxy", objective: "corner", confidence: 0.9 },
    posterior: { corner: 1 },
  });
  expect(audited[1]!.audits).toEqual([{ job: jobKey(waiting), state: "queued", snapshot: 3, point: null }]);
});

it("tells of none where a run was audited at its end only, and where it is not done", async () => {
  expect(await served.tcp.jobs.overTraining({ key: jobKey(trainSpec(2)) })).toEqual({
    snapshots: 2,
    places: [0, 4],
    audited: [],
  });
  expect(await served.tcp.jobs.overTraining({ key: jobKey(trainSpec(3)) })).toEqual({ snapshots: null, places: [], audited: [] });
});

it("says so of what is no run", async () => {
  const asked = served.tcp.jobs.overTraining({ key: jobKey(auditSpec(2)) });
  await expect(asked).rejects.toThrow(/no run .* in this lab/);
});

it("does not count what an agent wanted on the way among verdicts", async () => {
  const { rows } = await served.tcp.jobs.list({ filter: `run:${run} verdict:proxy` });
  expect(rows.map(({ key }) => key)).toEqual([jobKey(audits.at(-1)!)]);
});
