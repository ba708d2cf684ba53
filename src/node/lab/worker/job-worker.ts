// The entry of a job thread: opens store and engine once, then does one job after the other until it is ended.

import { parentPort, workerData } from "node:worker_threads";
import { receive } from "../../workers/worker-messages.ts";
import { endMessage, jobOrderSchema, stopMessage, type ThreadMessage, threadInputSchema } from "./job-messages.ts";
import { JobRunner } from "./job-runner.ts";

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const input = receive(threadInputSchema, workerData);
const runner = new JobRunner(input);

parentPort?.on("message", async (message: unknown) => {
  if (message === endMessage) process.exit(1);
  if (message === stopMessage) return runner.stop();
  const beat = setInterval(() => say({ kind: "beat" }), input.beatSeconds * 1000);
  const end = await runner.run(receive(jobOrderSchema, message), say);
  clearInterval(beat);
  say({ kind: "end", end });
});
