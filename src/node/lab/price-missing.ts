// The price of the jobs of a sweep that are not done, measured in a thread of its own: who asks for it may have leases to keep.

import { availableParallelism } from "node:os";
import { z } from "zod";
import type { JobPrice } from "../../lab/sweep/price.ts";
import { type AskedJobs, addingUp, workloadSchema } from "../../lab/sweep/workload.ts";
import { runInWorkers, workerEntry } from "../workers/worker-pool.ts";
import { inTurns } from "./in-turns.ts";

/** What the thread is started with. */
export const priceInputSchema = z.strictObject({ workload: workloadSchema, workers: z.int().min(1) });
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

export interface PriceMissingOptions extends AskedJobs {
  readonly signal?: AbortSignal;
  /** Told of kinds of jobs that were tried, and of how many. */
  readonly onTried?: (done: number, of: number) => void;
}

/** Throws as `addingUp` and `measureRates`. */
export async function priceMissing(options: PriceMissingOptions): Promise<JobPrice> {
  const { jobs, recipes, signal = new AbortController().signal, onTried } = options;
  const nothing = { runs: 0, audits: 0, measurements: 0, environmentSteps: 0, coreSeconds: 0, bytes: 0, runsByLikeness: 0 };
  if (jobs.length === 0) return nothing;
  const workload = await inTurns(addingUp({ jobs, recipes }));
  const input: PriceInput = { workload, workers: availableParallelism() };
  let price: JobPrice = nothing;
  await runInWorkers({
    entry: workerEntry("lab/price-worker"),
    jobs: [{ name: "the pricing of a sweep", input }],
    workers: 1,
    signal,
    notes: priceNoteSchema,
    onNote: (_, note) => {
      if ("of" in note) onTried?.(note.done, note.of);
      else price = note;
    },
    advice: "ask for the price again",
  });
  return price;
}
