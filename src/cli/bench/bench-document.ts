// The document of a benchmark run: figures with their goals, and the machine they were measured on.

import { z } from "zod";

export const benchSchemaId = "mesascope/bench@1";

const figureSchema = z.strictObject({
  name: z.string(),
  value: z
    .number()
    .nullable()
    .describe("null when it was not reached at all, e.g. a time to a level that some seed never got to"),
  low: z.number().nullable(),
  high: z.number().nullable(),
  unit: z.string(),
  goal: z.strictObject({ comparison: z.enum(["at-least", "at-most"]), reach: z.number(), aim: z.number() }).nullable(),
  met: z.boolean().nullable().describe("whether value reaches goal.reach; null without a goal, and where the figure was skipped"),
  note: z.string().nullable().describe("what else was seen"),
  skipped: z.string().nullable().describe("why it could not be measured here; null where it was"),
  command: z.string().describe("measures this figure again"),
});

/** `mesascope bench --list --json`. */
export const figuresSchema = z.strictObject({
  schema: z.literal("mesascope/figures@1"),
  figures: z.array(
    z.strictObject({ ...figureSchema.pick({ name: true, unit: true, goal: true }).shape, definition: z.string() }),
  ),
});

export const benchDocumentSchema = z.strictObject({
  schema: z.literal(benchSchemaId),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int(),
    memoryGib: z.number(),
    node: z.string(),
    platform: z.string(),
  }),
  figures: z.array(figureSchema),
});

export type BenchFigure = z.infer<typeof figureSchema>;
export type BenchDocument = z.infer<typeof benchDocumentSchema>;
