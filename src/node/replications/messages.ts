// What a replication worker is started with, and what it tells on the way.

import { z } from "zod";
import { boardSchema, plannedAgentSchema } from "../../core/replications/plan.ts";

const taskSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("agent"), planned: plannedAgentSchema }),
  z.strictObject({ kind: z.literal("board"), board: boardSchema }),
]);

export const replicationJobSchema = z.strictObject({
  /** The code that asked: a worker that was started from another one, changed in between, refuses. */
  codeVersion: z.string(),
  /** Where finished runs are kept. */
  folder: z.string(),
  tasks: z.array(taskSchema),
});

/** `place` counts the tasks of the job. A finished task's record is on disk. */
export const replicationNoteSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("steps"), place: z.int(), environmentSteps: z.number() }),
  z.strictObject({ kind: z.literal("finished"), place: z.int() }),
]);

export type ReplicationJob = z.infer<typeof replicationJobSchema>;
export type ReplicationNote = z.infer<typeof replicationNoteSchema>;
