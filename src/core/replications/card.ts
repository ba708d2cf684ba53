// The card of a replication as a document: what was found elsewhere, what was done here, the numbers, and the answer.

import { z } from "zod";
import { recipeSchema } from "../organisms/recipe.ts";

export const cardSchemaId = "mesascope/card@1";

const estimateSchema = z.strictObject({
  mean: z.number(),
  interval: z
    .strictObject({ low: z.number(), high: z.number(), method: z.enum(["t", "wilson", "bootstrap"]) })
    .nullable()
    .describe("95%: t and wilson over agents, bootstrap over levels; null where there is one agent, or none was worked out"),
  values: z
    .array(z.number())
    .describe("one per agent that the measure could tell something of; for reference agents the mean alone"),
  of: z.int().describe("agents of the condition that count at all; 1 for reference agents"),
  counts: z
    .array(z.number())
    .nullable()
    .describe("for a share of fewer than all episodes: of how many each value is a share; null for any other number"),
});

const rowSchema = z.strictObject({
  agent: z.string().describe("the condition, or the reference agent"),
  role: z.enum(["studied", "twin", "random", "seeker", "oracle"]),
  conditions: z.array(z.string()).describe("the conditions on whose levels it was measured"),
  all: estimateSchema.nullable().describe("on all levels; null where no episode tells"),
  familiar: estimateSchema
    .nullable()
    .describe("on levels on whose optimal way no untrained input lights; null where these are too few"),
  familiarShare: z.number().nullable().describe("which share of the levels that is, mean over agents"),
  strict: estimateSchema
    .nullable()
    .describe("on those of them on which the agent's own episode lit no untrained input either: selected by what the agent did"),
  strictShare: z.number().nullable(),
  during: z
    .array(z.strictObject({ environmentSteps: z.number(), estimate: estimateSchema }))
    .describe("in the course of training; empty where it was measured at its end only"),
});

const measureSchema = z.strictObject({
  name: z.string(),
  meaning: z.string(),
  unit: z.string(),
  rows: z.array(rowSchema),
});

const groupSchema = z.strictObject({
  group: z.string(),
  conditions: z.array(z.string()),
  why: z.string().nullable().describe("why there are no agents; null where there are"),
  cells: z.array(
    z.strictObject({
      measure: z.string(),
      count: z.int().describe("agents of which it says yes"),
      of: z.int(),
      untold: z.int().describe("agents of the group of which it says nothing"),
      low: z.number().nullable().describe("95% Wilson interval of the share"),
      high: z.number().nullable(),
    }),
  ),
});

const claimSchema = z.strictObject({
  statement: z.string(),
  onAll: z.boolean().nullable().describe("null: a number that it asks for does not exist, or nothing is judged"),
  onFamiliar: z.boolean().nullable(),
  familiarNotAsked: z
    .string()
    .nullable()
    .describe("why it was asked of all levels only; null where it was asked of familiar ones, too"),
});

export const verdictAnswers = ["yes", "partly", "no", "inconclusive", "not judged"] as const;

export const cardSchema = z.strictObject({
  schema: z.literal(cardSchemaId),
  name: z.string(),
  title: z.string(),
  finding: z.strictObject({ sentence: z.string(), source: z.string() }),
  scale: z.strictObject({ kind: z.enum(["stated", "quick"]), note: z.string() }),
  worlds: z.array(z.strictObject({ name: z.string(), version: z.int(), encoder: z.string(), inputs: z.int() })),
  conditions: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(["studied", "twin"]),
      dose: z.number().nullable(),
      twin: z.string().nullable().describe("the twin that stands for it; null for a twin"),
      agents: z.int().describe("that count"),
      planned: z.int().describe("that were made"),
      leftOut: z
        .array(z.strictObject({ seed: z.int(), reason: z.string() }))
        .describe("agents that are not the organism that they should be, and count nowhere"),
      recipe: recipeSchema.describe("of the first seed"),
    }),
  ),
  levelSets: z.array(z.strictObject({ name: z.string(), meaning: z.string() })),
  levels: z.int().describe("per set"),
  seeds: z.array(z.int()),
  numbers: z.array(measureSchema),
  groups: z.array(groupSchema).describe("of a chart of groups; empty for any other"),
  twins: z.array(
    z.strictObject({
      condition: z.string(),
      of: z.array(z.string()).describe("the conditions that it stands for"),
      shareOfBest: estimateSchema
        .nullable()
        .describe("its return under the intended objective on its own training levels, of the best possible"),
      needed: z.number(),
      separated: z
        .boolean()
        .nullable()
        .describe("whether the lower end of the interval reaches what is needed, so that a low number shows no lack of ability"),
    }),
  ),
  untrainedInputs: z.array(
    z.strictObject({
      condition: z.string(),
      inputs: z.number().describe("mean number of inputs never active in training"),
      of: z.int(),
    }),
  ),
  verdict: z.strictObject({ answer: z.enum(verdictAnswers), sentence: z.string(), claims: z.array(claimSchema) }),
  chart: z.strictObject({
    kind: z.enum(["doses", "categories", "agents", "training", "groups"]),
    measures: z.array(z.string()),
    axis: z.string(),
    scale: z.enum(["linear", "log"]),
  }),
  pilots: z.array(z.string()).describe("what was changed after pilot runs were seen"),
  remarks: z.array(z.string()).describe("how to read the numbers"),
  limits: z.array(z.string()),
  made: z.strictObject({
    command: z.string(),
    codeVersion: z.string(),
    date: z.string(),
    machine: z.string(),
    cost: z.strictObject({
      agents: z.int(),
      environmentSteps: z.number(),
      trainingSeconds: z.number(),
      measuringSeconds: z.number().describe("both summed over threads, whenever the runs were made"),
    }),
  }),
});

export type Card = z.infer<typeof cardSchema>;
export type CardEstimate = z.infer<typeof estimateSchema>;
export type CardRow = z.infer<typeof rowSchema>;
export type CardGroup = z.infer<typeof groupSchema>;
export type CardMeasure = z.infer<typeof measureSchema>;
