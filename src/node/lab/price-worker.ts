// The entry of the thread that prices a sweep.

import { priceWorkload } from "../../lab/sweep/price.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { measureRates } from "./measure-rates.ts";
import { type PriceNote, priceInputSchema } from "./price-missing.ts";

await runWorkerJob(priceInputSchema, async ({ workload, workers }, { signal, tell }) => {
  const say = (note: PriceNote) => tell(note);
  const engine = await createOnnxEngine();
  const rates = await measureRates({ engine, workload, signal, onProgress: (done, of) => say({ done, of }) });
  say(priceWorkload({ workload, rates, workers }));
});
