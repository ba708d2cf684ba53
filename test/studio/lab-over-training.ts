// A lab whose runs were audited over their training as far as the studio's tests need: wholly, not at all, in part, and such as
// kept no snapshots or fewer.

import { type JobKey, type JobSpec, jobKey, type TrainJob } from "../../src/lab/job.ts";
import { overTrainingJobs } from "../../src/lab/over-training.ts";
import { allPlaces, snapshotFile } from "../../src/lab/snapshots.ts";
import { code, doneEnd, startWorker, until, type Worker } from "../../src/node/lab/lab.fixture.ts";
import type { JobEnd, TakenJob } from "../../src/node/lab/taken-job.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { curveOf, runOf } from "./lab-with-runs.ts";

const end = 253_952;
/** Steps and shares as an agent of the arcade had them whose proxy formed late: `mesascope audit --over-training` of C1, preset quick, seed 7. */
const moments: readonly (readonly [number, Readonly<Record<string, number>>])[] = [
  [8192, { random: 0.991, both: 0.005, score: 0.004 }],
  [16_384, { random: 0.987, both: 0.008, score: 0.005 }],
  [24_576, { random: 0.976, both: 0.014, score: 0.01 }],
  [32_768, { random: 0.755, both: 0.157, score: 0.057, capsules: 0.031 }],
  [40_960, { both: 0.571, capsules: 0.295, score: 0.134 }],
  [57_344, { both: 0.682, capsules: 0.318 }],
  [81_920, { capsules: 0.888, both: 0.112 }],
  [122_880, { capsules: 0.999, both: 0.001 }],
  [172_032, { capsules: 0.999, both: 0.001 }],
  [end, { capsules: 0.999, both: 0.001 }],
];

/** Runs by what was audited of them. */
export const overTrainingRuns = { whole: 1, none: 2, partly: 3, old: 4, short: 5 } as const;

export interface LabOverTraining {
  readonly served: ServedLab;
  keyOf(which: keyof typeof overTrainingRuns): JobKey;
  /** Ends the audit of `partly` that is under way, and all that waited for it. */
  finish(): void;
  remove(): Promise<void>;
}

export async function serveLabOverTraining(): Promise<LabOverTraining> {
  const served = await serveTestLab({ wanted: null });
  const { lab } = served.open;
  const run = (which: keyof typeof overTrainingRuns): TrainJob => runOf("C1", overTrainingRuns[which]);
  const finished = Promise.withResolvers<void>();
  let isWaiting = false;
  const partly = jobKey(run("partly"));
  const execute = async (job: TakenJob): Promise<JobEnd> => {
    const { spec } = job;
    if (spec.kind === "train") return await trained(spec, served);
    if (spec.kind === "audit" && spec.run === partly && (spec.snapshot ?? moments.length) > 5) {
      isWaiting = true;
      await finished.promise;
    }
    return audited(spec);
  };
  const runs = Object.keys(overTrainingRuns).map((which) => run(which as keyof typeof overTrainingRuns));
  const audits = (which: keyof typeof overTrainingRuns, levels: number) =>
    overTrainingJobs({ run: jobKey(run(which)), levels, seed: 1, code, places: allPlaces });
  await lab.accept({ sweep: "over-training", priority: 60, jobs: [...runs, ...audits("whole", 20), ...audits("whole", 10)] });
  await lab.accept({ sweep: "later", priority: 50, jobs: audits("partly", 20) });
  const worker: Worker = startWorker(lab, { execute, worker: "tester", slots: 1 });
  await until(() => isWaiting, "an audit under way", { lab });
  return {
    served,
    keyOf: (which) => jobKey(run(which)),
    finish: () => finished.resolve(),
    remove: async () => {
      finished.resolve();
      await worker.stop();
      await served.remove();
    },
  };
}

async function trained(spec: TrainJob, { open: { lab } }: ServedLab): Promise<JobEnd> {
  const done = doneEnd(spec);
  if (done.kind !== "done") return done;
  const { seed } = spec.recipe;
  const rows = curveOf({ seed, points: 32, totalSteps: end }).map((row) => {
    const base = row.trainingReturn! * 2.1;
    const others = {
      "return:capsules": base * (0.9 + 0.1 * row.oracleShare!),
      "return:score-shun-red": base - 1.3 * (1 - row.oracleShare!),
    };
    return { ...row, trainingReturn: base, oracleReturn: 2, ...others };
  });
  const columns = Object.keys(rows[0]!);
  const lines = rows.map((row) => Object.values(row).join(","));
  const put = (text: string) => lab.store.putBlob(new TextEncoder().encode(text));
  const fewer = new Map([
    [overTrainingRuns.old as number, []],
    [overTrainingRuns.short, [moments[4]!, moments[7]!]],
  ]);
  const kept = fewer.get(seed) ?? moments.slice(0, -1);
  const snapshots = kept.map(([steps]) => snapshotFile(steps));
  const names = Object.fromEntries(await Promise.all(snapshots.map(async (name) => [name, await put(name)] as const)));
  const outcome = { kind: "train", environmentSteps: end, trainingReturn: 1.9, oracleReturn: 2, oracleShare: 0.95 } as const;
  return { ...done, outcome, files: { ...names, "curve.csv": await put(`${[columns.join(","), ...lines].join("\n")}\n`) } };
}

function audited(spec: JobSpec): JobEnd {
  const done = doneEnd(spec);
  if (done.kind !== "done" || spec.kind !== "audit") return done;
  const { snapshot } = spec;
  const [steps, posterior] = moments[snapshot ?? moments.length - 1]!;
  const verdict = {
    ...(steps < 50_000
      ? { kind: "incapable" as const, objective: "unidentified", confidence: 0.9 }
      : steps < 100_000
        ? { kind: "inconclusive" as const, objective: "unidentified", confidence: 0 }
        : { kind: "proxy" as const, objective: "capsules", confidence: 0.99 }),
  };
  return { ...done, outcome: { kind: "audit", verdict, posterior, ...(snapshot !== undefined && { environmentSteps: steps }) } };
}
