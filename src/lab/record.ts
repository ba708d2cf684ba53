// Records: a finished job as a document. Where a record lies, the job is done, whatever a database says.

import { z } from "zod";
import { verdictDocumentSchema } from "../core/audit/verdict-document.ts";
import { MesascopeError } from "../core/base/errors.ts";
import { type ArtifactStore, blobRefSchema } from "./artifact-store.ts";
import { storable, storableCount, storableInstant } from "./is-storable.ts";
import { axisPointSchema, type JobKey, jobKeySchema, jobSpecSchema } from "./job.ts";
import { recordPath } from "./layout.ts";

export const recordSchemaId = "mesascope/record@1";

/** Of a trained agent, at the end of training. */
const trainOutcomeSchema = z.strictObject({
  kind: z.literal("train"),
  environmentSteps: z.int().min(0),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
});

const auditOutcomeSchema = z.strictObject({
  kind: z.literal("audit"),
  verdict: z.strictObject({
    kind: verdictDocumentSchema.shape.verdict.shape.kind,
    objective: z.string(),
    confidence: z.number(),
  }),
  /** Probability per named objective, to a millionth; earlier versions left it in `verdict.json`. */
  posterior: z.record(z.string(), z.number()).exactOptional(),
  /** Of the snapshot that was audited; left out for the agent at the end of training. */
  environmentSteps: z.int().min(0).exactOptional(),
});

/** Mean returns per episode with 95% intervals, at each point of the job. */
const measureOutcomeSchema = z.strictObject({
  kind: z.literal("measure"),
  points: z.array(
    z.strictObject({
      point: axisPointSchema,
      /** By objective of the world. */
      returns: z.record(z.string(), z.strictObject({ mean: z.number(), low: z.number(), high: z.number() })),
    }),
  ),
});

export const outcomeSchema = storable(
  z.discriminatedUnion("kind", [trainOutcomeSchema, auditOutcomeSchema, measureOutcomeSchema]),
);
export type Outcome = z.infer<typeof outcomeSchema>;

export const recordSchema = z.strictObject({
  schema: z.literal(recordSchemaId),
  job: jobKeySchema,
  spec: jobSpecSchema,
  outcome: outcomeSchema,
  /**
   * By name: train `policy.onnx`, `manifest.json`, `curve.csv`; audit `verdict.json`, `result.json` (what a report draws); measure
   * `measurements.json`.
   */
  files: z.record(z.string(), blobRefSchema),
  /** How it came about; another attempt differs in this and in nothing else. */
  made: z.strictObject({
    attempt: storableCount.min(1),
    worker: storable(z.string()),
    engine: z.string(),
    startedAt: storableInstant,
    finishedAt: storableInstant,
    /** Of computation, over all attempts that it continued. */
    seconds: z.number().min(0),
  }),
});
export type JobRecord = z.infer<typeof recordSchema>;

/** Null where there is none, or none that can be read: the job is done again then. */
export async function readRecord(store: ArtifactStore, key: JobKey): Promise<JobRecord | null> {
  const json = await store.getDocument(recordPath(key)).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "damaged-artifact") return null;
    throw error;
  });
  return json === null ? null : (recordSchema.safeParse(json).data ?? null);
}
