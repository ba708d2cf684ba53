// The entry of a measuring worker: runs the model that it is given as often as it is asked to, and answers with the time it took.

import type { Feeds, TensorData } from "../core/engine/engine.ts";
import {
  type MeasuringJob,
  type MeasuringResult,
  measuringJobSchema,
  measuringNextSchema,
  measuringPaths,
} from "./measuring-messages.ts";
import { createWebEngine } from "./web-engine.ts";

const memories = watchMemories();

try {
  await measure();
} catch (error) {
  await answer({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}

async function measure(): Promise<void> {
  const job = measuringJobSchema.parse(await (await get(measuringPaths.job)).json());
  const engine = createWebEngine({ threads: job.threads });
  const session = await engine.compile(new Uint8Array(await (await get(measuringPaths.model)).arrayBuffer()));
  let feeds = await readFeeds(job);
  for (;;) {
    const { runs } = measuringNextSchema.parse(await (await get(measuringPaths.next)).json());
    if (runs === 0) break;
    const start = performance.now();
    for (let run = 0; run < runs; run++) {
      const outputs = await session.run(feeds);
      feeds = { ...feeds, ...carried(job, outputs) };
    }
    const milliseconds = performance.now() - start;
    const heapBytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
    await answer({ kind: "measured", milliseconds, heapBytes, engine: engine.name });
  }
  await session.release();
}

async function readFeeds(job: MeasuringJob): Promise<Feeds> {
  const tensors: Record<string, TensorData> = {};
  for (const [i, { name, dtype, dims }] of job.feeds.entries()) {
    const bytes = await (await get(`${measuringPaths.feeds}/${i}`)).arrayBuffer();
    tensors[name] = { dtype, dims, data: dtype === "float32" ? new Float32Array(bytes) : new Int32Array(bytes) };
  }
  return tensors;
}

function carried({ carry }: MeasuringJob, outputs: Readonly<Record<string, TensorData>>): Feeds {
  return Object.fromEntries(Object.entries(carry).map(([output, input]) => [input, outputs[output]!]));
}

async function get(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return response;
}

async function answer(result: MeasuringResult): Promise<void> {
  await fetch(measuringPaths.result, { method: "POST", body: JSON.stringify(result) });
}

/** Every WebAssembly memory made from now on: the runtime does not tell its own. */
function watchMemories(): readonly WebAssembly.Memory[] {
  const made: WebAssembly.Memory[] = [];
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct: (target, given: [WebAssembly.MemoryDescriptor]) => {
      const memory = new target(...given);
      made.push(memory);
      return memory;
    },
  });
  return made;
}
