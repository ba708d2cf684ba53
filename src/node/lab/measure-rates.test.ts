import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../core/engine/engine.ts";
import { type JobSpec, jobKey } from "../../lab/job.ts";
import { expandSweep } from "../../lab/sweep/expand-sweep.ts";
import { priceWorkload } from "../../lab/sweep/price.ts";
import { code, sweepOf } from "../../lab/sweep/sweep.fixture.ts";
import { parseSweepFile } from "../../lab/sweep/sweep-file.ts";
import { workloadOf } from "../../lab/sweep/workload.fixture.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { measureRates } from "./measure-rates.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine();
});

const signal = new AbortController().signal;

function jobsOf(runs: object, file: object = {}): readonly JobSpec[] {
  return expandSweep(parseSweepFile(sweepOf({ ...runs }, { ...file }), "test"), code).jobs;
}

describe("rates that are measured", () => {
  it("are enough to price every job of a sweep", async () => {
    const jobs = jobsOf(
      { networks: ["mlp", "gru"], seeds: [1] },
      { audits: [{ levels: 6, seed: 0 }], measure: [{ points: { cornerSize: [1, 3, 5] }, levels: 20, seed: 1 }] },
    );
    const told: (readonly [number, number])[] = [];
    const workload = workloadOf(jobs);
    const rates = await measureRates({ engine, workload, signal, onProgress: (done, of) => told.push([done, of]) });
    // Two networks train and play; both organisms do it alike.
    expect([rates.training.size, rates.playing.size]).toEqual([2, 2]);
    expect(told.map(([done]) => done)).toEqual([0, 1, 2, 3, 4]);
    expect(told.every(([, of]) => of === 4)).toBe(true);
    const price = priceWorkload({ workload, rates, workers: 2 });
    expect(price).toMatchObject({ runs: 4, audits: 4, measurements: 4, runsByLikeness: 0 });
    expect(price.coreSeconds).toBeGreaterThan(0);
    expect(price.bytes).toBeGreaterThan(4 * 10_000);
  });

  it("are of few kinds where a sweep has many, but of every likeness", async () => {
    const hidden = Array.from({ length: 20 }, (_, i) => [4 + i]);
    const jobs = [
      ...jobsOf({
        organisms: ["corner/aligned"],
        seeds: [1],
        fields: { "network.hidden": hidden, "optimizer.totalTimesteps": [100_000] },
      }),
      ...jobsOf({ organisms: ["corner/aligned"], seeds: [1], networks: ["gru"], fields: { "optimizer.totalTimesteps": [10] } }),
    ];
    const { training } = await measureRates({ engine, workload: workloadOf(jobs), signal });
    expect(training.size).toBe(17);
    expect([...training.values()].filter(({ recipe }) => recipe.network.kind === "gru")).toHaveLength(1);
  });

  it("of jobs about runs that are done already need no training", async () => {
    const sweep = jobsOf(
      { organisms: ["corner/aligned"], seeds: [1] },
      { measure: [{ points: { cornerSize: [1] }, levels: 4, seed: 1 }] },
    );
    const jobs = sweep.filter(({ kind }) => kind === "measure");
    const rates = await measureRates({ engine, workload: workloadOf(jobs, sweep), signal });
    expect([rates.training.size, rates.playing.size]).toEqual([0, 1]);
    expect(jobs[0]).toMatchObject({ run: jobKey(sweep[0]!) });
  });

  it("end when they are not wanted any more", async () => {
    const jobs = jobsOf({});
    const asked = { engine, workload: workloadOf(jobs), signal: AbortSignal.abort(new Error("enough")) };
    await expect(measureRates(asked)).rejects.toThrow("enough");
  });
});
