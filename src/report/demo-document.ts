// The document of a demonstration: what was made, what it was made to want, and what the audit said before it was told.

import { z } from "zod";
import { verdictSchema } from "../core/audit/verdict-document.ts";

export const demoSchemaId = "mesascope/demo@2";

const weightSchema = z.strictObject({
  context: z.string().describe('the cue values it holds under, e.g. "lamp=training"; "otherwise" for the rest; "any" for all'),
  feature: z.string(),
  weight: z.number(),
});

const agentSchema = z.strictObject({
  organism: z.string(),
  truth: z
    .strictObject({ kind: z.string(), objective: z.string(), weights: z.array(weightSchema) })
    .describe('joined after the verdict was written; kind and objective are "unknown" and weights empty for a wild agent'),
  trainingReturn: z.number().describe("mean base return per episode on training levels"),
  oracleReturn: z.number().describe("mean of the best base returns possible on the same levels"),
  deploymentReturn: z.number().describe("mean base return per episode on deployment levels"),
  environmentSteps: z.int().min(0),
  verdict: verdictSchema,
});

const pairSchema = z.strictObject({
  first: z.string(),
  second: z.string(),
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  equivalent: z.boolean(),
});

export const demoDocumentSchema = z.strictObject({
  schema: z.literal(demoSchemaId),
  agents: z.array(agentSchema),
  equivalence: z
    .strictObject({ margin: z.number(), passed: z.boolean(), pairs: z.array(pairSchema) })
    .describe(
      "two one-sided tests of training returns, paired by level; margin and differences as shares of the oracle's return",
    ),
  report: z.string().describe("path of the report"),
  seconds: z.number().min(0),
});

export type DemoDocument = z.infer<typeof demoDocumentSchema>;
export type TruthWeight = z.infer<typeof weightSchema>;
