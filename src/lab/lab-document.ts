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

export const indexSchemaId = "mesascope/index@1";

/** Which database is the index of a lab: a second one, which knows nothing of what the first has in hand, is told apart by it. */
export const indexDocumentSchema = z.strictObject({
  schema: z.literal(indexSchemaId),
  kind: z.enum(["pglite", "postgres"]),
  /** Random, of a database of PostgreSQL. In a folder there is but one, which is made anew now and then. */
  id: z.uuid().nullable(),
});
export type IndexDocument = z.infer<typeof indexDocumentSchema>;
