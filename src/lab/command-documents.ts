// What the commands of the lab print with --json, as documents with a schema.

import { z } from "zod";
import {
  curveRowSchema,
  groupSchema,
  jobRowSchema,
  labStatusSchema,
  priceSchema,
  sweepRowSchema,
  workerRowSchema,
} from "./api.ts";
import { comparisonSchema } from "./comparison.ts";
import { jobKeySchema, jobSpecSchema } from "./job.ts";
import { sweepNameSchema } from "./ledger.ts";
import { overTrainingSchema } from "./over-training.ts";
import { recordSchema } from "./record.ts";

const amount = z.strictObject({ count: z.int(), bytes: z.int() });

export const labMadeSchema = z.strictObject({ schema: z.literal("mesascope/lab-made@1"), folder: z.string() });

export const labStatusDocumentSchema = z.strictObject({
  schema: z.literal("mesascope/lab-status@1"),
  status: labStatusSchema,
  /** The process that has the lab open; null where it is the one that answers, or on another machine. */
  holder: z.strictObject({ processId: z.int(), command: z.string(), since: z.iso.datetime() }).nullable(),
  sweeps: z.array(sweepRowSchema),
  workers: z.array(workerRowSchema),
});

export const labVerificationSchema = z.strictObject({
  schema: z.literal("mesascope/lab-verification@1"),
  documents: z.int(),
  blobs: amount,
  unnamed: amount.describe("that no document names: see lab gc"),
  problems: z.array(
    z.strictObject({
      file: z.string(),
      kind: z.string(),
      what: z.string(),
      jobs: z.array(jobKeySchema).describe("whose results are hit"),
      advice: z.string(),
    }),
  ),
});

export const labRebuildSchema = z.strictObject({
  schema: z.literal("mesascope/lab-rebuild@1"),
  entries: z.int().describe("of the ledger"),
  records: z.int(),
  warnings: z.array(z.string()),
});

export const labCollectionSchema = z.strictObject({
  schema: z.literal("mesascope/lab-collection@1"),
  isDryRun: z.boolean(),
  removed: amount,
  named: amount,
  young: amount.describe("not named, but put lately"),
});

export const sweepPriceSchema = z.strictObject({
  schema: z.literal("mesascope/sweep-price@1"),
  lab: z.string().nullable().describe("null where there is none: all jobs are missing then"),
  price: priceSchema,
});

export const sweepDocumentSchema = z.strictObject({
  schema: z.literal("mesascope/sweep-state@1"),
  sweep: sweepRowSchema,
  added: z.int().describe("jobs that were new to the lab"),
  revived: z.int().describe("jobs that were cancelled or paused, and go on"),
});

export const sweepListSchema = z.strictObject({ schema: z.literal("mesascope/sweeps@1"), sweeps: z.array(sweepRowSchema) });

export const decisionDocumentSchema = z.strictObject({
  schema: z.literal("mesascope/decision@1"),
  action: z.string(),
  sweep: sweepNameSchema,
  affected: z.int().describe("jobs whose state or priority is another now"),
});

export const runsSchema = z.strictObject({
  schema: z.literal("mesascope/runs@1"),
  total: z.int().describe("that the filter matches"),
  rows: z.array(jobRowSchema),
});

export const runGroupsSchema = z.strictObject({ schema: z.literal("mesascope/run-groups@1"), groups: z.array(groupSchema) });

export const runSchema = z.strictObject({
  schema: z.literal("mesascope/run@1"),
  row: jobRowSchema,
  spec: jobSpecSchema,
  record: recordSchema.nullable(),
  curve: z.array(curveRowSchema),
  overTraining: z.array(overTrainingSchema).describe("audits of a run over its training, by their levels, seed and code"),
});

export const comparisonDocumentSchema = z.strictObject({
  schema: z.literal("mesascope/comparison@1"),
  comparison: comparisonSchema,
});

export const queryResultSchema = z.strictObject({
  schema: z.literal("mesascope/query@1"),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.json())),
  cut: z.string().nullable().describe("where there were more rows: a sentence that says so"),
});

export const servedSchema = z.strictObject({ schema: z.literal("mesascope/served@1"), address: z.string(), lab: z.string() });

export const workerDocumentSchema = z.strictObject({
  schema: z.literal("mesascope/worker@1"),
  worker: z.string(),
  code: z.string(),
  slots: z.int(),
});
