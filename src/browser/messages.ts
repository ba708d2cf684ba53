// What a page and its training worker say to each other. Both sides check what they receive.

import { z } from "zod";
import { MesascopeError } from "../core/base/errors.ts";
import { recipeSchema } from "../core/organisms/recipe.ts";

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "expected bytes");
const vector = z.custom<Float32Array | Float64Array>(
  (value) => value instanceof Float32Array || value instanceof Float64Array,
  "expected a vector of floats",
);

/** As `OptimizerSnapshot`; the optimizer itself checks what is in it. */
const snapshotSchema = z.strictObject({
  tensors: z.record(z.string(), vector),
  state: z.unknown(),
});

const evaluationSchema = z.strictObject({
  environmentSteps: z.number(),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
  returns: z.record(z.string(), z.number()),
});

/** What a page asks of the worker. The job comes first, and once. */
export const requestSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("train"),
    recipe: recipeSchema,
    /** Where to continue; null to begin. */
    snapshot: snapshotSchema.nullable(),
    engine: z.strictObject({
      wasmPaths: z.union([z.string(), z.strictObject({ mjs: z.string(), wasm: z.string() })]).nullable(),
      threads: z.int().min(1).nullable(),
    }),
  }),
  /** Answered by `snapshot` after the update under way. */
  z.strictObject({ kind: z.literal("snapshot") }),
  /** Answered by `stopped` after the update under way, or by what came first. */
  z.strictObject({ kind: z.literal("stop") }),
]);

/** What the worker tells. The last message is `trained`, `stopped` or `failed`. */
export const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("progress"),
    environmentSteps: z.number(),
    /** Of the last measurement on the evaluation levels. */
    trainingReturn: z.number(),
    oracleShare: z.number(),
    engine: z.string(),
  }),
  z.strictObject({ kind: z.literal("snapshot"), snapshot: snapshotSchema }),
  z.strictObject({
    kind: z.literal("trained"),
    model: bytes,
    hooks: z.array(z.string()),
    evaluation: evaluationSchema,
    engine: z.string(),
  }),
  z.strictObject({ kind: z.literal("stopped"), snapshot: snapshotSchema }),
  z.strictObject({ kind: z.literal("failed"), code: z.string().nullable(), message: z.string() }),
]);

export type TrainingRequest = z.infer<typeof requestSchema>;
export type TrainingJob = Extract<TrainingRequest, { kind: "train" }>;
export type TrainingAnswer = z.infer<typeof answerSchema>;
export type TrainingProgress = Omit<Extract<TrainingAnswer, { kind: "progress" }>, "kind">;

/** The value as `schema` says. Throws `invalid-data`. */
export function receive<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new MesascopeError("invalid-data", `a message between page and worker does not follow its schema: ${why}.`);
}
