// What a league's worker threads are started with, and what they tell. Both sides check what they receive.

import { z } from "zod";
import { leagueAnswerSchema } from "../../core/league/league-auditor.ts";
import type { AuditTarget } from "../audit/audit-target.ts";

/** Where an auditor comes from: the league's own list, or a module of somebody else's. */
const auditorSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("own"), name: z.string() }),
  z.strictObject({ kind: z.literal("module"), path: z.string() }),
]);

/** One auditor at one budget on organisms of one setting, which share what it prepares. */
export const leagueJobSchema = z.strictObject({
  source: auditorSourceSchema,
  levels: z.int().min(1),
  composition: z.record(z.string(), z.int().min(0)),
  seed: z.int().min(0),
  /** What sets this setting apart, for the levels that are drawn. */
  setting: z.string(),
  members: z
    .array(z.strictObject({ id: z.string(), target: z.custom<AuditTarget>((value) => typeof value === "object") }))
    .min(1),
});

export const leagueNoteSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("prepared"), seconds: z.number().min(0) }),
  z.strictObject({ kind: z.literal("answer"), id: z.string(), answer: leagueAnswerSchema }),
]);

export type AuditorSource = z.infer<typeof auditorSourceSchema>;
export type LeagueJob = z.infer<typeof leagueJobSchema>;
export type LeagueNote = z.infer<typeof leagueNoteSchema>;
