// A measure job: what an agent in the store returns at points of the shift space, by every objective of its world.

import { measureShiftedReturns } from "../../../core/instruments/shifted-returns.ts";
import { watched } from "../../../core/instruments/subject.ts";
import type { MeasureJob } from "../../../lab/job.ts";
import { type Measurements, measurementsSchema, measurementsSchemaId } from "../../../lab/measurements.ts";
import { type JobDone, type JobTools, jsonBytes, putFiles, shareTeller } from "./job-tools.ts";
import { openStoredAgent } from "./stored-agent.ts";

/** Measures. Throws `usage` for points that the world does not have, `interrupted` at once when the job is to stop. */
export async function measureJob({ run, points, levels, seed }: MeasureJob, tools: JobTools): Promise<JobDone> {
  const startTime = performance.now();
  const startedAt = new Date().toISOString();
  const tell = shareTeller(tools);
  const { subject, release } = await openStoredAgent(run, tools);
  try {
    const measured = await measureShiftedReturns({
      ...{ world: subject.world, subject: watched(subject), points, levels, seed },
      onProgress: (share) => tell("measuring returns", share),
    });
    const measurements: Measurements = measurementsSchema.parse({
      ...{ schema: measurementsSchemaId, levels, seed },
      points: measured,
    });
    const files = await putFiles({ "measurements.json": jsonBytes(measurements) }, tools);
    return {
      ...{ kind: "done", files, engine: tools.engine.name, startedAt },
      outcome: { kind: "measure", points: measurements.points.map(({ point, returns }) => ({ point, returns })) },
      seconds: (performance.now() - startTime) / 1000,
    };
  } finally {
    await release();
  }
}
