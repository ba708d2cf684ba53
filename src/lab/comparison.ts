// What a comparison of runs says, as a document: see compare.ts.

import { z } from "zod";
import { jobKeySchema } from "./job.ts";

const configValue = z.union([z.string(), z.number(), z.boolean()]);
const nullableNumber = z.number().nullable();

const estimateSchema = z.strictObject({
  mean: z.number(),
  low: nullableNumber.describe("of the 95% interval: Student's t, or Wilson's for shares of yes and no; null below two runs"),
  high: nullableNumber,
  n: z.int(),
});

const differenceSchema = z.strictObject({ difference: z.number(), low: z.number(), high: z.number() });

export const comparisonSchema = z.strictObject({
  fields: z.array(z.string()).readonly().describe("paths of the fields of the recipe in which groups differ"),
  metrics: z
    .array(z.string())
    .readonly()
    .describe('return, share (of the oracle\'s), "verdict KIND" (the share of audits), "OBJECTIVE at AXIS VALUE" (measured)'),
  groups: z
    .array(
      z.strictObject({
        config: z.record(z.string(), configValue.nullable()).readonly(),
        runs: z.array(jobKeySchema).readonly(),
        seeds: z.array(z.int()).readonly(),
        metrics: z.record(z.string(), estimateSchema.nullable()).readonly(),
        differences: z
          .record(z.string(), differenceSchema.nullable())
          .readonly()
          .describe("from the baseline, with 95% intervals: Welch's, or Newcombe's for shares of yes and no"),
      }),
    )
    .readonly()
    .describe("runs that differ in nothing but their seed, in the order of their first runs"),
  baseline: z.int().min(0).describe("place of the group that others are compared with"),
});
