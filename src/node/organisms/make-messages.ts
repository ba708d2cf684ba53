// What a thread that makes one agent of a population is started with, and what it tells on the way.

import { z } from "zod";
import { recipeSchema } from "../../core/organisms/recipe.ts";
import { trainingNoteSchema } from "../workers/worker-messages.ts";

export const makeJobSchema = z.strictObject({
  /** The code that began the population; a thread that loads another refuses. */
  codeVersion: z.string(),
  organism: z.string(),
  /** Attempts in order: the first agent that is what it should be is kept. */
  attempts: z.array(z.strictObject({ folder: z.string(), failure: z.string(), recipe: recipeSchema })).min(1),
  checkpointSeconds: z.number().positive(),
});

export const failureSchema = z.strictObject({
  organism: z.string(),
  seed: z.int(),
  network: z.string(),
  optimizer: z.string(),
  reason: z.string(),
});

export const makeNoteSchema = z.discriminatedUnion("kind", [
  ...trainingNoteSchema.options,
  z.strictObject({ kind: z.literal("not-kept"), failure: failureSchema }),
  z.strictObject({ kind: z.literal("made"), folder: z.string() }),
]);

export type MakeJob = z.infer<typeof makeJobSchema>;
export type MakeNote = z.infer<typeof makeNoteSchema>;
/** An agent that was trained and not kept. */
export type MakeFailure = z.infer<typeof failureSchema>;
