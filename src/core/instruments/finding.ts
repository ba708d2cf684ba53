// What an instrument reports: a number with its interval, its null and its threshold. A number without its null is not a finding.

import { z } from "zod";

const intervalSchema = z.object({ low: z.number(), high: z.number(), level: z.number().describe("nominal coverage, e.g. 0.95") });

export const findingSchema = z.object({
  instrument: z.string().describe("which instrument made it, e.g. context-test"),
  name: z.string().describe("what was measured, in words"),
  statistic: z.number().nullable().describe("null when the instrument could not be run; evidence says why"),
  unit: z.string(),
  interval: intervalSchema.nullable(),
  null: z
    .object({ name: z.string(), value: z.number() })
    .nullable()
    .describe("what the statistic would be without the effect, and how that was measured"),
  threshold: z.object({ comparison: z.enum(["at-least", "at-most"]), value: z.number() }).nullable(),
  passed: z.boolean().nullable().describe("whether the statistic meets the threshold; null when nothing was tested"),
  evidence: z.string(),
});

export type Finding = z.infer<typeof findingSchema>;
