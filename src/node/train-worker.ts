// The entry of a training worker: trains the one agent it is started with, reports progress, and saves and stops when asked to.

import { createOnnxEngine } from "./onnx-engine.ts";
import { trainAgent } from "./train-agent.ts";
import { type TrainingJob, type TrainingNote, trainingJobSchema } from "./worker-messages.ts";
import { runWorkerJob } from "./worker-side.ts";

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
