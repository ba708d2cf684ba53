// The API's procedures on a lab: each asks the lab and shapes the answer. What may be asked is in lab/api.ts.

import { ValidationError } from "@orpc/contract";
import { implement, ORPCError, withEventMeta } from "@orpc/server";
import { MesascopeError } from "../../core/base/errors.ts";
import { type JobRow, type LabEvent, labApi } from "../../lab/api.ts";
import { auditResultSchema } from "../../lab/audit-result.ts";
import { issuesText } from "../../lab/issues-text.ts";
import type { JobKey } from "../../lab/job.ts";
import { keptText, listKept } from "../lab/kept-results.ts";
import type { LabService } from "../lab/lab-service.ts";
import { readStoredAudit } from "../lab/stored-audit.ts";
import { packageVersion } from "../package-version.ts";
import { type EventCursor, followEvents, type StreamLimit } from "./event-stream.ts";

export interface LabContext {
  readonly service: LabService;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  /** Of streams of events; null for no limit. */
  readonly streams: StreamLimit | null;
}

const api = implement(labApi).$context<LabContext>();

/** What went wrong as an answer: the caller's mistake, or what the lab cannot do just now. Anything else is a bug, and told as such. */
const told = api.middleware(async ({ next }) => {
  try {
    return await next();
  } catch (caught) {
    const error = newerError(caught) ?? wrongInput(caught) ?? caught;
    if (!(error instanceof MesascopeError)) throw error;
    const { message, code } = error;
    const isCallers = code === "usage" || code === "invalid-data";
    throw new ORPCError(isCallers ? "BAD_REQUEST" : "UNAVAILABLE", {
      status: isCallers ? 400 : 503,
      message,
      data: { code },
      cause: error,
    });
  }
});

const lab = api.use(told);

/** The router of a server, and of a command that has the lab open itself. */
export const labRouter = lab.router({
  status: lab.status.handler(({ context }) => context.service.status()),
  jobs: {
    list: lab.jobs.list.handler(async ({ context, input }) => {
      const { rows, total } = await context.service.jobs(input);
      return { rows: [...rows], total };
    }),
    group: lab.jobs.group.handler(async ({ context, input }) => [...(await context.service.groups(input))]),
    get: lab.jobs.get.handler(async ({ context, input: { key } }) => {
      const found = (await context.service.lab.job(key)) ?? noSuchJob(key);
      return { ...found, row: { ...found.row, variant: await context.service.lab.variantOf(key) } };
    }),
    curve: lab.jobs.curve.handler(async ({ context, input }) => {
      if (!(await context.service.lab.job(input.key))) noSuchJob(input.key);
      const { key, after = -1 } = input;
      return (await context.service.lab.curve(key)).filter(({ environmentSteps }) => (environmentSteps ?? 0) > after);
    }),
    overTraining: lab.jobs.overTraining.handler(async ({ context, input: { key } }) => {
      const found = await context.service.lab.overTraining(key);
      if (found === null) throw notThere(`no run ${key} in this lab. "mesascope runs kind:train" lists those that are.`);
      return { ...found, places: [...found.places], audited: [...found.audited] };
    }),
    audit: lab.jobs.audit.handler(async ({ context, input: { key } }) => {
      const { row, spec, record } = (await context.service.lab.job(key)) ?? noSuchJob(key);
      if (spec.kind !== "audit") throw notThere(`the job ${key} is no audit, but of the kind "${spec.kind}".`);
      if (record === null) throw noRecord(row, "result");
      return auditResultSchema.parse(await readStoredAudit(context.service.lab.store, record));
    }),
    file: lab.jobs.file.handler(async ({ context, input: { key, name } }) => {
      const { row, record } = (await context.service.lab.job(key)) ?? noSuchJob(key);
      if (record === null) throw noRecord(row, "files");
      const ref = Object.hasOwn(record.files, name) ? record.files[name] : undefined;
      if (ref === undefined) {
        const known = Object.keys(record.files).join(", ") || "none";
        throw notThere(`the job ${key} left no file "${name}"; its files: ${known}.`);
      }
      // What it is found by is the hash in the record: the name leads nowhere by itself.
      const bytes = await context.service.lab.store.getBlob(ref);
      return new File([Uint8Array.from(bytes)], name, { type: "application/octet-stream" });
    }),
  },
  compare: lab.compare.handler(({ context, input }) => context.service.compare(input)),
  sweeps: {
    list: lab.sweeps.list.handler(async ({ context }) => [...(await context.service.lab.sweeps())]),
    price: lab.sweeps.price.handler(({ context, input }) => context.service.price(input.file)),
    accept: lab.sweeps.accept.handler(({ context, input }) => context.service.acceptFile(input.file)),
    acceptJobs: lab.sweeps.acceptJobs.handler(({ context, input }) => context.service.lab.accept(input)),
  },
  kept: {
    list: lab.kept.list.handler(async ({ context }) => [...(await listKept(context.service.lab.store))]),
    file: lab.kept.file.handler(async ({ context, input }) => {
      const text = await keptText(context.service.lab.store, input);
      if (text === null) throw notThere(`the lab keeps no ${input.file} of the ${input.kind} ${input.name}.`);
      return { text };
    }),
  },
  ledger: lab.ledger.handler(async ({ context }) => [...(await context.service.lab.entries())]),
  decide: lab.decide.handler(({ context, input }) => context.service.lab.decide(input)),
  workers: lab.workers.handler(async ({ context }) => [...(await context.service.lab.workers())]),
  events: lab.events.handler(async ({ context, input, lastEventId, signal }) => {
    const head = await context.service.lab.lastEvent();
    const after = lastEventId === undefined ? (input.after ?? head) : numberOf(lastEventId);
    if (after > head) throw new ORPCError("BAD_REQUEST", { message: beyondMessage(after, head) });
    const release = context.streams === null ? () => undefined : (context.streams.take() ?? tooMany(context.streams));
    const ended = signal ? AbortSignal.any([signal, context.closing]) : context.closing;
    // Also where the caller goes before the first event is asked for.
    ended.addEventListener("abort", release);
    if (ended.aborted) release();
    return released(eventsOf(context.service, { after, signal: ended, of: input }), release);
  }),
});

