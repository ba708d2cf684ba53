// Jobs: what a lab computes. A job is plain data that says what is asked for, so its hash names it: asked for twice, it is done once. The engine
// is no part of it, though the last bits of a result depend on it: a record says which it was.

import { z } from "zod";
import { canonicalJson } from "../core/base/canonical-json.ts";
import { recipeSchema } from "../core/organisms/recipe.ts";
import { hashOf } from "../core/organisms/seal.ts";
import { sha256Schema } from "./artifact-store.ts";
import { snapshotCount } from "./snapshots.ts";

/** The key of a job: SHA-256 of its canonical JSON. */
export const jobKeySchema = sha256Schema;
export type JobKey = string;

/** A value per shift axis that is moved; the others stay as in training. */
export const axisPointSchema = z.record(z.string(), z.union([z.number(), z.string()]));

/** A package's version and a hash, such as `0.1.0+3fa9c1d20b`. */
const codeSchema = z.string().regex(/^[\w.+-]{1,64}$/, { error: "expected at most 64 letters, digits, and . _ + -" });

const seed = z.int().min(0);
const levels = z.int().min(1).max(100_000);

/** Trains one agent. */
const trainJobSchema = z.strictObject({
  kind: z.literal("train"),
  /** The organism that the recipe is of: what was trained is verified against it. Null for a recipe of the user's own. */
  organism: z.string().nullable(),
  recipe: recipeSchema,
  /** See `codeVersion`: another code may compute something else, so it is another job. */
  code: codeSchema,
});

/** Audits an agent that a train job made. */
const auditJobSchema = z.strictObject({
  kind: z.literal("audit"),
  /** Key of the train job. */
  run: jobKeySchema,
  /** The agent as it was in training: the place of a snapshot, see snapshots.ts. Left out: at the end. */
  snapshot: z
    .int()
    .min(0)
    .max(snapshotCount - 1)
    .exactOptional(),
  levels,
  seed,
  code: codeSchema,
});

/** Measures what an agent returns on levels shifted to each of `points`. */
const measureJobSchema = z.strictObject({
  kind: z.literal("measure"),
  run: jobKeySchema,
  points: z.array(axisPointSchema).min(1),
  /** At each point; an interval needs two. */
  levels: levels.min(2),
  seed,
  code: codeSchema,
});

export const jobSpecSchema = z.discriminatedUnion("kind", [trainJobSchema, auditJobSchema, measureJobSchema]);
export type JobSpec = z.infer<typeof jobSpecSchema>;
export type TrainJob = z.infer<typeof trainJobSchema>;
export type AuditJob = z.infer<typeof auditJobSchema>;
export type MeasureJob = z.infer<typeof measureJobSchema>;

export function jobKey(spec: JobSpec): JobKey {
  return hashOf(new TextEncoder().encode(textOfJob(spec)));
}

/** What the key of a job is the SHA-256 of, as UTF-8: its canonical JSON, for a platform that has a faster hash. Throws `invalid-data` for what is no JSON. */
export function textOfJob(spec: JobSpec): string {
  if (spec.kind !== "train") return canonicalJson(spec);
  return fieldsText(spec, (field) => (field === spec.recipe ? fieldsText(spec.recipe, partText) : canonicalJson(field)));
}

/** As `canonicalJson`, of an object whose fields somebody writes. */
function fieldsText(object: object, textOf: (field: unknown) => string): string {
  const fields = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(",")}}`;
}

// Jobs of a sweep share the parts of their recipes over all seeds: a part, which nobody changes, is written once.
const partTexts = new WeakMap<object, string>();

function partText(part: unknown): string {
  if (typeof part !== "object" || part === null) return canonicalJson(part);
  const text = partTexts.get(part) ?? canonicalJson(part);
  partTexts.set(part, text);
  return text;
}

/** The job that must be done before this one; null for none. */
export function prerequisiteOf(spec: JobSpec): JobKey | null {
  return spec.kind === "train" ? null : spec.run;
}

/**
 * `blocked`: its run is not trained yet. `queued`: a worker may take it. `held`: paused. `running`: a worker has it. The others are ends, but that
 * `failed` and `cancelled` can be retried.
 */
export const jobStates = ["blocked", "queued", "held", "running", "done", "failed", "cancelled"] as const;
export const jobStateSchema = z.enum(jobStates);
export type JobState = z.infer<typeof jobStateSchema>;

/** From 0 to 100; the higher is taken first, among equals the older. */
export const prioritySchema = z.int().min(0).max(100);
export const defaultPriority = 50;
