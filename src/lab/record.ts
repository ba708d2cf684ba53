// Records: a finished job as a document. Where a record lies, the job is done, whatever a database says. Fields that this version does not know
// are taken for what a newer one tells besides: those of outcomes are kept, others left out.

import { z } from "zod";
import { verdictDocumentSchema } from "../core/audit/verdict-document.ts";
import { MesascopeError } from "../core/base/errors.ts";
import { type ArtifactStore, blobRefSchema } from "./artifact-store.ts";
import { storable, storableCount, storableInstant } from "./is-storable.ts";
import { axisPointSchema, type JobKey, jobKeySchema, jobSpecSchema } from "./job.ts";
import { recordPath } from "./layout.ts";

export const recordSchemaId = "mesascope/record@1";

/** Of a trained agent, at the end of training. */
const trainOutcomeSchema = z.looseObject({
  kind: z.literal("train"),
  environmentSteps: z.int().min(0),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
});

const auditOutcomeSchema = z.looseObject({
  kind: z.literal("audit"),
  verdict: z.looseObject({
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
const measureOutcomeSchema = z.looseObject({
  kind: z.literal("measure"),
  points: z.array(
    z.looseObject({
      point: axisPointSchema,
      /** By objective of the world. */
      returns: z.record(z.string(), z.looseObject({ mean: z.number(), low: z.number(), high: z.number() })),
    }),
  ),
});

export const outcomeSchema = storable(
  z.discriminatedUnion("kind", [trainOutcomeSchema, auditOutcomeSchema, measureOutcomeSchema]),
);
export type Outcome = z.infer<typeof outcomeSchema>;

export const recordSchema = z.object({
  schema: z.literal(recordSchemaId),
  job: jobKeySchema,
  spec: jobSpecSchema,
  outcome: outcomeSchema,
  /**
   * By name: train `policy.onnx`, `manifest.json`, `curve.csv`, and a `snapshot-STEPS.onnx` for each that was kept on the way; audit
   * `verdict.json`, `result.json` (what a report draws); measure `measurements.json`.
   */
  files: z.record(z.string(), blobRefSchema),
  /** How it came about; another attempt differs in this and in nothing else. */
  made: z.object({
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
  const json = await wholeDocument(store, key);
  return json === null ? null : (recordSchema.safeParse(json).data ?? null);
}

const ofAnyVersion = z.object({ schema: z.string().startsWith("mesascope/record@") });

/** Whether a record lies there as it was written that has fields, kinds or a schema that this version does not know: a newer one wrote it. */
export async function isOfNewerVersion(store: ArtifactStore, key: JobKey): Promise<boolean> {
  const json = await wholeDocument(store, key);
  if (!ofAnyVersion.safeParse(json).success) return false;
  const issues = recordSchema.safeParse(json).error?.issues ?? [];
  return issues.some(({ code, path }) => code === "unrecognized_keys" || code === "invalid_union" || path[0] === "schema");
}

/** Null where there is none, or it was altered. */
async function wholeDocument(store: ArtifactStore, key: JobKey): Promise<unknown> {
  return await store.getDocument(recordPath(key)).catch((error: unknown) => {
    if (error instanceof MesascopeError && error.code === "damaged-artifact") return null;
    throw error;
  });
}
