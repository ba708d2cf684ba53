// The entry of a thread that makes one agent of a population: trains, and where it did not become what it should be, tries the next seed.

import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { makeAgent } from "./make-agent.ts";
import { type MakeJob, type MakeNote, makeJobSchema } from "./make-messages.ts";

await runWorkerJob<MakeJob, MakeNote>(makeJobSchema, async (job, { signal, tell }) => {
  await makeAgent(job, { engine: await createOnnxEngine(), signal, tell });
});
