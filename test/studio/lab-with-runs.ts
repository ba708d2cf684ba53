// Labs for the studio's tests: runs of several states, made by a line of code in place of training, with curves that look like some.

import { Prng } from "../../src/core/base/prng.ts";
import { findOrganism } from "../../src/core/organisms/index.ts";
import type { JobProgress } from "../../src/lab/api.ts";
import { type JobSpec, jobKey, type TrainJob } from "../../src/lab/job.ts";
import { code, doneEnd, startWorker, until, type Worker } from "../../src/node/lab/lab.fixture.ts";
import type { ExecuteJob } from "../../src/node/lab/taken-job.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import type { CurveRow } from "../../src/node/storage/agent-folder.ts";

/** A train job of an organism, preset `quick`. */
export function runOf(organism: string, seed: number): TrainJob {
  return { kind: "train", organism, recipe: findOrganism(organism).recipe({ seed, preset: "quick" }), code };
}

export function auditOf(run: TrainJob): JobSpec {
  return { kind: "audit", run: jobKey(run), levels: 10, seed: 1, code };
}

/** Measurements of a training that rises towards the oracle and trembles; `points` of them, to `totalSteps`. */
export function curveOf({
  seed,
  points,
  totalSteps,
}: {
  readonly seed: number;
  readonly points: number;
  readonly totalSteps: number;
}) {
  const prng = Prng.fromSeed(seed);
  return Array.from({ length: points }, (_, i): CurveRow => {
    const share = points === 1 ? 1 : i / (points - 1);
    const oracleShare = Math.min(1, 0.15 + 0.82 * (1 - Math.exp(-5 * share)) + 0.08 * (prng.uniform() - 0.5));
    const environmentSteps = Math.round(share * totalSteps);
    return { environmentSteps, trainingReturn: oracleShare * 0.92, oracleReturn: 0.92, oracleShare };
  });
}

export interface LabWithRuns {
  readonly served: ServedLab;
  readonly worker: Worker;
  /** Keys by `ORGANISM SEED`. */
  readonly runs: ReadonlyMap<string, string>;
  /** Tells of the next point of the run that is under way. */
  advance(): Promise<void>;
  remove(): Promise<void>;
}

const seedThatFails = 3;
const running = { organism: "corner/mixed-50", seed: 9 } as const;
const pointsInAll = 60;

/**
 * Two organisms of the corner world with four seeds each, one of which fails, audits of those that are done, and one more run that is under way
 * until the lab is closed.
 */
export async function serveLabWithRuns(options: Parameters<typeof serveTestLab>[0] = {}): Promise<LabWithRuns> {
  const served = await serveTestLab({ wanted: null, ...options });
  const { lab } = served.open;
  const trained = ["corner/aligned", "corner/corner"].flatMap((organism) => [1, 2, 3, 4].map((seed) => runOf(organism, seed)));
  const last = runOf(running.organism, running.seed);
  let told = 0;
  let tell: (() => void) | null = null;
  const execute: ExecuteJob = async (job) => {
    const { spec } = job;
    if (spec.kind !== "train") return doneEnd(spec);
    const { seed, optimizer } = spec.recipe;
    if (seed === seedThatFails)
      return {
        kind: "failed",
        code: "unconverged",
        message: "the loss of update 12 is NaN; expected a number. Lower the learning rate.",
        isFinal: true,
      };
    const points = curveOf({ seed, points: pointsInAll, totalSteps: optimizer.totalTimesteps });
    if (seed === running.seed) {
      tell = () => {
        const point = points[told++]!;
        const progress: JobProgress = {
          share: told / pointsInAll,
          secondsLeft: pointsInAll - told,
          environmentSteps: point.environmentSteps!,
          trainingReturn: point.trainingReturn!,
          oracleShare: point.oracleShare!,
          stage: null,
        };
        job.report(progress, [point]);
      };
      for (let i = 0; i < 12; i++) tell();
      await new Promise((resolve) => (job.signal.aborted ? resolve(null) : job.signal.addEventListener("abort", resolve)));
      return { kind: "stopped" };
    }
    const columns = Object.keys(points[0]!);
    const text = [columns.join(","), ...points.map((point) => columns.map((column) => point[column]).join(","))].join("\n");
    const curve = await lab.store.putBlob(new TextEncoder().encode(`${text}\n`));
    const { trainingReturn, oracleReturn, oracleShare } = points.at(-1)!;
    return {
      ...{ kind: "done", engine: "none", startedAt: "2026-03-01T10:00:00.000Z", seconds: 41.5 },
      files: { "curve.csv": curve },
      outcome: {
        kind: "train",
        environmentSteps: optimizer.totalTimesteps,
        trainingReturn: trainingReturn!,
        oracleReturn: oracleReturn!,
        oracleShare: oracleShare!,
      },
    };
  };
  await lab.accept({ sweep: "corners", priority: 60, jobs: [...trained, ...trained.map(auditOf)] });
  await lab.accept({ sweep: "mixed", priority: 50, jobs: [last] });
  const worker = startWorker(lab, { execute, worker: "tester" });
  await until(async () => (await lab.counts()).done >= 12 && tell !== null, "twelve jobs done and one under way", { lab });
  return {
    ...{ served, worker },
    runs: new Map([...trained, last].map((run) => [`${run.organism} ${run.recipe.seed}`, jobKey(run)])),
    advance: async () => {
      const before = (await lab.curve(jobKey(last))).length;
      tell!();
      await until(async () => (await lab.curve(jobKey(last))).length > before, "another point", { lab });
    },
    remove: async () => {
      await worker.stop();
      await served.remove();
    },
  };
}
