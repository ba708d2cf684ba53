// What job threads and the thread that gives them jobs say to each other. Both sides check what they receive.

import { z } from "zod";
import { jobProgressSchema } from "../../../lab/api.ts";
import { blobRefSchema } from "../../../lab/artifact-store.ts";
import { jobKeySchema, jobSpecSchema } from "../../../lab/job.ts";
import { outcomeSchema } from "../../../lab/record.ts";

/** What a thread is started with. */
export const threadInputSchema = z.strictObject({
  /** Address of the store. */
  store: z.string(),
  checkpointSeconds: z.number().positive(),
  /** How often it is to say that its event loop turns, while it has a job. */
  beatSeconds: z.number().positive(),
});
export type ThreadInput = z.infer<typeof threadInputSchema>;

/** A job to do; a thread has one at a time. */
export const jobOrderSchema = z.strictObject({
  kind: z.literal("job"),
  key: jobKeySchema,
  spec: jobSpecSchema,
  /** One int32, not 0 when the job is to stop: for work that reads no messages on the way. */
  stop: z.instanceof(SharedArrayBuffer),
});
export type JobOrder = z.infer<typeof jobOrderSchema>;

/** Asks to save and stop. */
export const stopMessage = "stop";
/** Tells the thread to end at once, from its own event loop: in the middle of a native call that would end the whole process. */
export const endMessage = "end";

const jobEndSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("done"),
    outcome: outcomeSchema,
    files: z.record(z.string(), blobRefSchema),
    engine: z.string(),
    startedAt: z.iso.datetime(),
    seconds: z.number(),
  }),
  z.strictObject({ kind: z.literal("failed"), code: z.string().nullable(), message: z.string(), isFinal: z.boolean() }),
  z.strictObject({ kind: z.literal("left"), engine: z.string() }),
  z.strictObject({ kind: z.literal("stopped") }),
]);

/** What a thread tells of its job; nothing after the end. */
export const threadMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("progress"),
    progress: jobProgressSchema,
    rows: z.array(z.record(z.string(), z.number().nullable())),
  }),
  /** The thread's event loop turns. */
  z.strictObject({ kind: z.literal("beat") }),
  z.strictObject({ kind: z.literal("warning"), text: z.string() }),
  z.strictObject({ kind: z.literal("end"), end: jobEndSchema }),
]);
export type ThreadMessage = z.infer<typeof threadMessageSchema>;
