// What says that a folder or bucket is a lab, and which.

import { z } from "zod";

export const labSchemaId = "mesascope/lab@1";

export const labDocumentSchema = z.strictObject({
  schema: z.literal(labSchemaId),
  /** Random: a database is the index of one lab. */
  id: z.uuid(),
  madeAt: z.iso.datetime(),
});
export type LabDocument = z.infer<typeof labDocumentSchema>;
