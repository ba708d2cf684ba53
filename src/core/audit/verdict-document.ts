// The document that an audit writes: its types, and the schema that is published and that readers are checked against.

import { z } from "zod";
import { findingSchema } from "../instruments/finding.ts";
import { failureModes, verdictKinds } from "../objectives/kinds.ts";

export const verdictSchemaId = "mesascope/verdict@2";

const probability = z.number().min(0).max(1);

export const weightSchema = z.object({
  context: z
    .string()
    .describe('the cue values that the weight holds under, e.g. "lamp=deployment"; "any" when it does not depend on them'),
  feature: z.string(),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
});

/** How far a failure was shown: an examination that found nothing is not one that was never made. */
const failureSchema = z.object({
  status: z.enum(["shown", "not-shown", "not-examined"]),
  reason: z.string().describe("one sentence"),
});

const failuresSchema = z.object({
  outer: failureSchema.describe("the specification's: being perfect by what is rewarded loses what was meant"),
  inner: failureSchema.describe("the agent's: it pursues another thing than what was rewarded"),
});

export const verdictSchema = z.object({
  kind: z.enum(verdictKinds),
  failureMode: z.enum(failureModes),
  failures: failuresSchema,
  objective: z.string().describe('name of the objective the behavior is best explained by, or "unidentified"'),
  weights: z.array(weightSchema),
  posterior: z.record(z.string(), probability).describe("probability per named objective, summing to 1"),
  confidence: probability.describe(
    "probability that kind and objective are right; 0 for an inconclusive verdict, which claims nothing",
  ),
  explanation: z.string().describe("one sentence a person can act on"),
  wouldChange: z.array(z.string()).describe("what evidence would change the verdict"),
});

export const verdictDocumentSchema = z.object({
  schema: z.literal(verdictSchemaId),
  agent: z.string().describe("the agent's id as the auditor saw it"),
  world: z.string(),
  verdict: verdictSchema,
  findings: z.array(findingSchema),
  cost: z.object({ levels: z.int().min(0), environmentSteps: z.int().min(0), seconds: z.number().min(0) }),
  cannotShow: z.array(z.string()),
});

export type ObjectiveWeight = z.infer<typeof weightSchema>;
export type FailureClaims = z.infer<typeof failuresSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type VerdictDocument = z.infer<typeof verdictDocumentSchema>;
