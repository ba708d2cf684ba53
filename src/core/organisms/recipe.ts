// A recipe: all that decides what an agent becomes. Plain data with a schema; the same recipe on the same engine gives the same weights.

import { z } from "zod";
import type { LevelDistribution } from "../worlds/world.ts";

const axisValue = z.union([z.number(), z.string()]);

const distributionSchema: z.ZodType<LevelDistribution> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("shift"), point: z.record(z.string(), axisValue) }),
    z.strictObject({
      kind: z.literal("mixture"),
      base: distributionSchema,
      shifted: distributionSchema,
      alpha: z.number().min(0).max(1),
    }),
  ]),
);

const objectiveSchema = z.strictObject({
  name: z.string(),
  cases: z.array(z.strictObject({ when: z.record(z.string(), z.string()), weights: z.record(z.string(), z.number()) })).min(1),
});

const ppoSchema = z.strictObject({
  kind: z.literal("ppo"),
  totalTimesteps: z.int().positive(),
  numEnvs: z.int().positive(),
  numSteps: z.int().positive(),
  updateEpochs: z.int().positive(),
  minibatchSize: z.int().positive(),
  gamma: z.number().min(0).max(1),
  gaeLambda: z.number().min(0).max(1),
  learningRate: z.number().positive(),
  finalLearningRateShare: z.number().min(0).max(1),
  clipCoef: z.number().positive(),
  entCoef: z.number().min(0),
  finalEntCoefShare: z.number().min(0).max(1),
  vfCoef: z.number().min(0),
  maxGradNorm: z.number().positive(),
});

export const recipeSchema = z.strictObject({
  world: z.strictObject({ name: z.string(), parameters: z.record(z.string(), z.number()) }),
  encoder: z.string(),
  /** What is rewarded in training. */
  objective: objectiveSchema,
  distribution: distributionSchema,
  network: z.strictObject({ kind: z.literal("mlp"), hidden: z.array(z.int().positive()).min(1) }),
  /** The base optimizer. */
  optimizer: z.discriminatedUnion("kind", [ppoSchema]),
  seed: z.int().min(0),
});

export type Recipe = z.infer<typeof recipeSchema>;