/** What a lab holds and this version cannot tell: an answer that does not follow the API. Null for another error. */
function newerError(error: unknown): MesascopeError | null {
  if (!(error instanceof ORPCError) || error.code !== "INTERNAL_SERVER_ERROR" || !(error.cause instanceof ValidationError))
    return null;
  const [issue] = error.cause.issues;
  const path = (issue?.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return new MesascopeError(
    "unsupported-version",
    `the lab holds what this version, ${packageVersion}, cannot tell (${path === "" ? "" : `${path}: `}${issue?.message ?? "unknown"}): ` +
      "a newer Mesascope wrote it. Update the one that has the lab open.",
    { cause: error.cause },
  );
}

/** What the contract refuses, in words: who calls without a client of ours reads the message alone. Null for another error. */
function wrongInput(error: unknown): Error | null {
  if (!(error instanceof ORPCError) || error.code !== "BAD_REQUEST" || !(error.cause instanceof ValidationError)) return null;
  const { data, cause } = error;
  const issues = issuesText(data);
  if (issues === null) return null;
  return new ORPCError("BAD_REQUEST", { message: `${issues}. The API is described at /openapi.json.`, data, cause });
}

/** Of a job that has no record, or none that is read. */
function noRecord({ key, kind, state }: JobRow, what: "result" | "files"): Error {
  const job = `the ${kind === "audit" ? "audit" : "job"} ${key}`;
  if (state !== "done") return notThere(`${job} is ${state}, not done: it has no ${what}.`);
  return new MesascopeError(
    "damaged-artifact",
    `${job} is done, and its record is missing, altered, or of a newer Mesascope: there is no ${what} to be had of it. Run "mesascope lab verify", or update Mesascope.`,
  );
}

interface About {
  readonly sweep?: string | undefined;
  readonly job?: JobKey | undefined;
}

async function* eventsOf(service: LabService, { of, ...cursor }: EventCursor & { readonly of: About }) {
  // A job that is one of a sweep's stays so.
  const known = new Set<JobKey>();
  const isOfSweep = async ({ sweep, job }: LabEvent, name: string): Promise<boolean> => {
    if (sweep === name) return true;
    if (job === null) return false;
    if (known.has(job)) return true;
    const isOf = await service.lab.isJobOf({ job, sweep: name });
    if (isOf) known.add(job);
    return isOf;
  };
  for await (const event of followEvents(service.lab, cursor)) {
    if (of.job !== undefined && event.job !== of.job) continue;
    if (of.sweep !== undefined && !(await isOfSweep(event, of.sweep))) continue;
    yield withEventMeta(event, { id: String(event.number) });
  }
}

async function* released<Item>(items: AsyncIterable<Item>, release: () => void): AsyncGenerator<Item, void, void> {
  try {
    yield* items;
  } finally {
    release();
  }
}

/** Numbers begin anew where a database was restored from a backup, or made anew. */
function beyondMessage(after: number, head: number): string {
  return (
    `the events after ${after} asked for, of which the last is ${head}: the lab's database was restored or made anew since that one was told. ` +
    "Read anew what there is (jobs, sweeps), and follow events from now on by asking without a number."
  );
}

function tooMany({ most }: StreamLimit): never {
  throw new ORPCError("UNAVAILABLE", {
    status: 503,
    message: `${most} streams of events are open, and no more at once. Close some, or ask again later.`,
  });
}

function numberOf(lastEventId: string): number {
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new ORPCError("BAD_REQUEST", { message: `Last-Event-ID "${lastEventId}" given; expected the number of an event.` });
}

function noSuchJob(key: JobKey): never {
  throw notThere(`no job ${key} in this lab. "mesascope runs" lists those that are.`);
}

function notThere(message: string): Error {
  return new ORPCError("NOT_FOUND", { message });
}
