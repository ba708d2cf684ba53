// A training run as a checkpoint and back: the optimizer's vectors as tensors, the rest as JSON. What a file looks like is in checkpoint-file.ts.

import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import type { OptimizerSnapshot } from "../../core/optimizers/base-optimizer.ts";
import { type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { parseJson } from "../../lab/parse-json.ts";
import type { Checkpoint } from "../storage/checkpoint-file.ts";

const schemaId = "mesascope/training@2";
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
  /** For the optimizer to read. */
  optimizer: z.unknown(),
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
  readonly snapshot: OptimizerSnapshot;
}

/** The checkpoint of a state. */
export function encodeTraining(state: TrainingState): Checkpoint {
  const { snapshot, ...rest } = state;
  const { tensors, state: optimizer } = snapshot;
  return {
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, data]) => [
        name,
        { dtype: data instanceof Float32Array ? "float32" : "float64", dims: [data.length], data },
      ]),
    ),
    metadata: { training: JSON.stringify({ schema: schemaId, ...rest, optimizer }) },
  };
}

/** The state in a checkpoint read from `path`. Throws `unsupported-version` or `invalid-checkpoint`. */
export function decodeTraining(checkpoint: Checkpoint, path: string): TrainingState {
  const json = parseJson(
    checkpoint.metadata.training ?? "null",
    (why) =>
      new MesascopeError(
        "invalid-checkpoint",
        `${path} is no checkpoint of a training run (what tells of it is ${why}). Start the run again.`,
      ),
  );
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
  const tensors: Record<string, Float32Array | Float64Array> = {};
  for (const [name, { data }] of Object.entries(checkpoint.tensors)) {
    if (data instanceof Float32Array || data instanceof Float64Array) tensors[name] = data;
  }
  return { ...rest, snapshot: { tensors, state: optimizer } };
}
