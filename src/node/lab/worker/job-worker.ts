// The entry of a job thread: opens store and engine once, then does one job after the other until it is ended.

import { parentPort, workerData } from "node:worker_threads";
import { receive } from "../../workers/worker-messages.ts";
import { jobOrderSchema, stopMessage, type ThreadMessage, threadInputSchema } from "./job-messages.ts";
import { JobRunner } from "./job-runner.ts";

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const runner = new JobRunner(receive(threadInputSchema, workerData));

parentPort?.on("message", async (message: unknown) => {
  if (message === stopMessage) return runner.stop();
  const end = await runner.run(receive(jobOrderSchema, message), say);
  say({ kind: "end", end });
});
