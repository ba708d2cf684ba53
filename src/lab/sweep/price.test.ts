import { describe, expect, it } from "vitest";
import { type JobSpec, jobKey } from "../job.ts";
import { expandSweep } from "./expand-sweep.ts";
import { type JobPrice, type JobRates, priceWorkload } from "./price.ts";
import { code, sweepOf } from "./sweep.fixture.ts";
import { parseSweepFile } from "./sweep-file.ts";
import { workloadOf } from "./workload.fixture.ts";

function jobsOf(runs: object, file: object = {}): readonly JobSpec[] {
  return expandSweep(parseSweepFile(sweepOf({ ...runs }, { ...file }), "test"), code).jobs;
}

interface PricedJobs {
  readonly jobs: readonly JobSpec[];
  /** All jobs of the sweep. */
  readonly sweep: readonly JobSpec[];
  readonly rates: JobRates;
  readonly workers: number;
}

function priceJobs({ jobs, sweep, rates, workers }: PricedJobs): JobPrice {
  return priceWorkload({ workload: workloadOf(jobs, sweep), rates, workers });
}

/** Rates of round numbers for every recipe among the jobs. */
function ratesOf(jobs: readonly JobSpec[]): JobRates {
  const { trainings, playings } = workloadOf(jobs);
  return {
    training: new Map(
      trainings.map(({ kind, recipe }) => [
        kind,
        { recipe, stepsPerSecond: 1000, startSeconds: 0.5, stepsPerUpdate: 1000, policyBytes: 50_000 },
      ]),
    ),
    playing: new Map(
      playings.map(({ kind }) => [
        kind,
        {
          solving: { constant: 3, perLevel: 0.5 },
          audit: { constant: 1, perLevel: 0.25, bytes: 10_000 },
          measure: { secondsPerLevel: 0.01, bytesPerPoint: 100 },
        },
      ]),
    ),
  };
}

const fields = { "optimizer.totalTimesteps": [9500] };

describe("the price of jobs", () => {
  it("of runs is start, whole updates, and the end of each", () => {
    const jobs = jobsOf({ fields });
    const price = priceJobs({ jobs, sweep: jobs, rates: ratesOf(jobs), workers: 2 });
    expect(price).toMatchObject({ runs: 4, audits: 0, measurements: 0, environmentSteps: 4 * 9500, runsByLikeness: 0 });
    expect(price.coreSeconds).toBeCloseTo(4 * (0.5 + 10 + 1.5), 10);
    // A policy, and nine snapshots of it on the way.
    expect(price.bytes).toBeGreaterThan(4 * 10 * 50_000);
    expect(price.bytes).toBeLessThan(4 * 11 * 50_000);
  });

  it("of audits solves the levels of a world once on every worker, but on no more than there are audits", () => {
    const jobs = jobsOf({ fields }, { audits: [{ levels: 10, seed: 1 }] });
    const audits = jobs.filter(({ kind }) => kind === "audit");
    const seconds = (workers: number) => priceJobs({ jobs: audits, sweep: jobs, rates: ratesOf(jobs), workers }).coreSeconds;
    const audit = 4 * (1 + 0.25 * 10);
    expect(seconds(1)).toBeCloseTo(audit + 8, 10);
    expect(seconds(3)).toBeCloseTo(audit + 3 * 8, 10);
    expect(seconds(100)).toBeCloseTo(audit + 4 * 8, 10);
  });

  it("of measurements is that of all levels at all points", () => {
    const jobs = jobsOf({ fields }, { measure: [{ points: { cornerSize: [1, 3, 5] }, levels: 100, seed: 1 }] });
    const measurements = jobs.filter(({ kind }) => kind === "measure");
    const price = priceJobs({ jobs: measurements, sweep: jobs, rates: ratesOf(jobs), workers: 1 });
    expect(price).toMatchObject({ runs: 0, measurements: 4, environmentSteps: 0 });
    expect(price.coreSeconds).toBeCloseTo(4 * 3 * 100 * 0.01, 10);
  });

  it("of kinds that were not measured is that of the slowest like them", () => {
    const jobs = jobsOf({
      organisms: ["corner/aligned"],
      fields: { ...fields, "network.hidden": [[8], [16], [32]] },
      seeds: [1],
    });
    const { training, playing } = ratesOf(jobs);
    const [first, second] = [...training];
    const some = new Map([first!, [second![0], { ...second![1], stepsPerSecond: 500 }] as const]);
    const price = priceJobs({ jobs, sweep: jobs, rates: { training: some, playing }, workers: 1 });
    expect(price.runsByLikeness).toBe(1);
    expect(price.coreSeconds).toBeCloseTo(3 * 2 + 10 + 20 + 20, 10);
  });

  it("is the sum of the prices of its parts", () => {
    const jobs = jobsOf({ fields }, { measure: [{ points: { cornerSize: [1, 3] }, levels: 10, seed: 1 }] });
    const rates = ratesOf(jobs);
    const priced = (some: readonly JobSpec[]) => priceJobs({ jobs: some, sweep: jobs, rates, workers: 1 });
    const [first, second, all] = [priced(jobs.slice(0, 3)), priced(jobs.slice(3)), priced(jobs)];
    expect(first.coreSeconds + second.coreSeconds).toBeCloseTo(all.coreSeconds, 10);
    expect(first.bytes + second.bytes).toBe(all.bytes);
  });

  it("refuses what it knows no rate or run of", () => {
    const jobs = jobsOf({ fields }, { audits: [{ levels: 10, seed: 1 }] });
    const rates = ratesOf(jobs);
    expect(() => priceJobs({ jobs, sweep: jobs, rates: { ...rates, training: new Map() }, workers: 1 })).toThrow(
      /no rate given for a job of kind train in corner/,
    );
    expect(() => priceJobs({ jobs: jobs.slice(1, 2), sweep: [], rates, workers: 1 })).toThrow(
      new RegExp(`about the run ${jobKey(jobs[0]!)} given`),
    );
  });
});

describe("kinds of training", () => {
  it("are what decides speed: sizes, and no rates or steps", () => {
    const kinds = (runs: object) =>
      new Set(workloadOf(jobsOf({ organisms: ["corner/aligned"], seeds: [1, 2], ...runs })).trainings.map(({ kind }) => kind))
        .size;
    expect(
      kinds({ fields: { "optimizer.learningRate": [1, 2], "optimizer.totalTimesteps": [1, 2], "optimizer.gamma": [0.9, 0.8] } }),
    ).toBe(1);
    expect(kinds({ fields: { "optimizer.updateEpochs": [1, 2], "network.hidden": [[8], [16]] } })).toBe(4);
    expect(kinds({ optimizers: ["ppo", "es", "cma-es", "imitation"] })).toBe(4);
  });
});
