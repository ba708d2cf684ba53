import { expect, it } from "vitest";
import { canonicalJson } from "../core/base/canonical-json.ts";
import { jobKey, textOfJob } from "./job.ts";
import { expandSweep } from "./sweep/expand-sweep.ts";
import { code, sweepOf } from "./sweep/sweep.fixture.ts";
import { parseSweepFile } from "./sweep/sweep-file.ts";

it("the key of a job is of its canonical JSON, whether or not another job with the same parts was written before", () => {
  const followUps = { audits: [{ levels: 4, seed: 1 }], measure: [{ points: { cornerSize: [1] }, levels: 4, seed: 1 }] };
  const file = sweepOf({ fields: { "optimizer.learningRate": [1e-3, 2e-3] } }, followUps);
  const { jobs } = expandSweep(parseSweepFile(file, "test"), code);
  expect(jobs.map(textOfJob)).toEqual(jobs.map(canonicalJson));
  expect(jobs.map(jobKey)).toEqual(jobs.map((job) => jobKey(structuredClone(job))));
});
