// The entry of the thread that prices a sweep.

import { priceJobs } from "../../lab/sweep/price.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { measureRates } from "./measure-rates.ts";
import { type PriceNote, priceInputSchema } from "./price-missing.ts";

await runWorkerJob(priceInputSchema, async ({ sweep, missing, workers }, { signal, tell }) => {
  const say = (note: PriceNote) => tell(note);
  const jobs = missing.map((place) => sweep[place]!);
  const engine = await createOnnxEngine();
  const rates = await measureRates({ engine, jobs, sweep, signal, onProgress: (done, of) => say({ done, of }) });
  say(priceJobs({ jobs, sweep, rates, workers }));
});
