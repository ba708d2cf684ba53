// The list of replications as a document.

import { z } from "zod";

export const replicationListSchema = z.strictObject({
  schema: z.literal("mesascope/replications@1"),
  replications: z.array(
    z.strictObject({
      name: z.string().describe("of the replication and its card's files"),
      title: z.string(),
      finding: z.strictObject({ sentence: z.string(), source: z.string() }).describe("what was found elsewhere, and where"),
      seeds: z.int().describe("agents per condition at the stated scale"),
    }),
  ),
});

/** What `mesascope replicate --json` prints. */
export type ReplicationList = z.infer<typeof replicationListSchema>;
