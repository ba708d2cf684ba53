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

/** Units of a layer, or channels: beyond, memory ends before anything is learned. */
const width = z.int().positive().max(8192);
const widths = z.array(width).min(1);
const networkSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("mlp"), hidden: widths }),
  z.strictObject({ kind: z.literal("conv"), channels: widths, dense: width }),
  z.strictObject({ kind: z.literal("impala"), channels: widths, dense: width }),
  z.strictObject({ kind: z.literal("gru"), embed: width, hidden: width, updateBias: z.number().exactOptional() }),
  z.strictObject({ kind: z.literal("lstm"), embed: width, hidden: width, forgetBias: z.number().exactOptional() }),
  z.strictObject({
    kind: z.literal("conv-gru"),
    embed: width,
    hidden: width,
    dense: width,
    updateBias: z.number().exactOptional(),
  }),
]);

/** Environments, steps, members, episodes or rows of one update. */
const count = z.int().positive().max(65_536);

/** Environment steps of the whole run; for imitation, states shown. */
const totalTimesteps = z.int().positive();

/** Most steps that an update of PPO may hold, over all environments. */
const mostStepsOfUpdate = 2 ** 20;

const ppoSchema = z
  .strictObject({
    kind: z.literal("ppo"),
    totalTimesteps,
    numEnvs: count,
    numSteps: count,
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
    /** What the end of an episode by its horizon is: an end (default), or a cut, for observations that do not show the time left. */
    timeLimit: z.enum(["end", "cut"]).exactOptional(),
  })
  .refine(({ numEnvs, numSteps }) => numEnvs * numSteps <= mostStepsOfUpdate, {
    path: ["numSteps"],
    error: `numEnvs × numSteps may be at most ${mostStepsOfUpdate}: an update holds all of them in memory`,
  });

const evolutionStrategySchema = z.strictObject({
  kind: z.literal("es"),
  totalTimesteps,
  populationSize: z.int().min(2).max(65_536),
  episodesPerMember: count,
  noiseDeviation: z.number().positive(),
  learningRate: z.number().positive(),
  finalLearningRateShare: z.number().min(0).max(1),
  weightDecay: z.number().min(0),
  gradientStep: z.enum(["adam", "sgd"]),
});

const cmaEsSchema = z.strictObject({
  kind: z.literal("cma-es"),
  totalTimesteps,
  populationSize: z.int().min(4).max(65_536),
  episodesPerMember: count,
  initialStepSize: z.number().positive(),
  covariance: z.enum(["full", "diagonal", "automatic"]),
});

/** Supervised training on the exact solver's choices under the objective, with Adam. */
const imitationSchema = z.strictObject({
  kind: z.literal("imitation"),
  totalTimesteps,
  batchSize: count,
  /** A divisor of `batchSize`. */
  statesPerLevel: count,
  /** Discount of the solver whose choices are shown. */
  gamma: z.number().min(0).lt(1),
  learningRate: z.number().positive(),
  finalLearningRateShare: z.number().min(0).max(1),
  maxGradNorm: z.number().positive(),
});

export const recipeSchema = z.strictObject({
  world: z.strictObject({ name: z.string(), parameters: z.record(z.string(), z.number()) }),
  encoder: z.string(),
  /** What is rewarded in training. */
  objective: objectiveSchema,
  distribution: distributionSchema,
  /**
   * Whether the inputs that the network trains on come in another order than those that it is evaluated and deployed on, one drawn by the
   * seed: an agent that learned to see in another way and is blind now. Default `straight`.
   */
  inputs: z.enum(["straight", "crossed"]).exactOptional(),
  network: networkSchema,
  /** The base optimizer. */
  optimizer: z.discriminatedUnion("kind", [ppoSchema, evolutionStrategySchema, cmaEsSchema, imitationSchema]),
  seed: z.int().min(0),
});

export type Recipe = z.infer<typeof recipeSchema>;

/** A recipe for an MLP trained by PPO: what organisms are made of unless another network or optimizer is asked for. */
export type PlainRecipe = Recipe & {
  readonly network: Extract<Recipe["network"], { readonly kind: "mlp" }>;
  readonly optimizer: Extract<Recipe["optimizer"], { readonly kind: "ppo" }>;
};
