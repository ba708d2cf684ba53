// A training run as a checkpoint and back: the optimizer's vectors as tensors, the rest as JSON. What a file looks like is in checkpoint-file.ts.

import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import type { OptimizerSnapshot } from "../../core/optimizers/base-optimizer.ts";
import { type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { parseJson } from "../../lab/parse-json.ts";
import type { Checkpoint } from "../storage/checkpoint-file.ts";

const schemaId = "mesascope/training@3";
/** Without returns by other objectives and without snapshots: what of a run was before is missing of it, the rest goes on. */
const earlierSchemaId = "mesascope/training@2";
/** What the names of tensors that are snapshots begin with, before the steps. */
const snapshotPrefix = "snapshot/";
const curvePointSchema = z.strictObject({
  environmentSteps: z.int().min(0),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
  returns: z.record(z.string(), z.number()).optional(),
});
const metadataSchema = z.strictObject({
  schema: z.enum([schemaId, earlierSchemaId]),
  organism: z.string().nullable(),
  recipe: recipeSchema,
  codeVersion: z.string(),
  engine: z.string(),
  seconds: z.number().min(0),
  curve: z.array(curvePointSchema),
  /** For the optimizer to read. */
  optimizer: z.unknown(),
});

/** The weights that a run had after so many steps, `[P]`. */
export interface WeightsSnapshot {
  readonly environmentSteps: number;
  readonly parameters: Float32Array;
}

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
  /** What was kept of the way here, see lab/snapshots.ts. */
  readonly kept: readonly WeightsSnapshot[];
}

/** The checkpoint of a state. */
export function encodeTraining(state: TrainingState): Checkpoint {
  const { snapshot, kept, ...rest } = state;
  const { tensors, state: optimizer } = snapshot;
  const weights = kept.map(({ environmentSteps, parameters }) => [`${snapshotPrefix}${environmentSteps}`, parameters] as const);
  return {
    tensors: Object.fromEntries(
      [...Object.entries(tensors), ...weights].map(([name, data]) => [
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
    const isOther = given.success && given.data.schema !== schemaId && given.data.schema !== earlierSchemaId;
    throw new MesascopeError(
      isOther ? "unsupported-version" : "invalid-checkpoint",
      isOther
        ? `${path} was written as ${given.data.schema}; this version reads ${schemaId}. Continue with the mesascope that wrote it, or start again.`
        : `${path} is no checkpoint of a training run (${parsed.error.issues[0]?.message ?? "not readable"}). Start the run again.`,
    );
  }
  const { schema: _, optimizer, ...rest } = parsed.data;
  const tensors: Record<string, Float32Array | Float64Array> = {};
  const kept: WeightsSnapshot[] = [];
  for (const [name, { data }] of Object.entries(checkpoint.tensors)) {
    if (name.startsWith(snapshotPrefix) && data instanceof Float32Array)
      kept.push({ environmentSteps: Number(name.slice(snapshotPrefix.length)), parameters: data });
    else if (data instanceof Float32Array || data instanceof Float64Array) tensors[name] = data;
  }
  kept.sort((a, b) => a.environmentSteps - b.environmentSteps);
  return { ...rest, snapshot: { tensors, state: optimizer }, kept };
}
