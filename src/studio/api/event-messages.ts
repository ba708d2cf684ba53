// What pages and the worker that shares a lab's events among them tell each other.

import { z } from "zod";
import { labEventSchema } from "../../lab/api.ts";

/** Tells apart what one page follows at different times. */
const ask = z.int();

export const sharedRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("follow"), ask, after: z.int(), lab: z.string(), token: z.string().nullable() }),
  z.strictObject({ kind: z.literal("leave"), ask }),
]);

export const sharedAnswerSchema = z.discriminatedUnion("kind", [
  /** At once, so that a page knows that there is a worker. */
  z.strictObject({ kind: z.literal("joined"), ask }),
  z.strictObject({ kind: z.literal("contact"), ask }),
  z.strictObject({ kind: z.literal("event"), ask, event: labEventSchema }),
  z.strictObject({ kind: z.literal("missed"), ask, at: z.int() }),
  z.strictObject({ kind: z.literal("ended"), ask }),
]);

export type SharedRequest = z.infer<typeof sharedRequestSchema>;
export type SharedAnswer = z.infer<typeof sharedAnswerSchema>;
