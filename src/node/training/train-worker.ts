// The entry of a training worker: trains the one agent it is started with, reports progress, and saves and stops when asked to.

import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { type TrainingJob, type TrainingNote, trainingJobSchema } from "../workers/worker-messages.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { trainAgent } from "./train-agent.ts";

await runWorkerJob<TrainingJob, TrainingNote>(
  trainingJobSchema,
  async ({ folder, start, checkpointSeconds }, { signal, tell }) => {
    await trainAgent({
      engine: await createOnnxEngine(),
      folder,
      start,
      overwrite: true,
      checkpoints: { kind: "seconds", every: checkpointSeconds },
      signal,
      onProgress: (progress) => tell({ kind: "progress", ...progress }),
      onWarning: (text) => tell({ kind: "warning", text }),
    });
  },
);
