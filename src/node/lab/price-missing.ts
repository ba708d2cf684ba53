// The price of the jobs of a sweep that are not done, measured in a thread of its own: who asks for it may have leases to keep.

import { availableParallelism } from "node:os";
import { z } from "zod";
import { type JobSpec, jobSpecSchema } from "../../lab/job.ts";
import type { JobPrice } from "../../lab/sweep/price.ts";
import { runInWorkers, workerEntry } from "../workers/worker-pool.ts";

/** What the thread is started with. */
export const priceInputSchema = z.strictObject({
  sweep: z.array(jobSpecSchema),
  /** Places in `sweep`. */
  missing: z.array(z.int().min(0)),
  workers: z.int().min(1),
});
export type PriceInput = z.infer<typeof priceInputSchema>;

const jobPriceSchema = z.strictObject({
  runs: z.number(),
  audits: z.number(),
  measurements: z.number(),
  environmentSteps: z.number(),
  coreSeconds: z.number(),
  bytes: z.number(),
  runsByLikeness: z.number(),
});

/** What the thread tells: kinds of jobs that were tried of so many, and the price at the end. */
export const priceNoteSchema = z.union([z.strictObject({ done: z.number(), of: z.number() }), jobPriceSchema]);
export type PriceNote = z.infer<typeof priceNoteSchema>;

export interface PriceMissingOptions {
  readonly sweep: readonly JobSpec[];
  readonly missing: readonly number[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Throws as `measureRates`. */
export async function priceMissing(options: PriceMissingOptions): Promise<JobPrice> {
  const { sweep, missing, signal = new AbortController().signal, onProgress } = options;
  const nothing = { runs: 0, audits: 0, measurements: 0, environmentSteps: 0, coreSeconds: 0, bytes: 0, runsByLikeness: 0 };
  if (missing.length === 0) return nothing;
  const input: PriceInput = { sweep: [...sweep], missing: [...missing], workers: availableParallelism() };
  let price: JobPrice = nothing;
  await runInWorkers({
    entry: workerEntry("lab/price-worker"),
    jobs: [{ name: "the pricing of a sweep", input }],
    workers: 1,
    signal,
    notes: priceNoteSchema,
    onNote: (_, note) => {
      if ("of" in note) onProgress?.(note.done, note.of);
      else price = note;
    },
    advice: "ask for the price again",
  });
  return price;
}
