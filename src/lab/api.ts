// The API of a lab: what can be asked of it, in types and as OpenAPI. The server implements it, the command line and the browser call it.

import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { auditResultSchema } from "./audit-result.ts";
import { comparisonSchema } from "./comparison.ts";
import { jobKeySchema, jobSpecSchema, jobStateSchema, prioritySchema } from "./job.ts";
import { type GroupField, groupFields, isGroupField, sortFields } from "./job-fields.ts";
import { keptFileSchema, keptKinds, keptNameSchema, keptResultSchema } from "./kept.ts";
import { decisionSchema, entryNameSchema, sweepNameSchema } from "./ledger.ts";
import { overTrainingSchema } from "./over-training.ts";
import { outcomeSchema, recordSchema } from "./record.ts";

const instant = z.iso.datetime();
const nullableNumber = z.number().nullable();
const mostRows = 1000;

/** How far a running job is. */
export const jobProgressSchema = z.strictObject({
  /** 0 to 1. */
  share: z.number(),
  secondsLeft: nullableNumber,
  environmentSteps: nullableNumber,
  /** Of the last measurement. */
  trainingReturn: nullableNumber,
  oracleShare: nullableNumber,
  /** Of an audit, such as "solving levels". */
  stage: z.string().nullable(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** A job as a table shows it. */
export const jobRowSchema = z.strictObject({
  key: jobKeySchema,
  kind: z.enum(["train", "audit", "measure"]),
  code: z.string(),
  state: jobStateSchema,
  priority: prioritySchema,
  attempt: z.int().min(0).describe("how often it was taken"),
  run: jobKeySchema.nullable().describe("key of the train job that it is about; null for a train job"),
  name: z.string().describe("of the run: its organism, or the objective that it is rewarded for"),
  organism: z.string().nullable(),
  world: z.string(),
  network: z.string(),
  optimizer: z.string(),
  seed: z.int(),
  variant: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe(
      "fields of the recipe, by their paths, in which jobs of the lab with the same name, world, network and optimizer differ: this one and those of the six oldest and the six newest configurations; null for a field that this one does not have",
    ),
  sweeps: z.array(sweepNameSchema),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  worker: z.string().nullable(),
  progress: jobProgressSchema.nullable(),
  silentFor: nullableNumber.describe(
    "seconds since its worker told of it last, by the database's clock, when this was answered; null for a job that does not run, and where it is not known",
  ),
  outcome: outcomeSchema.nullable(),
  seconds: nullableNumber.describe("of computation"),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});
export type JobRow = z.infer<typeof jobRowSchema>;

const stateCounts = z.record(jobStateSchema, z.int().min(0));

export const sweepRowSchema = z.strictObject({
  name: sweepNameSchema,
  priority: prioritySchema,
  acceptedAt: instant,
  counts: stateCounts,
  stuck: z
    .int()
    .min(0)
    .describe("blocked jobs whose run failed, was cancelled or is paused: they wait until somebody decides about that"),
  secondsLeft: nullableNumber.describe(
    "of the whole sweep with the workers that are there, as far as kinds of jobs are known; null where nothing is known, and without workers",
  ),
  unpriced: z
    .int()
    .min(0)
    .describe("jobs to do of kinds of which nothing is known yet: secondsLeft, which leaves them out, is the least it takes"),
});
export type SweepRow = z.infer<typeof sweepRowSchema>;

export const workerRowSchema = z.strictObject({
  name: z.string(),
  host: z.string(),
  code: z.string(),
  slots: z.int(),
  running: z.array(jobKeySchema),
  startedAt: instant,
  heartbeatAt: instant,
  /** What keeps it from taking jobs; null for nothing. */
  trouble: z.string().nullable(),
});
export type WorkerRow = z.infer<typeof workerRowSchema>;

/** Which jobs, in what order. `filter` is an expression as docs/lab.md tells. */
export const jobQuerySchema = z.strictObject({
  filter: z.string().max(4000).default(""),
  sort: z.enum(sortFields).default("created"),
  descending: z.boolean().default(false),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(mostRows).default(100),
});
export type JobQuery = z.input<typeof jobQuerySchema>;

const groupFieldSchema = z
  .string()
  .refine((text): text is GroupField => isGroupField(text), { error: `expected one of ${groupFields.join(", ")}, config.PATH` })
  .describe(`${groupFields.join(", ")}, or config.PATH for a field of the recipe, such as config.optimizer.learningRate`);

export const groupSchema = z.strictObject({
  values: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe("a value per field grouped by; null where jobs have none. A list in a recipe is its JSON, such as [64,64]"),
  jobs: z.int(),
  counts: stateCounts,
  /** Of the base return at the end of training, over done train jobs of the group; 95% t intervals, null below two. */
  trainingReturn: z.strictObject({ mean: z.number(), low: nullableNumber, high: nullableNumber, n: z.int() }).nullable(),
  oracleShare: z.strictObject({ mean: z.number(), low: nullableNumber, high: nullableNumber, n: z.int() }).nullable(),
});
export type JobGroup = z.infer<typeof groupSchema>;

/** Something that happened. `number` goes up by one from event to event, in the order in which they became true. */
export const labEventSchema = z.strictObject({
  number: z.int().min(1),
  at: instant,
  kind: z.enum([
    "sweep-accepted",
    "decided",
    "started",
    "progress",
    "done",
    "failed",
    "returned",
    "worker-joined",
    "worker-left",
  ]),
  job: jobKeySchema.nullable(),
  sweep: sweepNameSchema.nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type LabEvent = z.infer<typeof labEventSchema>;

/** A row of a training curve. */
export const curveRowSchema = z.record(z.string(), nullableNumber);

const acceptedSchema = z.strictObject({
  sweep: sweepNameSchema,
  jobs: z.int().describe("of the sweep in all"),
  added: z.int().describe("new to the lab"),
  revived: z.int().describe("cancelled or paused by what was decided before, and going on now"),
  done: z.int().describe("finished before"),
});
export type Accepted = z.infer<typeof acceptedSchema>;

export const priceSchema = z.strictObject({
  sweep: sweepNameSchema,
  jobs: z.int(),
  /** Left to be done. The rest is of these. */
  missing: z.int(),
  runs: z.int(),
  audits: z.int(),
  measurements: z.int(),
  environmentSteps: z.number(),
  coreSeconds: z.number().describe("of one core, by a try of each kind of job where the lab is open"),
  bytes: z.number().describe("that stay when all is done"),
  runsByLikeness: z.int().describe("runs whose kind was not tried: the slowest of like ones stands for them"),
});
export type SweepPrice = z.infer<typeof priceSchema>;

export const labStatusSchema = z.strictObject({
  id: z.string(),
  store: z.string(),
  database: z.enum(["pglite", "postgres"]),
  code: z.string(),
  counts: stateCounts,
  /** Queued jobs that only workers of another code version take. */
  waitingForOtherCode: z.record(z.string(), z.int()),
  workers: z.int(),
  lastEvent: z.int().min(0),
  kept: z
    .record(z.enum(keptKinds), z.int().min(0))
    .nullable()
    .describe("documents of cards and leagues that the lab keeps; null where its files cannot be reached just now"),
});
export type LabStatus = z.infer<typeof labStatusSchema>;

const base = oc.errors({
  NOT_FOUND: { message: "there is no such thing in this lab" },
  BAD_REQUEST: { message: "what was given does not follow the contract" },
  UNAVAILABLE: { status: 503, message: "the lab cannot be reached or written just now" },
});

const jobPath = z.strictObject({ key: jobKeySchema });

/** Paths are below `apiPrefix`. */
export const labApi = {
  status: base
    .route({ method: "GET", path: "/status", summary: "What this lab is, and what it does just now" })
    .output(labStatusSchema),
  jobs: {
    list: base
      .route({ method: "GET", path: "/jobs", summary: "Jobs by a filter, sorted, page by page" })
      .input(jobQuerySchema)
      .output(z.strictObject({ rows: z.array(jobRowSchema), total: z.int() })),
    group: base
      .route({ method: "GET", path: "/jobs/groups", summary: "Jobs by a filter, grouped, with means over seeds" })
      .input(
        z.strictObject({
          filter: z.string().max(4000).default(""),
          by: z.union([z.array(groupFieldSchema).min(1).max(4), groupFieldSchema.transform((field) => [field])], {
            error: `expected one to four of ${groupFields.join(", ")}, config.PATH`,
          }),
        }),
      )
      .output(z.array(groupSchema)),
    get: base
      .route({ method: "GET", path: "/jobs/{key}", summary: "One job with what it computes, and its record when it is done" })
      .input(jobPath)
      .output(z.strictObject({ row: jobRowSchema, spec: jobSpecSchema, record: recordSchema.nullable() })),
    curve: base
      .route({ method: "GET", path: "/jobs/{key}/curve", summary: "The training curve so far" })
      .input(jobPath.extend({ after: z.number().min(0).optional().describe("environment steps: only points after these") }))
      .output(z.array(curveRowSchema)),
    overTraining: base
      .route({
        method: "GET",
        path: "/jobs/{key}/over-training",
        summary: "Audits of a run over its training, by their levels, seed and code, and how many snapshots were kept of it",
      })
      .input(jobPath)
      .output(
        z.strictObject({
          snapshots: z.int().min(0).nullable().describe("that were kept; null while the run is not done"),
          places: z
            .array(z.int().min(0))
            .describe("of the snapshots that audits over training are of; none while the run is not done"),
          audited: z.array(overTrainingSchema),
        }),
      ),
    audit: base
      .route({
        method: "GET",
        path: "/jobs/{key}/audit",
        summary: "What an audit found, and what a report draws of it; NOT_FOUND for a job that is no audit, or not done",
      })
      .input(jobPath)
      .output(auditResultSchema),
    file: base
      .route({
        method: "GET",
        path: "/jobs/{key}/files/{name}",
        summary:
          "A file that a done job left, such as policy.onnx, its bytes as they are; NOT_FOUND for a name that its record does not have",
      })
      .input(jobPath.extend({ name: z.string().max(100).describe("as the record of the job names it") }))
      .output(z.file()),
  },
  compare: base
    .route({ method: "GET", path: "/compare", summary: "Finished runs beside each other: what differs, and means over seeds" })
    .input(
      z.strictObject({
        filter: z.string().max(4000).default("").describe("a run counts where it, or an audit or measurement of it, is meant"),
        baseline: jobKeySchema.optional().describe("key of a run; left out: the first"),
      }),
    )
    .output(comparisonSchema),
  sweeps: {
    list: base.route({ method: "GET", path: "/sweeps", summary: "All sweeps" }).output(z.array(sweepRowSchema)),
    price: base
      .route({ method: "POST", path: "/sweeps/price", summary: "What a sweep file would cost, and how much of it is done" })
      .input(z.strictObject({ file: z.unknown() }))
      .output(priceSchema),
    accept: base
      .route({ method: "POST", path: "/sweeps", summary: "Accept a sweep: once it is answered, it survives power loss" })
      .input(z.strictObject({ file: z.unknown().describe("a sweep file as JSON (mesascope schema sweep)") }))
      .output(acceptedSchema),
    acceptJobs: base
      .route({ method: "POST", path: "/sweeps/jobs", summary: "Accept jobs as they are, under the name of a sweep" })
      .input(
        z.strictObject({ sweep: sweepNameSchema, priority: prioritySchema, jobs: z.array(jobSpecSchema).min(1).max(10_000) }),
      )
      .output(acceptedSchema),
  },
  kept: {
    list: base
      .route({ method: "GET", path: "/kept", summary: "Cards and leagues that the lab keeps, the newest first, and their files" })
      .output(z.array(keptResultSchema)),
    file: base
      .route({ method: "GET", path: "/kept/{kind}/{name}/{file}", summary: "A file of text that was kept with a card or league" })
      .input(z.strictObject({ kind: z.enum(keptKinds), name: keptNameSchema, file: keptFileSchema }))
      .output(z.strictObject({ text: z.string() })),
  },
  ledger: base
    .route({
      method: "GET",
      path: "/ledger",
      summary: "Which entries of the ledger the index holds: each should have a document",
    })
    .output(z.array(entryNameSchema)),
  decide: base
    .route({ method: "POST", path: "/decisions", summary: "Pause, resume, cancel, retry or prioritize" })
    .input(decisionSchema)
    .output(z.strictObject({ affected: z.int() })),
  workers: base
    .route({ method: "GET", path: "/workers", summary: "Workers that gave a sign of life lately" })
    .output(z.array(workerRowSchema)),
  events: base
    .route({
      method: "GET",
      path: "/events",
      summary: "What happens, as server-sent events; Last-Event-ID resumes without gap or duplicate",
    })
    .input(
      z.strictObject({
        after: z.coerce
          .number()
          .int()
          .min(0)
          .optional()
          .describe("number of the last event that was seen; default: only new ones"),
        sweep: sweepNameSchema.optional(),
        job: jobKeySchema.optional(),
      }),
    )
    .output(eventIterator(labEventSchema)),
} as const;
