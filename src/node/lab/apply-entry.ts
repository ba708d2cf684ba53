// One entry of the ledger into the index, whether it was just accepted, or is found again on opening or rebuilding.

import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import { type LedgerDocument, sweepJobsSchema } from "../../lab/ledger.ts";
import { parseJson } from "../../lab/parse-json.ts";
import type { AppliedEntry } from "./append-to-ledger.ts";
import type { LabTransaction } from "./database/lab-database.ts";
import { applyDecision } from "./index/apply-decision.ts";
import { applyFailure } from "./index/apply-end.ts";
import { applySweep } from "./index/apply-sweep.ts";
import { type GivenJob, givenJobs } from "./index/describe-jobs.ts";
import { decisionsChannel, type NewEvent, queueChannel } from "./index/events.ts";
import type { TicketQueue } from "./queue/ticket-queue.ts";

export interface EntryEffect {
  /** Jobs new to the lab, or in another state now. */
  readonly affected: number;
  /** Of those that a sweep brings, cancelled or paused before, and going on. */
  readonly revived: number;
}

export interface EntryToApply {
  readonly document: LedgerDocument;
  /** Null where tickets are issued afterwards, for all jobs at once. */
  readonly tickets: TicketQueue | null;
  /** Of a sweep; of the others none. */
  readonly jobs: readonly GivenJob[];
}

/** Throws `usage` where it names a sweep or a job that the lab does not have. */
export async function applyEntry(
  trx: LabTransaction,
  { document, tickets, jobs }: EntryToApply,
): Promise<AppliedEntry<EntryEffect>> {
  const { entry, number } = document;
  const at = new Date(document.at);
  const event = (kind: NewEvent["kind"], about: Partial<NewEvent>): NewEvent => ({
    at,
    kind,
    job: null,
    sweep: null,
    data: {},
    ...about,
  });
  switch (entry.kind) {
    case "sweep": {
      const { sweep, priority } = entry;
      const applied = await applySweep(trx, { sweep, priority, jobs, number, at });
      await tickets?.remove(trx, applied.void);
      await tickets?.send(trx, applied.tickets);
      const data = { jobs: jobs.length, added: applied.added, revived: applied.revived, priority };
      return {
        result: { affected: applied.added, revived: applied.revived },
        events: [event("sweep-accepted", { sweep, data })],
        notify: applied.tickets.length > 0 ? [queueChannel] : [],
      };
    }
    case "decision": {
      const { decision } = entry;
      const applied = await applyDecision(trx, decision);
      await tickets?.remove(trx, applied.void);
      await tickets?.send(trx, applied.tickets);
      const { target, ...data } = decision;
      const about =
        target.kind === "sweep" ? { sweep: target.sweep } : { job: target.jobs.length === 1 ? target.jobs[0]! : null };
      return {
        result: { affected: applied.affected, revived: 0 },
        events: [event("decided", { ...about, data: { ...data, affected: applied.affected } })],
        notify: [decisionsChannel, ...(applied.tickets.length > 0 ? [queueChannel] : [])],
      };
    }
    case "failure": {
      const { job, attempt, code, message } = entry;
      await applyFailure(trx, { failure: entry, at });
      return {
        result: { affected: 1, revived: 0 },
        events: [event("failed", { job, data: { attempt, code, message } })],
        notify: [],
      };
    }
    default:
      return entry satisfies never;
  }
}

/** The jobs of an entry, read from the store. Throws `damaged-artifact` where their blob is missing or altered. */
export async function jobsOfEntry(store: ArtifactStore, { entry, number }: LedgerDocument): Promise<readonly GivenJob[]> {
  if (entry.kind !== "sweep") return [];
  const bytes = await store.getBlob(entry.jobs);
  const refuse = (why: string) =>
    new MesascopeError(
      "damaged-artifact",
      `the jobs of entry ${number} of the ledger (${store.blobName(entry.jobs.sha256)}) are no jobs that this version knows: ` +
        `${why}. Update Mesascope, or restore the file from a backup.`,
    );
  const json = parseJson(new TextDecoder().decode(bytes), (why) => refuse(`they are ${why}`));
  const parsed = sweepJobsSchema.safeParse(json);
  if (parsed.success) return await givenJobs(parsed.data);
  throw refuse(parsed.error.issues[0]?.message ?? "unknown");
}
