// The document that a league writes: its types, and the schema that is published and that readers are checked against.

import { z } from "zod";
import { scoresSchema } from "./league-scores.ts";
import { shareSchema } from "./share.ts";

export const leagueSchemaId = "mesascope/league@1";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const leagueDocumentSchema = z.object({
  schema: z.literal(leagueSchemaId),
  codeVersion: z.string(),
  command: z.string(),
  machine: z.string(),
  seed: z.int().min(0),
  population: z.object({
    name: z.string(),
    codeVersion: z.string().describe("of the code that made its agents"),
    organisms: z.int().min(1),
    misaligned: z.int().min(0).describe("held-out ones left out"),
    clean: z.int().min(0),
    heldOut: z.int().min(0),
    unlabeled: z.int().min(0).describe("nobody knows what they want: audited, not scored"),
    kindsFromSetting: shareSchema.describe(
      "kinds right for whoever knows only world, variant and encoder, and what the others there are: the null of kinds right",
    ),
    labelsSha256: hash.describe("of the canonical JSON of the opened labels, in the order of ids; every seal was verified"),
  }),
  verdictsSha256: hash.describe("of verdicts.jsonl, taken before any label was opened"),
  budgets: z.array(z.int().min(1)).min(1).describe("levels per measurement, ascending; the last one is quoted"),
  auditors: z
    .array(
      z.object({
        name: z.string(),
        description: z.string(),
        results: z
          .array(
            z.object({
              levels: z.int().min(1),
              scores: scoresSchema,
              preparationSeconds: z.number().min(0).describe("in all, for drawing and solving levels"),
            }),
          )
          .describe("one per budget, ascending"),
      }),
    )
    .min(1),
  seconds: z.number().min(0),
});

export type LeagueDocument = z.infer<typeof leagueDocumentSchema>;
/** One auditor of a league with its scores at every budget. */
export type LeagueEntry = LeagueDocument["auditors"][number];
