// What worker threads and the thread that started them say to each other. Both sides check what they receive.

import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { recipeSchema } from "../../core/organisms/recipe.ts";
import { auditResultSchema } from "../../lab/audit-result.ts";

const nullableNumber = z.number().nullable();

/** What a training worker is started with. */
export const trainingJobSchema = z.strictObject({
  folder: z.string(),
  /** Null to continue what was begun in the folder. */
  start: z.strictObject({ recipe: recipeSchema, organism: z.string().nullable() }).nullable(),
  checkpointSeconds: z.number().positive(),
});

/** What a training worker tells on the way. */
export const trainingNoteSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("progress"),
    name: z.string(),
    environmentSteps: z.number(),
    totalSteps: z.number(),
    trainingReturn: nullableNumber,
    oracleShare: nullableNumber,
    secondsLeft: nullableNumber,
  }),
  z.strictObject({ kind: z.literal("warning"), text: z.string() }),
]);

/** What an audit worker is started with: agents of one world and encoder, which share the levels. */
export const auditJobSchema = z.strictObject({
  folders: z.array(z.string()).min(1),
  levels: z.int().min(1),
  seed: z.int().min(0),
});

/** What an audit worker tells on the way: how far it is, and each result. */
export const auditNoteSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("progress"), stage: z.string(), share: z.number() }),
  z.strictObject({
    kind: z.literal("result"),
    folder: z.string(),
    bankSeconds: z.number(),
    result: auditResultSchema,
  }),
]);

/** What every worker says: notes of its trade, and how it ended. */
export const workerMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("note"), note: z.unknown() }),
  z.strictObject({ kind: z.literal("done") }),
  z.strictObject({ kind: z.literal("failed"), code: z.string().nullable(), message: z.string(), stack: z.string() }),
]);

/** What the starting thread can ask for: to save and stop. */
export const interruptMessage = "interrupt";

export type TrainingJob = z.infer<typeof trainingJobSchema>;
export type TrainingNote = z.infer<typeof trainingNoteSchema>;
export type AuditJob = z.infer<typeof auditJobSchema>;
export type AuditNote = z.infer<typeof auditNoteSchema>;
export type WorkerMessage = z.infer<typeof workerMessageSchema>;

/** The value as `schema` says, received from another thread. Throws `invalid-data`. */
export function receive<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new MesascopeError("invalid-data", `a message between threads does not follow its schema (${why}). This is a bug.`);
}
