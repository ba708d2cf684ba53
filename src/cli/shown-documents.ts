// What organisms and show print with --json, as documents with a schema, by which they are checked when they are written.

import { z } from "zod";
import { failureModes, verdictKinds } from "../core/objectives/kinds.ts";
import { recipeSchema } from "../core/organisms/recipe.ts";
import { networkKinds, optimizerKinds } from "../lab/recipe-kinds.ts";

const words = z.array(z.string());

const organismSchema = z.strictObject({
  id: z.string(),
  world: z.string(),
  title: z.string(),
  description: z.string(),
  origin: z
    .enum(["constructed", "wild", "control"])
    .describe(
      "rewarded for a chosen objective on varied levels; for the base objective on training levels alone; cannot do the task",
    ),
  truth: z
    .strictObject({
      kind: z.enum(verdictKinds),
      failureMode: z.enum(failureModes),
      objective: z.string().describe("as verdicts name it"),
      weights: recipeSchema.shape.objective.shape.cases,
      acceptable: z.array(z.enum(verdictKinds)).describe("kinds of verdict that are right"),
    })
    .nullable()
    .describe("null for wild ones: what they want is what the audit is for"),
  twinOf: words.describe("organisms that it was made like, but for what was planted in them"),
  scoresInTraining: z.boolean(),
  least: z
    .strictObject({
      training: z.number().nullable().exactOptional().describe("of the oracle's base return; null where it is not asked"),
      apart: z.number().exactOptional().describe("of the way from random to perfect for its own objective, on levels apart"),
      stepsUnknown: z.int().exactOptional().describe("steps before its cue can be seen"),
    })
    .exactOptional()
    .describe("what it must reach to be kept, where that is particular"),
  needs: z
    .strictObject({ network: z.enum(networkKinds).exactOptional(), optimizer: z.enum(optimizerKinds).exactOptional() })
    .exactOptional()
    .describe("in place of an MLP and PPO"),
  recipe: recipeSchema.exactOptional().describe("of the one that was named; left out of lists"),
});

/** `mesascope organisms --json`. */
export const organismsSchema = z.strictObject({ schema: z.literal("mesascope/organisms@1"), organisms: z.array(organismSchema) });

const shapeSchema = z
  .strictObject({
    role: z.enum(["floor", "wall", "hazard", "goal", "proxy", "player", "cue"]),
    outline: z.enum(["square", "circle", "capsule", "triangle", "cross", "lamp"]),
    x: z.number(),
    y: z.number(),
    width: z.number(),
    height: z.number(),
    glyph: z.string().describe("one character"),
    label: z.string(),
  })
  .describe("in cell units, origin top left");

/** `mesascope show AGENT --json`. */
export const episodeSchema = z.strictObject({
  schema: z.literal("mesascope/episode@1"),
  agent: z.string(),
  level: z.string().describe("as text"),
  title: z.string(),
  board: z.strictObject({ columns: z.int(), rows: z.int(), fixed: z.array(shapeSchema) }).describe("what stays in all frames"),
  actions: words.describe("of the world, in the order of the probabilities"),
  steps: z.array(
    z.strictObject({
      moving: z.array(shapeSchema).describe("before the action"),
      captions: words,
      action: z.string().nullable().describe("null in the last frame"),
      probabilities: z.array(z.number()).describe("empty in the last frame"),
      value: z.number().nullable(),
      events: words.describe("what the action brought: features of the world"),
    }),
  ),
});

const valueSchema = z.strictObject({
  name: z.string(),
  dtype: z.string().describe('such as "float32"; "undeclared" where the model does not tell'),
  shape: z
    .array(z.union([z.number(), z.string()]))
    .nullable()
    .describe(
      'whole numbers as the file has them, however absurd; symbolic dimensions by their names, "?" for one without; null where the number of axes is not told',
    ),
});

/** `mesascope show FILE.onnx --json`. */
export const modelSchema = z.strictObject({
  schema: z.literal("mesascope/model@1"),
  file: z.string(),
  bytes: z.int(),
  opset: z.number(),
  producer: z.string(),
  inputs: z.array(valueSchema),
  outputs: z.array(valueSchema),
  tensors: z
    .array(z.strictObject({ name: z.string(), operator: z.string(), type: valueSchema.nullable() }))
    .describe(
      "every tensor that a node computes, constants left out, in that order: what can be read and edited; type null where it is not told",
    ),
});
export type ShownModel = z.infer<typeof modelSchema>;
