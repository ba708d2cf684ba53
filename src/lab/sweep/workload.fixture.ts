// The workload of jobs, for tests that have all jobs of a sweep at hand.

import { type JobSpec, jobKey } from "../job.ts";
import { addingUp, type Workload } from "./workload.ts";

/** `sweep`: where the runs are that the jobs are about. */
export function workloadOf(jobs: readonly JobSpec[], sweep: readonly JobSpec[] = jobs): Workload {
  const recipes = new Map(sweep.flatMap((job) => (job.kind === "train" ? [[jobKey(job), job.recipe] as const] : [])));
  const steps = addingUp({ jobs, recipes });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
