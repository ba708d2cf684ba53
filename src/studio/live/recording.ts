// A run that was made before: curves, boards and verdicts of the agents as scripts/home-recording.mjs wrote them.

import { z } from "zod";
import { verdictDocumentSchema } from "../../core/audit/verdict-document.ts";
import { agentNames, tallySchema } from "./story-agents.ts";

const curveSchema = z.array(z.object({ environmentSteps: z.number(), oracleShare: z.number() }));

const recordedAgentSchema = z.strictObject({
  organism: z.enum(agentNames),
  environmentSteps: z.number(),
  /** What training and the audit took, in seconds, on the machine that made them. */
  seconds: z.number(),
  oracleShare: z.number(),
  curve: curveSchema,
  /** By place of the way: what is taken per episode, and the boards from number 1 on. */
  shifts: z.array(z.strictObject({ tally: tallySchema, boards: z.array(z.array(z.int().min(0))) })),
  audit: verdictDocumentSchema,
});

export const recordingSchema = z.strictObject({
  schema: z.literal("mesascope/home-recording@2"),
  /** The command that makes it again. */
  command: z.string(),
  date: z.iso.date(),
  codeVersion: z.string(),
  engine: z.string(),
  seed: z.int(),
  auditLevels: z.int(),
  agents: z.array(recordedAgentSchema).length(agentNames.length),
});

export type Recording = z.infer<typeof recordingSchema>;
export type RecordedAgent = z.infer<typeof recordedAgentSchema>;
export type CurvePoint = z.infer<typeof curveSchema>[number];
