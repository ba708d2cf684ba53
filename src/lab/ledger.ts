// The ledger: what a lab was asked for and what became final without a result, entry by entry, each a document that is on disk before
// anyone is told "accepted". Sweeps, decisions and failures; with the records it is all that an index is made of.

import { z } from "zod";
import { blobRefSchema } from "./artifact-store.ts";
import { storable, storableCount, storableInstant } from "./is-storable.ts";
import { jobKeySchema, jobSpecSchema, prioritySchema } from "./job.ts";

/** As many as the digits in the paths of entries tell apart. */
const mostEntries = 10 ** 12 - 1;

export const ledgerSchemaId = "mesascope/ledger@1";

/** Names of sweeps: of a file's `name`, and what a user types. */
export const sweepNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: "lowercase letters, digits and hyphens, at most 63, beginning with a letter or digit",
});

/** Whom a decision is about: all jobs of a sweep, or single jobs. */
export const targetSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("sweep"), sweep: sweepNameSchema }),
  z.strictObject({ kind: z.literal("jobs"), jobs: z.array(jobKeySchema).min(1).max(10_000) }),
]);
export type Target = z.infer<typeof targetSchema>;

const reason = storable(z.string().min(1).max(1000));

/** Jobs that are done stay done, whatever is decided. */
export const decisionSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("pause"), target: targetSchema }),
  z.strictObject({ action: z.literal("resume"), target: targetSchema }),
  z.strictObject({ action: z.literal("cancel"), target: targetSchema }),
  /** Failed and cancelled jobs anew. */
  z.strictObject({ action: z.literal("retry"), target: targetSchema, reason }),
  z.strictObject({ action: z.literal("prioritize"), target: targetSchema, priority: prioritySchema }),
]);
export type Decision = z.infer<typeof decisionSchema>;

const entrySchema = z.discriminatedUnion("kind", [
  /** A sweep, or more jobs of one. The same jobs again change nothing. */
  z.strictObject({
    kind: z.literal("sweep"),
    sweep: sweepNameSchema,
    priority: prioritySchema,
    /** A blob with `sweepJobsSchema` as JSON: thousands of recipes are no small document. */
    jobs: blobRefSchema,
    count: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal("decision"), decision: decisionSchema }),
  /** A job that failed for good: another attempt would fail alike, or all attempts were spent. */
  z.strictObject({
    kind: z.literal("failure"),
    job: jobKeySchema,
    attempt: storableCount.min(1),
    code: storable(z.string()),
    message: storable(z.string()),
  }),
]);
export type LedgerEntry = z.infer<typeof entrySchema>;

/** The jobs of a sweep in the order of its file. */
export const sweepJobsSchema = z.array(jobSpecSchema).min(1);

/** What tells an entry from others, and where its document lies. */
export const entryNameSchema = z.strictObject({
  /** Entries hold in the order of their numbers, whatever clocks said. Two of one number hold in the order of their ids. */
  number: z.int().min(1).max(mostEntries),
  /** Random, hexadecimal. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
});
export type EntryName = z.infer<typeof entryNameSchema>;

export const ledgerDocumentSchema = z.strictObject({
  schema: z.literal(ledgerSchemaId),
  ...entryNameSchema.shape,
  at: storableInstant,
  entry: entrySchema,
});
export type LedgerDocument = z.infer<typeof ledgerDocumentSchema>;
