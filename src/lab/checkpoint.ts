// How far a job is: a document under `checkpoints/KEY/` that names a blob, so that any worker can continue it.

import { z } from "zod";
import { blobRefSchema } from "./artifact-store.ts";
import { jobKeySchema } from "./job.ts";

export const checkpointSchemaId = "mesascope/checkpoint@1";

/** The newest of a job whose blob is whole counts. The blob is a training checkpoint, see `node/training/training-checkpoint.ts`. */
export const checkpointDocumentSchema = z.strictObject({
  schema: z.literal(checkpointSchemaId),
  job: jobKeySchema,
  /** Updates done. */
  update: z.int().min(1),
  /** When the first of the attempts began that this continues. */
  startedAt: z.iso.datetime(),
  blob: blobRefSchema,
});
export type CheckpointDocument = z.infer<typeof checkpointDocumentSchema>;
