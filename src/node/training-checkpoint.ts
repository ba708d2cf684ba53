// A training run as a checkpoint and back: weights and moments as tensors, the rest as JSON. What a file looks like is in checkpoint-file.ts.

import { z } from "zod";
import { MesascopeError } from "../core/base/errors.ts";
import type { PpoSnapshot } from "../core/optimizers/ppo.ts";
import { type Recipe, recipeSchema } from "../core/organisms/recipe.ts";
import type { Checkpoint } from "./checkpoint-file.ts";

const schemaId = "mesascope/training@1";
const pair = z.tuple([z.number(), z.number()]);
const prngSchema = z.strictObject({ key: pair, stream: pair, drawn: z.int().min(0) });
const curvePointSchema = z.strictObject({
  environmentSteps: z.int().min(0),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
});
const metadataSchema = z.strictObject({
  schema: z.literal(schemaId),
  organism: z.string().nullable(),
  recipe: recipeSchema,
  codeVersion: z.string(),
  engine: z.string(),
  seconds: z.number().min(0),
  curve: z.array(curvePointSchema),
  optimizer: z.strictObject({
    update: z.int().min(0),
    gradientSteps: z.int().min(0),
    prng: prngSchema,
    environment: z.strictObject({ batch: z.unknown(), prng: prngSchema, returns: z.array(z.number()) }),
  }),
});

/** A run between two updates: everything needed to continue to bit-identical weights. */
export interface TrainingState {
  /** Id of the organism that the recipe is of; null for a recipe of the user's own. */
  readonly organism: string | null;
  readonly recipe: Recipe;
  readonly codeVersion: string;
  readonly engine: string;
  /** Spent on training so far, over all sittings. */
  readonly seconds: number;
  readonly curve: readonly z.infer<typeof curvePointSchema>[];
  readonly snapshot: PpoSnapshot;
}

/** The checkpoint of a state. */
export function encodeTraining(state: TrainingState): Checkpoint {
  const { snapshot, ...rest } = state;
  const { parameters, firstMoment, secondMoment, ...optimizer } = snapshot;
  const vectors = { parameters, firstMoment, secondMoment };
  return {
    tensors: Object.fromEntries(
      Object.entries(vectors).map(([name, data]) => [name, { dtype: "float32", dims: [data.length], data }]),
    ),
    metadata: { training: JSON.stringify({ schema: schemaId, ...rest, optimizer }) },
  };
}

/** The state in a checkpoint read from `path`. Throws `unsupported-version` or `invalid-checkpoint`. */
export function decodeTraining(checkpoint: Checkpoint, path: string): TrainingState {
  const json: unknown = JSON.parse(checkpoint.metadata.training ?? "null");
  const parsed = metadataSchema.safeParse(json);
  if (!parsed.success) {
    const given = z.object({ schema: z.string() }).safeParse(json);
    const isOther = given.success && given.data.schema !== schemaId;
    throw new MesascopeError(
      isOther ? "unsupported-version" : "invalid-checkpoint",
      isOther
        ? `${path} was written as ${given.data.schema}; this version reads ${schemaId}. Continue with the mesascope that wrote it, or start again.`
        : `${path} is no checkpoint of a training run (${parsed.error.issues[0]?.message ?? "not readable"}). Start the run again.`,
    );
  }
  const { schema: _, optimizer, ...rest } = parsed.data;
  const vector = (name: string): Float32Array => {
    const data = checkpoint.tensors[name]?.data;
    if (data instanceof Float32Array) return data;
    throw new MesascopeError("invalid-checkpoint", `${path} has no float32 tensor "${name}". Start the run again.`);
  };
  const vectors = { parameters: vector("parameters"), firstMoment: vector("firstMoment"), secondMoment: vector("secondMoment") };
  return { ...rest, snapshot: { ...vectors, ...optimizer } };
}
