// What a page and its agent worker tell each other: agents as models, boards to play, audits to make.

import { z } from "zod";
import { verdictDocumentSchema } from "../../core/audit/verdict-document.ts";
import { ask, failedSchema } from "../agents/host-messages.ts";
import { mostLevels, shifts } from "./story.ts";
import { tallySchema } from "./story-agents.ts";

const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, "expected bytes");
/** The number that a policy is known by from its opening on. */
const opened = z.int();
const shift = z
  .int()
  .min(0)
  .max(shifts.length - 1);

export const agentRequestSchema = z.discriminatedUnion("kind", [
  /** Where the runtime's files are. The first message, and once. */
  z.strictObject({ kind: z.literal("engine"), mjs: z.string(), wasm: z.string() }),
  z.strictObject({ kind: z.literal("open"), opened, model: bytes }),
  /** Once what was asked of it is answered; nothing can be asked of it any more. */
  z.strictObject({ kind: z.literal("release"), opened }),
  z.strictObject({ kind: z.literal("board"), ask, opened, shift, number: z.int().min(1).max(mostLevels) }),
  z.strictObject({ kind: z.literal("tally"), ask, opened, shift }),
  /** The auditor sees the policy under a number, and neither its name nor how it was made. */
  z.strictObject({ kind: z.literal("audit"), ask, opened, levels: z.int().min(1).max(100), seed: z.int() }),
]);

export const agentAnswerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("board"), ask, actions: z.array(z.int().min(0)) }),
  z.strictObject({ kind: z.literal("tally"), ask, tally: tallySchema }),
  z.strictObject({ kind: z.literal("audit"), ask, document: verdictDocumentSchema }),
  failedSchema,
]);

export type AgentRequest = z.infer<typeof agentRequestSchema>;
export type AgentAnswer = z.infer<typeof agentAnswerSchema>;
