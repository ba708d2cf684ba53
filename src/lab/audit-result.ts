// What an audit found, as an audit job keeps it and a report is drawn from.

import { z } from "zod";
import { verdictDocumentSchema } from "../core/audit/verdict-document.ts";

const posteriorPointSchema = z.strictObject({ episodes: z.number(), posterior: z.record(z.string(), z.number()) });
const shiftSchema = z.strictObject({
  label: z.string(),
  levels: z.number(),
  baseReturn: z.number(),
  baseLow: z.number(),
  baseHigh: z.number(),
  oracleReturn: z.number(),
  randomReturn: z.number(),
  features: z.record(z.string(), z.number()),
  goalFirst: z.number().nullable(),
});

/** The verdict document, returns under shift, and how belief moved as evidence came in; see `AuditResult`. */
export const auditResultSchema = z.strictObject({
  document: verdictDocumentSchema,
  shifts: z.array(shiftSchema).readonly(),
  traces: z.array(z.strictObject({ context: z.string(), points: z.array(posteriorPointSchema).readonly() })).readonly(),
});
