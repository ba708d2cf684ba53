// What a measure job writes, `measurements.json`: its outcome, and what else was counted on the way.

import { z } from "zod";

export const measurementsSchemaId = "mesascope/measurements@1";

/** Per episode, with the 95% interval over levels. */
const estimateSchema = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });

export const measurementsSchema = z.strictObject({
  schema: z.literal(measurementsSchemaId),
  levels: z.int().min(2),
  seed: z.int().min(0),
  points: z.array(
    z.strictObject({
      point: z.record(z.string(), z.union([z.number(), z.string()])),
      /** By objective of the world. */
      returns: z.record(z.string(), estimateSchema),
      /** By feature of the world. */
      features: z.record(z.string(), estimateSchema),
    }),
  ),
});
export type Measurements = z.infer<typeof measurementsSchema>;
