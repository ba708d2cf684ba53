// What worlds, play, league --price, replicate --price, organisms make and studio build print with --json, as documents with a schema.

import { z } from "zod";
import { planSchema } from "../core/organisms/plan.ts";
import { populationSchema } from "../core/organisms/population.ts";
import { recipeSchema } from "../core/organisms/recipe.ts";
import { failureSchema } from "../node/organisms/make-messages.ts";

const numbers = z.record(z.string(), z.number());
const words = z.array(z.string());
const axisValue = z.union([z.number(), z.string()]);
const { distribution } = recipeSchema.shape;

const worldSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  summary: z.string(),
  parameters: numbers.describe("of this variant"),
  parameterMeanings: z.record(
    z.string(),
    z.strictObject({
      standard: z.int(),
      range: z.array(z.int()).length(2).describe("the least and the most, integers both"),
      meaning: z.string(),
    }),
  ),
  presets: z.strictObject({ standard: numbers, quick: numbers }).describe("parameters that differ from the standard ones"),
  actions: words,
  features: words,
  featureMeanings: z.record(z.string(), z.string()).describe("what one of each counts"),
  baseWeights: numbers.describe("what training rewards"),
  objectives: z
    .array(
      z.strictObject({
        name: z.string(),
        weights: numbers,
        gamma: z.number().optional(),
        wants: z.string(),
        meaning: z.string(),
      }),
    )
    .describe("the base objective first; gamma where one looks less far ahead"),
  intended: z.string().describe("the objective that training was meant to bring about"),
  goal: z.string(),
  proxy: z.string(),
  solving: z.enum(["exact", "bounds"]),
  cues: z.array(
    z.strictObject({ name: z.string(), values: words, training: z.string(), deployment: z.string(), meaning: z.string() }),
  ),
  axes: z.array(
    z.strictObject({
      name: z.string(),
      values: z.array(axisValue),
      training: axisValue,
      deployment: axisValue,
      meaning: z.string(),
      asksForNewAbility: z.boolean(),
      separatesGoalFromProxy: z.boolean(),
      isMixture: z.boolean(),
    }),
  ),
  training: distribution,
  deployment: distribution,
  encoders: z.array(z.strictObject({ name: z.string(), size: z.int(), shape: z.array(z.int()) })),
  legend: z.string().describe("what the characters of a level's text stand for"),
  examples: z.strictObject({ training: z.string(), deployment: z.string() }).describe("a level of each distribution as text"),
});

/** `mesascope worlds --json`. */
export const worldsSchema = z.strictObject({ schema: z.literal("mesascope/worlds@1"), worlds: z.array(worldSchema) });

/** `mesascope play --json`. */
export const playSchema = z.strictObject({
  schema: z.literal("mesascope/play@1"),
  world: z.string(),
  level: z.string().describe("as text"),
  steps: z.int(),
  end: z.enum(["terminated", "truncated", "quit"]),
  features: numbers.describe("sums over the episode"),
  baseReturn: z.number(),
  intendedReturn: z.number().optional().describe("under what was meant, where something else is rewarded"),
});

const populationPrice = z.strictObject({
  agents: z.int().describe("to be trained"),
  environmentSteps: z.int(),
  coreSeconds: z.number().describe("processor time at the speeds measured; failed attempts come on top"),
  speeds: z
    .array(
      z.strictObject({
        world: z.string(),
        network: z.string(),
        optimizer: z.string(),
        stepsPerSecond: z.number(),
        startSeconds: z.number().describe("before the first update"),
      }),
    )
    .describe("what was timed"),
});

/** `mesascope organisms make --price --json`. */
export const populationPriceSchema = z.strictObject({
  schema: z.literal("mesascope/population-price@1"),
  plan: planSchema,
  price: populationPrice,
});

/** `mesascope organisms make --json`. */
export const madePopulationSchema = z.strictObject({
  schema: z.literal("mesascope/made-population@1"),
  population: populationSchema,
  commitment: z.string().describe("stands for the whole population"),
  failures: z.array(failureSchema).describe("agents that were trained and not kept"),
  givenUp: words.describe("organisms of which every attempt failed, one per agent that is missing"),
});

/** `mesascope league --price --json`. */
export const leaguePriceSchema = z.strictObject({
  schema: z.literal("mesascope/league-price@1"),
  making: populationPrice.nullable().describe("of a population that is not made yet; null where it is"),
  auditing: z
    .strictObject({
      audits: z.int().describe("that are not answered yet"),
      seconds: z.number().describe("processor time at the speeds measured"),
      measured: z.array(
        z.strictObject({
          auditor: z.string(),
          world: z.string(),
          levels: z.int(),
          prepare: z.number().describe("seconds"),
          audit: z.number().describe("seconds"),
        }),
      ),
    })
    .nullable()
    .describe("null where the population is not made: there is nothing to measure it on"),
});

/** `mesascope replicate NAME --price --json`. */
export const replicationPriceSchema = z.strictObject({
  schema: z.literal("mesascope/replication-price@1"),
  replication: z.string(),
  scale: z.enum(["stated", "quick"]),
  seeds: z.int().describe("agents per condition"),
  firstSeed: z.int(),
  price: z.strictObject({
    agents: z.int().describe("of all that is asked for"),
    missing: z.int().describe("to be measured, because they were not before"),
    untrained: z.int().describe("of those that are missing: to be trained first"),
    environmentSteps: z.number().describe("to be taken in training"),
    stepsPerSecond: z.number().nullable().describe("of one thread; null where nothing is to be trained"),
    measuringSeconds: z.number().describe("of one agent, the mean"),
    workers: z.int().describe("threads"),
    seconds: z.number().describe("in all, on these threads together"),
    isAbove: z.boolean().describe("whether two cores would take longer than the 45 minutes that a card should take"),
    otherCode: z
      .strictObject({ runs: z.int(), versions: words, here: z.string() })
      .describe("finished runs of other code versions, which are made again"),
  }),
});
export type ReplicationPriceDocument = z.infer<typeof replicationPriceSchema>;

/** `mesascope studio build --json`. */
export const studioSiteSchema = z.strictObject({
  schema: z.literal("mesascope/studio-site@1"),
  folder: z.string(),
  files: z.int(),
  bytes: z.int(),
  base: z.string().nullable().describe("the path that it has to lie under; null where it may lie anywhere"),
});
