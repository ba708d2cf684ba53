// What a measuring page and the server of its page say to each other, over HTTP. Both sides check what they receive.

import { z } from "zod";

/** Where the page asks and answers. Bytes of tensors lie at `FEEDS/INDEX`. */
export const measuringPaths = {
  job: "/measure/job",
  model: "/measure/model",
  feeds: "/measure/feeds",
  next: "/measure/next",
  result: "/measure/result",
} as const;

/** What is measured: runs of one model. */
export const measuringJobSchema = z.strictObject({
  feeds: z.array(z.strictObject({ name: z.string(), dtype: z.enum(["float32", "int32"]), dims: z.array(z.number()) })),
  /** Output → input: what a run gives is fed to the next, as weights in training. */
  carry: z.record(z.string(), z.string()),
  threads: z.int().min(1),
});

/** What to do next: so many runs; none ends the page's work. */
export const measuringNextSchema = z.strictObject({ runs: z.int().min(0) });

export const measuringResultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("measured"),
    milliseconds: z.number(),
    /** WebAssembly memory of the runtime after the runs. It never shrinks. */
    heapBytes: z.number(),
    engine: z.string(),
  }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);

export type MeasuringJob = z.infer<typeof measuringJobSchema>;
export type MeasuringResult = z.infer<typeof measuringResultSchema>;
