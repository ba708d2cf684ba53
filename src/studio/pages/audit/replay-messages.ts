// What the page of an audit and the worker that makes the audit again tell each other.

import { z } from "zod";
import { findingSchema } from "../../../core/instruments/finding.ts";
import { auditEvidenceSchema } from "../../../report/evidence/audit-evidence.ts";
import type { AgentSource } from "../../agents/open-agent.ts";

/** The one thing that is asked of a worker. */
export const replayRequestSchema = z.strictObject({
  engine: z.strictObject({ mjs: z.string(), wasm: z.string() }),
  /** Checked where it is opened. */
  source: z.custom<AgentSource>((value) => typeof value === "object" && value !== null, "expected an agent"),
  levels: z.int().min(1),
  seed: z.int().min(0),
});
export type ReplayRequest = z.infer<typeof replayRequestSchema>;

export const replayAnswerSchema = z.discriminatedUnion("kind", [
  /** `share`: of the whole, 0 to 1. */
  z.strictObject({ kind: z.literal("progress"), stage: z.string(), share: z.number() }),
  z.strictObject({ kind: z.literal("done"), findings: z.array(findingSchema), evidence: auditEvidenceSchema }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;
