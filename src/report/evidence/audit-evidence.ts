// What each finding of an audit rests on: the episodes that were played for it, with every action, and the levels on which the policy was asked.

import { z } from "zod";

const episodeSchema = z.strictObject({
  /** In the world's text form. */
  level: z.string(),
  /** By their numbers, as they were taken. */
  actions: z.array(z.int().min(0)),
  /** Return by the base objective. */
  baseReturn: z.number(),
  /** Feature → how much of it came, those left out of which nothing came. */
  taken: z.record(z.string(), z.number()),
  /** Which of goal and proxy came first, or else what came first at all; several where they came at once. At which step, from 0; null where nothing came. */
  first: z.strictObject({ features: z.array(z.string()).min(1), step: z.int().min(0) }).nullable(),
});
export type EvidenceEpisode = Readonly<z.infer<typeof episodeSchema>>;

const groupSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("episodes"),
    title: z.string(),
    /** What the audit calls the shift whose levels these are; null for levels that an instrument has for itself. */
    shift: z.string().nullable(),
    episodes: z.array(episodeSchema),
  }),
  /** The policy was put into states and asked: nobody acted. */
  z.strictObject({ kind: z.literal("asked"), title: z.string(), levels: z.array(z.string()) }),
]);
export type EvidenceGroup = Readonly<z.infer<typeof groupSchema>>;

export const auditEvidenceSchema = z.strictObject({
  /** Names of the world's actions, by their numbers. */
  actions: z.array(z.string()),
  groups: z.array(groupSchema),
  /** For each finding of the document the places of its groups; none where it was not run. */
  findings: z.array(z.array(z.int().min(0))),
});
export type AuditEvidence = Readonly<z.infer<typeof auditEvidenceSchema>>;
